import { divided, partsAsked, several } from '../../../service/actions/several.ts';
import { passwordsOf } from '../../../service/actions/joinedCalls.ts';
import { dividedForRoot, isForRoot } from '../../../service/execution/rootPlan.ts';
import type { SinglePlan, Step } from '../../../service/model/proposal.ts';

const step = (name: string, bus: 'system' | 'session'): Step => ({
    description: name,
    command: name,
    call: { bus, destination: 'd', path: '/', interface: 'i', member: name, signature: '', arguments: [] },
});

/** @param names of its steps */
function part(action: string, names: readonly string[], more: Partial<SinglePlan> = {}): SinglePlan {
    const isRoot = more.authentication ?? false;
    const bus = isRoot ? 'system' : 'session';
    return {
        action,
        parameters: { of: action },
        title: `Do ${action}`,
        explanation: '',
        steps: names.map(name => step(name, bus)),
        risk: 'low',
        riskText: 'Nothing is lost.',
        undo: {
            text: `Undoes ${action}`,
            steps: names.map((name, index) => ({ ...step(`un${name}`, bus), undoes: index })).toReversed(),
        },
        authentication: isRoot,
        preconditions: { [action]: 'as it is' },
        ...more,
    };
}

const mute = part('sound.volume', ['mute']);
const unit = part('unit.stop', ['stop', 'stop2'], { authentication: true, risk: 'medium', riskText: 'It stops.' });
const clock = part('clock.zone', ['zone'], { authentication: true });
const names = (steps: readonly Step[]) => steps.map(({ description }) => description);

describe('Several changes in one plan', () => {
    it('are made in order and undone the last one first, at the risk of the riskiest', () => {
        const plan = several([mute, unit, clock]);
        expect(names(plan.steps)).toEqual(['mute', 'stop', 'stop2', 'zone']);
        expect(plan.undo?.steps.map(({ description, undoes }) => [description, undoes])).toEqual([
            ['unzone', 3],
            ['unstop2', 2],
            ['unstop', 1],
            ['unmute', 0],
        ]);
        expect(plan.title).toBe('Do sound.volume; Do unit.stop; Do clock.zone');
        expect(plan.undo?.text).toBe('Takes the changes back, the last one first');
        expect([plan.risk, plan.riskText]).toEqual(['medium', 'Nothing is lost. It stops.']);
        expect(plan.authentication).toBeTrue();
        expect(plan.preconditions).toEqual({
            'sound.volume': 'as it is',
            'unit.stop': 'as it is',
            'clock.zone': 'as it is',
        });
    });

    it('say which of them cannot be undone, and want the names of what may be lost', () => {
        const lost = part('trash.empty', ['empty'], { undo: null, risk: 'high', subject: 'Trash' });
        const plan = several([lost, mute]);
        expect(plan.undo?.text).toBe('Takes the changes back, the last one first. “Do trash.empty” cannot be undone');
        expect(plan.undo?.steps.map(({ undoes }) => undoes)).toEqual([1]);
        expect([plan.risk, plan.subject]).toEqual(['high', 'Trash']);
        expect(several([lost, { ...lost, action: 'b', subject: 'Cache' }])).toEqual(
            jasmine.objectContaining({ undo: null, subject: 'Trash, Cache' }),
        );
    });

    it('only open something when all of them do', () => {
        const open = part('application.open', ['open'], { undo: null, isOpening: true, riskText: 'You decide there.' });
        expect(several([open, { ...open, action: 'b' }])).toEqual(
            jasmine.objectContaining({ isOpening: true, undo: null, riskText: 'You decide there.' }),
        );
        const mixed = several([mute, open]);
        expect([mixed.isOpening, mixed.riskText]).toEqual([undefined, 'Nothing is lost.']);
        // What was opened is no change that stays.
        expect(mixed.undo?.text).toBe('Takes the changes back, the last one first');
    });

    it('are divided into what root makes and what others make, in both directions', () => {
        const plan = several([unit, clock, mute]);
        const divide = (kind: 'apply' | 'undo', steps: readonly Step[]) =>
            dividedForRoot({ plan, kind, steps }).map(change => [isForRoot(change.plan), names(change.steps)]);
        expect(divide('apply', plan.steps)).toEqual([
            [true, ['stop', 'stop2', 'zone']],
            [false, ['mute']],
        ]);
        // Each is a plan that root can work out by itself.
        const [first] = dividedForRoot({ plan, kind: 'apply', steps: plan.steps });
        expect(first?.plan).toEqual(several([unit, clock]));
        expect(divide('undo', plan.undo?.steps ?? [])).toEqual([
            [false, ['unmute']],
            [true, ['unzone', 'unstop2', 'unstop']],
        ]);
        expect(divide('undo', plan.undo?.steps.slice(2) ?? [])).toEqual([[true, ['unstop2', 'unstop']]]);
        expect(divide('undo', [])).toEqual([]);
        expect(dividedForRoot({ plan: unit, kind: 'undo', steps: [] }))
            .withContext('nothing is left to undo, so nobody is asked to')
            .toEqual([]);
        const change = { plan: several([unit, clock]), kind: 'apply' as const, steps: unit.steps };
        expect(divided(change, () => true)).toEqual([change]);
    });

    it('ask for a password only for those of them that need one', () => {
        const free = { ...part('radio.switch', ['radio']), steps: [step('radio', 'system')] };
        const plan = several([free, unit]);
        expect(passwordsOf({ plan, kind: 'apply', steps: plan.steps })).toBe(2);
        expect(passwordsOf({ plan: free, kind: 'apply', steps: free.steps })).toBe(0);
    });

    it('are at least two, and contain none of their kind', () => {
        const asked = (parameters: Record<string, unknown>) => partsAsked({ action: 'several', parameters });
        const one = { action: 'trash.empty', parameters: {} };
        expect(asked({ parts: [one, one] })).toEqual([one, one]);
        expect(partsAsked(one)).toEqual([one]);
        for (const parameters of [
            {},
            { parts: [one] },
            { parts: [one, { action: 'several', parameters: { parts: [one, one] } }] },
            { parts: Array<unknown>(9).fill(one) },
        ])
            expect(() => asked(parameters)).toThrow(jasmine.objectContaining({ code: 'InvalidArgument' }));
    });
});
