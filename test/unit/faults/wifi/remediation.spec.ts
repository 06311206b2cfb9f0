import { faultyComputer, incidentOf } from '../../../support/faultyComputer.ts';

describe('A radio', () => {
    const computer = faultyComputer();

    it('checks the radio itself', async () => {
        const off = incidentOf('wifi', 'radio-off', { subject: 'Wi-Fi' });
        computer.write('sys/class/rfkill/rfkill0/type', 'wlan\n');
        computer.write('sys/class/rfkill/rfkill0/name', 'phy0\n');
        computer.write('sys/class/rfkill/rfkill0/soft', '1\n');
        computer.write('sys/class/rfkill/rfkill0/hard', '0\n');
        expect(await computer.isGone(off, 0, { afterFix: true })).toBeFalse();
        computer.write('sys/class/rfkill/rfkill0/soft', '0\n');
        expect(await computer.isGone(off, 0, { afterFix: true })).toBeTrue();
    });

    it('turns on a radio that was turned off, but not by a switch', async () => {
        const actions = computer.actions;
        const plan = () =>
            actions.plan(
                { action: 'radio.unblock', parameters: { radio: 'wlan' }, explanation: '' },
                new AbortController().signal,
            );
        computer.write('sys/class/rfkill/rfkill0/type', 'wlan\n');
        computer.write('sys/class/rfkill/rfkill0/name', 'phy0\n');
        computer.write('sys/class/rfkill/rfkill0/soft', '1\n');
        computer.write('sys/class/rfkill/rfkill0/hard', '1\n');
        await expectAsync(plan()).toBeRejectedWithError(/is not turned off/);
    });
});
