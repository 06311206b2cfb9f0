import { brokenRule } from '../../../service/actions/planRules.ts';
import { programStep, shownWord } from '../../../service/actions/programStep.ts';
import { unitStep } from '../../../service/actions/units/unitPlan.ts';
import type { BusValue, Plan, Step } from '../../../service/model/proposal.ts';

const path = '/etc/example.conf';
const fact = { path, before: 'a'.repeat(64), after: 'b'.repeat(64) };
const remove = (of: 'user' | 'system' = 'system'): Step => ({
    description: 'Delete',
    file: fact,
    ...programStep(of, ['rm', '--', path]),
});

describe('What every plan keeps to', () => {
    const plan = (change: Partial<Plan> = {}): Plan => ({
        action: 'file.revert',
        parameters: {},
        title: 'Delete example.conf',
        explanation: '',
        steps: [remove()],
        risk: 'medium',
        riskText: 'It is gone.',
        undo: null,
        authentication: true,
        preconditions: {},
        ...change,
    });
    const broken = (change: Partial<Plan>, isWished = false) => brokenRule(plan(change), { isWished });
    const mode = (bits: string, before = '0644'): Step => ({
        description: 'Set the mode',
        permissions: { path, before: `0:0 ${before}`, after: `0:0 ${bits}` },
        ...programStep('system', ['chmod', '--', bits, path]),
    });
    const restart = unitStep('RestartUnit', { scope: 'system', name: 'a.service' });

    it('is kept by an ordinary plan, with an undo and in Arabic', () => {
        const undo = { ...remove(), file: { path, before: fact.after, after: fact.before } };
        expect(broken({ undo: { text: 'Restores it', steps: [undo] } })).toBeNull();
        expect(broken({ title: 'احذف \u2068example.conf\u2069' })).toBeNull();
        expect(broken({ steps: [mode('0640')] })).toBeNull();
        expect(broken({ steps: [remove(), restart] })).toBeNull();
    });

    it('is no step', () => {
        expect(broken({ steps: [] })).toBe('does not have the form of a plan');
    });

    for (const [what, hidden] of Object.entries({ terminal: '\u001b[31m', direction: '\u202e', line: '\n' })) {
        it(`are texts without characters for the ${what}`, () => {
            const rule = 'shows characters that change how a text is drawn';
            expect(broken({ title: `a${hidden}b` })).toBe(rule);
            expect(broken({ steps: [{ ...remove(), description: `a${hidden}b` }] })).toBe(rule);
            if (hidden !== '\n') expect(broken({ steps: [{ ...remove(), diff: `+\ta${hidden}b\n` }] })).toBe(rule);
            expect(broken({ undo: { text: `a${hidden}b`, steps: [remove()] } })).toBe(rule);
        });
    }

    it('are calls and programs of its sort, where only root can put programs', () => {
        const rule = 'calls or runs what actions of its sort do not';
        expect(broken({ action: 'unit.restart' })).toBe(rule);
        expect(broken({ action: 'constructor.x' })).toBe(rule);
        expect(broken({ steps: [{ description: 'x', ...programStep('system', ['bash', '-c', 'id']) }] })).toBe(rule);
        const call = structuredClone(remove().call);
        expect(broken({ steps: [{ ...remove(), call: { ...call, member: 'PowerOff' } }] })).toBe(rule);
        const elsewhere = JSON.parse(JSON.stringify(remove()).replaceAll('/usr/bin/rm', '/home/x/rm')) as Step;
        expect(broken({ steps: [elsewhere] })).toBe(rule);
    });

    it('are units that run their programs, and nothing beside them', () => {
        const rule = 'sets up its unit as no step does';
        const step = remove();
        const [name = '', mode = '', properties = [], others = []] = step.call.arguments;
        const having = (...all: BusValue[]) => ({ ...step, call: { ...step.call, arguments: [name, mode, ...all] } });
        const own = properties as [string, { signature: string; value: BusValue }][];
        const programs = own.find(([of]) => of === 'ExecStartEx')?.[1] ?? { signature: '', value: '' };
        expect(broken({ steps: [having(own, others)] })).toBeNull();
        expect(broken({ steps: [having([...own, ['ExecStartPre', programs]], others)] })).toBe(rule);
        expect(broken({ steps: [having([['ExecStartEx', programs], ...own], others)] })).toBe(rule);
        expect(broken({ steps: [having(own, [['b.service', own]])] })).toBe(rule);
        const expanded = JSON.parse(JSON.stringify(own).replace('no-env-expand', 'privileged')) as BusValue;
        expect(broken({ steps: [having(expanded, others)] })).toBe(rule);
    });

    it('are programs that are shown, each with all of its arguments', () => {
        const rule = 'runs what it does not show';
        expect(broken({ steps: [{ ...remove(), command: 'systemd-run rm -- /etc/other' }] })).toBe(rule);
        const more = programStep('system', ['rm', '--', path], { after: [['rm', '--', '/etc/other']] });
        expect(broken({ steps: [{ ...remove(), call: more.call }] })).toBe(rule);
        const hidden = { ...more, commands: (more.commands ?? []).slice(0, 1) };
        expect(broken({ steps: [{ ...remove(), ...hidden }] })).toBe(rule);
        const last = [
            ['rm', '--', '/etc/one; two'],
            ['rm', '--', '/etc/three'],
        ] as const;
        const cleaning = { ...remove(), ...programStep('system', ['rm', '--', path], { last }) };
        expect(broken({ steps: [cleaning] })).toBeNull();
        expect(broken({ steps: [{ ...cleaning, cleanup: cleaning.cleanup?.replace(/; systemd-run .*$/, '') }] })).toBe(
            rule,
        );
    });

    it('are files that it opens to nobody', () => {
        const rule = 'opens a file to others';
        expect(broken({ steps: [mode('0646')] })).toBe(rule);
        expect(broken({ steps: [mode('4755', '0755')] })).toBe(rule);
        const other = { ...mode('0640'), call: mode('0666').call, command: mode('0666').command };
        expect(broken({ steps: [other] })).toBe(rule);
        expect(broken({ steps: [mode('0646', '0666')] })).toBeNull();
        const made = programStep('system', ['install', '--mode=0666', '--', '/dev/stdin', path]);
        expect(broken({ steps: [{ description: 'Create', ...made }] })).toBe(rule);
    });

    it('is an undo of what it did', () => {
        const rule = 'has an undo that is not the inverse of its steps';
        const undo = (step: Step, undoes = 0) => ({ undo: { text: 'Back', steps: [{ ...step, undoes }] } });
        expect(broken(undo(remove()))).toBe(rule);
        const back = { ...remove(), file: { path, before: fact.after, after: fact.before } };
        expect(broken(undo({ ...back, file: { ...back.file, path: '/etc/passwd' } }))).toBe(rule);
        expect(broken(undo(back, 1))).toBe(rule);
        expect(broken(undo(unitStep('StopUnit', { scope: 'system', name: 'b.service' })))).toBe(rule);
    });

    it('is to say when a password is needed', () => {
        expect(broken({ authentication: false })).toBe('changes the system without saying that a password is needed');
        expect(broken({ authentication: false, steps: [remove('user')] })).toBeNull();
    });

    it('is a word for what can lose data, where people can ask for it', () => {
        expect(broken({ risk: 'high' }, true)).toMatch(/^can lose data/);
        expect(broken({ risk: 'high', subject: 'Trash' }, true)).toBeNull();
        expect(broken({ risk: 'high' })).toBeNull();
    });
});

describe('A word of a command that is shown', () => {
    for (const [word, shown] of [
        ['/etc/ssh/sshd_config', '/etc/ssh/sshd_config'],
        ["it's", String.raw`'it'\''s'`],
        ['a\u202eb', String.raw`$'a\U0000202Eb'`],
        ["a\\'\n\u200b", String.raw`$'a\\\'\n\U0000200B'`],
    ] as const)
        it(`is ${shown}`, () => {
            expect(shownWord(word)).toBe(shown);
        });
});
