import { faultyComputer, incidentOf } from '../../../support/faultyComputer.ts';

describe('A filesystem', () => {
    const computer = faultyComputer();

    it('takes a filesystem for well once it can be written, or what it was on was taken out', async () => {
        const stick = incidentOf('filesystem', 'read-only', { subject: 'sdb1' });
        const mounted = (options: string) => {
            computer.write(
                'proc/self/mountinfo',
                `25 1 8:17 / /media/stick ${options},relatime - ext4 /dev/sdb1 ${options}\n`,
            );
        };
        computer.write('sys/class/block/sda1/dev', '8:1\n');
        computer.write('sys/class/block/sdb1/dev', '8:17\n');
        mounted('ro');
        expect(await computer.isGone(stick)).toBeFalse();
        mounted('rw');
        expect(await computer.isGone(stick)).toBeTrue();
        computer.write('proc/self/mountinfo', '');
        expect(await computer.isGone(stick)).toBeFalse();
        computer.remove('sys/class/block/sdb1');
        expect(await computer.isGone(stick)).toBeTrue();
    });

    it('takes no filesystem for gone because there is no device by the name of its incident', async () => {
        computer.write('sys/class/block/sda1/dev', '8:1\n');
        computer.write('proc/self/mountinfo', '25 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n');
        for (const subject of ['filesystem', 'tank', 'vg0-root', 'dm-0'])
            expect(await computer.isGone(incidentOf('filesystem', 'read-only', { subject })))
                .withContext(subject)
                .toBeFalse();
    });
});
