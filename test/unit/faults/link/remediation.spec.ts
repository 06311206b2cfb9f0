import { faultyComputer, incidentOf } from '../../../support/faultyComputer.ts';

describe('A link', () => {
    const computer = faultyComputer();

    it('checks the link itself', async () => {
        const down = incidentOf('link', 'down');
        computer.write('sys/class/net/eth0/carrier', '0\n');
        expect(await computer.isGone(down)).toBeFalse();
        computer.write('sys/class/net/eth0/carrier', '1\n');
        expect(await computer.isGone(down)).toBeTrue();
    });

    it('gives a fix some seconds to take effect', async () => {
        const down = incidentOf('link', 'down');
        computer.write('sys/class/net/eth0/carrier', '0\n');
        const isFixed = computer.isGone(down, 0, { afterFix: true });
        // The first look is over before this: it reads a file, and there is a longer way to the next.
        setImmediate(() => {
            computer.write('sys/class/net/eth0/carrier', '1\n');
        });
        expect(await isFixed).toBeTrue();
    });
});
