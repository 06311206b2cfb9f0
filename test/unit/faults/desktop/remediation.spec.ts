import { faultyComputer, fixesFor, incidentOf } from '../../../support/faultyComputer.ts';

describe('An extension of the Shell', () => {
    const computer = faultyComputer();

    it('checks the extension, and offers to turn it off', async () => {
        const broken = incidentOf('desktop', 'extension', { subject: 'clock@example.org' });
        const key = 'org.gnome.Shell /org/gnome/Shell ListExtensions';
        computer.replies[key] = [{ 'clock@example.org': { state: 3, enabled: true } }];
        expect(await computer.isGone(broken)).toBeFalse();
        const actions = computer.actions;
        const fix = { action: 'extension.disable', parameters: { uuid: broken.subject }, explanation: '' };
        const plan = await actions.plan(fix, new AbortController().signal);
        expect(plan.steps.map(({ command }) => command)).toEqual(['gnome-extensions disable clock@example.org']);
        expect(plan.undo?.steps.map(({ command }) => command)).toEqual(['gnome-extensions enable clock@example.org']);
        computer.replies[key] = [{ 'clock@example.org': { state: 1, enabled: true } }];
        expect(await computer.isGone(broken)).toBeTrue();
        // As GNOME Shell 50 reports it after that: it broke, and is off.
        computer.replies[key] = [{ 'clock@example.org': { state: 3, enabled: false } }];
        expect(await computer.isGone(broken)).toBeTrue();
        await expectAsync(actions.plan(fix, new AbortController().signal)).toBeRejected();
    });

    it('does not offer to turn off what is not the name of an extension', () => {
        const [fix] = fixesFor(incidentOf('desktop', 'extension'));
        expect(fix?.parameters(incidentOf('desktop', 'extension', { subject: 'caffeine' }))).toBeNull();
        expect(fix?.parameters(incidentOf('desktop', 'extension', { subject: 'clock@example.org' }))).not.toBeNull();
    });
});
