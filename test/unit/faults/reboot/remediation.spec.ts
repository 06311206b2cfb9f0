import { faultyComputer, incidentOf, minute, now } from '../../../support/faultyComputer.ts';

describe('A restart that is needed', () => {
    const computer = faultyComputer();

    it('waits for a restart of the computer, or for the sign to be taken away', async () => {
        const needed = incidentOf('reboot', 'needed', { subject: 'system' });
        computer.write('run/reboot-required', '*** System restart required ***\n');
        computer.write('proc/stat', `btime ${(now - 60 * minute) / 1_000_000}\n`);
        expect(await computer.isGone(needed, 60 * minute)).toBeFalse();
        computer.remove('run/reboot-required');
        expect(await computer.isGone(needed, 60 * minute)).toBeTrue();
        computer.write('run/reboot-required', '*** System restart required ***\n');
        computer.write('proc/stat', `btime ${(now + 5 * minute) / 1_000_000}\n`);
        expect(await computer.isGone(needed, 6 * minute)).toBeTrue();
    });
});
