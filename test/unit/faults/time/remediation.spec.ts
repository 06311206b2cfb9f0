import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { faultyComputer, fixesFor, incidentOf, minute, timedated } from '../../../support/faultyComputer.ts';

describe('A wrong clock', () => {
    const computer = faultyComputer();

    it('checks the clock, and offers to have it set', async () => {
        const key = 'org.freedesktop.timedate1 /org/freedesktop/timedate1';
        const wrong = incidentOf('time', 'not-synchronised');
        computer.replies[key] = { ...timedated, NTP: false, CanNTP: true, NTPSynchronized: false };
        expect(await computer.isGone(wrong)).toBeFalse();
        const [fix] = fixesFor(wrong);
        const actions = computer.actions;
        const proposed = { action: fix?.action ?? '', parameters: {}, explanation: '' };
        const plan = await actions.plan(proposed, new AbortController().signal);
        expect(plan.steps.map(({ command }) => command)).toEqual(['timedatectl set-ntp true']);
        expect(plan.undo?.steps.map(({ command }) => command)).toEqual(['timedatectl set-ntp false']);
        // A wrong clock is reported only once. If network time is off, there is nothing more to wait for.
        expect(await computer.isGone(wrong, 3 * 24 * 60 * minute)).toBeTrue();
        computer.replies[key] = { ...timedated, NTP: true, CanNTP: true, NTPSynchronized: false };
        expect(await computer.isGone(wrong, 30 * 24 * 60 * minute)).toBeFalse();
        computer.replies[key] = { ...timedated, NTP: true, CanNTP: true, NTPSynchronized: true };
        expect(await computer.isGone(wrong)).toBeTrue();
        await expectAsync(actions.plan(proposed, new AbortController().signal)).toBeRejected();
    });

    it('offers to have the hardware clock read in the other way, and sees that it is', async () => {
        const key = 'org.freedesktop.timedate1 /org/freedesktop/timedate1';
        const { signal } = new AbortController();
        const actions = computer.actions;
        for (const [local, command] of [
            ['no', 'timedatectl set-local-rtc true'],
            ['yes', 'timedatectl set-local-rtc false'],
        ] as const) {
            const wrong = incidentOf('time', 'zone', { subject: 'hardware clock', facts: { local } });
            computer.replies[key] = { ...timedated, LocalRTC: local === 'yes', NTPSynchronized: true };
            expect(await computer.isGone(wrong)).toBeFalse();
            const commands: string[] = [];
            for (const { action, parameters } of fixesFor(wrong)) {
                const proposed = { action, parameters: parameters(wrong) ?? {}, explanation: '' };
                const plan = await actions.plan(proposed, signal).catch(() => null);
                commands.push(...(plan?.steps.map(step => step.command) ?? []));
            }
            expect(commands).toEqual([command]);
            computer.replies[key] = { ...timedated, LocalRTC: local === 'no', NTPSynchronized: true };
            expect(await computer.isGone(wrong, 0, { afterFix: true })).toBeTrue();
        }
        // What it is set from may be wrong itself.
        computer.replies[key] = { ...timedated, LocalRTC: false, NTPSynchronized: false };
        const proposed = { action: 'clock.hardware', parameters: { local: true }, explanation: '' };
        await expectAsync(actions.plan(proposed, signal)).toBeRejected();
    });

    it('offers the present name of a time zone that is not there, and checks whether it is set', async () => {
        const key = 'org.freedesktop.timedate1 /org/freedesktop/timedate1';
        const facts = { zone: 'US/Pacific', successor: 'America/Los_Angeles' };
        const missing = incidentOf('time', 'zone-missing', { subject: 'US/Pacific', facts });
        computer.write('usr/share/zoneinfo/America/Los_Angeles', 'TZif2');
        mkdirSync(join(computer.root, 'etc'));
        symlinkSync('/usr/share/zoneinfo/US/Pacific', join(computer.root, 'etc/localtime'));
        expect(await computer.isGone(missing)).toBeFalse();
        // As timedated calls what it does not find.
        computer.replies[key] = { ...timedated, Timezone: '' };
        const [fix] = fixesFor(missing);
        const proposed = { action: fix?.action ?? '', parameters: fix?.parameters(missing) ?? {}, explanation: '' };
        const actions = computer.actions;
        const { signal } = new AbortController();
        const plan = await actions.plan(proposed, signal);
        expect(plan.steps.map(({ command }) => command)).toEqual(['timedatectl set-timezone America/Los_Angeles']);
        expect(plan.undo).toBeNull();
        computer.replies[key] = { ...timedated, Timezone: 'Europe/Berlin' };
        expect((await actions.plan(proposed, signal)).undo?.steps.map(({ command }) => command)).toEqual([
            'timedatectl set-timezone Europe/Berlin',
        ]);
        for (const zone of ['America/Nowhere', '../../etc/passwd', '--help']) {
            const parameters = { zone };
            await expectAsync(actions.plan({ ...proposed, parameters }, signal)).toBeRejected();
        }
        computer.remove('etc/localtime');
        symlinkSync('/usr/share/zoneinfo/America/Los_Angeles', join(computer.root, 'etc/localtime'));
        expect(await computer.isGone(missing, 0, { afterFix: true })).toBeTrue();
    });
});
