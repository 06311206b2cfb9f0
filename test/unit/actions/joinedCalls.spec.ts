import { joinCalls, passwordsFor, stepsDone } from '../../../service/actions/joinedCalls.ts';
import { programStep } from '../../../service/actions/programStep.ts';
import { reloadStep, unitStep } from '../../../service/actions/units/unitPlan.ts';
import type { BusValue, Step } from '../../../service/model/proposal.ts';

describe('The calls of a plan', () => {
    const start = (name: string, scope: 'system' | 'user' = 'system') => unitStep('StartUnit', { scope, name });
    const program = (scope: 'system' | 'user', text = ''): Step => ({
        description: 'Write it',
        ...programStep(scope, ['tee', '--', '/tmp/x'], {
            ...(text !== '' && { input: { bytes: Buffer.from(text), path: '/tmp/y' } }),
            before: [['cmp', '--', '/tmp/x', '/tmp/z']],
            last: [['rm', '--force', '--', '/tmp/x.tmp']],
        }),
    });
    const asked = { authentication: true };
    const properties = ([joined]: ReturnType<typeof joinCalls>) =>
        new Map(joined?.call.arguments[2] as [string, { value: unknown }][]);

    it('are made of what has the form of a property, whatever else somebody has put there', () => {
        const { call, ...step } = program('system');
        const [name = '', mode = '', own = []] = call.arguments;
        const changed = [...(own as BusValue[]), 7, 'a', ['ExecStopPostEx', 7], [7, { signature: 's', value: 'a' }]];
        const strange = { ...step, call: { ...call, arguments: [name, mode, changed, []] } };
        const [joined] = joinCalls([strange, start('a.service')]);
        const given = new Map(joined?.call.arguments[2] as [string, { value: unknown }][]);
        expect((given.get('ExecStartEx')?.value as unknown[]).length).toBe(3);
        expect([...given.keys()].every(key => typeof key === 'string')).toBeTrue();
    });

    it('are one for all that root does in a row, with each program as it would have run alone', () => {
        const steps = [program('system', 'Port 22\n'), reloadStep('system'), start('-.mount'), start('a.service')];
        const joined = joinCalls(steps);
        expect(joined.map(({ steps: each }) => each)).toEqual([[...steps] as [Step, ...Step[]]]);
        const given = properties(joined);
        const argvs = (given.get('ExecStartEx')?.value as [string, string[]][]).map(([, argv]) => argv.join(' '));
        expect(argvs).toEqual([
            jasmine.stringMatching(/\/cmp -- \/tmp\/x \/tmp\/z$/),
            jasmine.stringMatching(/\/tee -- \/tmp\/x$/),
            jasmine.stringMatching(/\/systemctl daemon-reload$/),
            jasmine.stringMatching(/\/systemctl start -- -\.mount$/),
            jasmine.stringMatching(/\/systemctl start -- a\.service$/),
        ]);
        expect(given.get('StandardInputData')?.value).toEqual({ base64: Buffer.from('Port 22\n').toString('base64') });
        expect((given.get('ExecStopPostEx')?.value as unknown[]).length).toBe(1);
        expect(joinCalls(steps)).withContext('the same each time').toEqual(joined);
        expect(passwordsFor(steps, asked)).toBe(1);
        const [call] = joined;
        if (call === undefined) throw new Error('there is no call');
        expect([0, 1, 2, 3, 4, 5].map(succeeded => stepsDone(call, succeeded))).toEqual([0, 0, 1, 2, 3, 4]);
    });

    it('are as many as there are passwords where one will not do', () => {
        expect(passwordsFor([program('system', 'a'), program('system', 'b')], asked)).toBe(2);
        expect(passwordsFor([program('system'), program('user'), start('a.service')], asked)).toBe(2);
        expect(passwordsFor([program('user', 'a'), start('a.service', 'user')], asked)).toBe(0);
        expect(passwordsFor([start('a.service')], { authentication: false })).toBe(0);
    });

    it('are two where one unit cannot be set up for both', () => {
        const limited = (seconds: number): Step => {
            const step = program('system');
            const [unit, mode, given, more] = step.call.arguments as [string, string, BusValue[], BusValue];
            const limit: BusValue = ['RuntimeMaxUSec', { signature: 't', value: seconds }];
            return { ...step, call: { ...step.call, arguments: [unit, mode, [...given, limit], more] } };
        };
        expect(joinCalls([limited(5), limited(5), start('a.service')]).length).toBe(1);
        expect(joinCalls([limited(5), limited(9), start('a.service')]).map(({ steps }) => steps.length)).toEqual([
            1, 2,
        ]);
    });

    it('are the step’s own where there is one, or where it is the user’s', () => {
        const own = [reloadStep('user'), start('a.service', 'user')];
        expect(joinCalls(own).map(({ call }) => call.member)).toEqual(['Reload', 'StartUnit']);
        expect(joinCalls([start('a.service')])[0]?.call.member).toBe('StartUnit');
    });
});
