import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { faultyComputer, incidentOf, minute, now } from '../../../support/faultyComputer.ts';

describe('A start that stopped', () => {
    const computer = faultyComputer();

    it('takes a start that was stopped for well once everything that a start needs is mounted', async () => {
        const stopped = incidentOf('mount', 'emergency', { subject: 'emergency mode' });
        const mounted = (...paths: string[]) => {
            computer.write(
                'proc/self/mountinfo',
                paths.map((path, index) => `2${index} 1 8:1 / ${path} rw - ext4 /dev/sda1 rw\n`).join(''),
            );
        };
        computer.write('proc/stat', `btime ${(now + minute) / 1_000_000}\n`);
        mounted('/');
        // Without the table all that can be told is that it was started since.
        expect(await computer.isGone(stopped)).toBeTrue();
        computer.write(
            'etc/fstab',
            `# what is mounted
UUID=1 / ext4 defaults 0 1
UUID=2 none swap sw 0 0
UUID=3 /srv/my\\040files/ ext4 defaults 0 2
UUID=4 /media/disk ext4 nofail 0 2
nas:/home /home/shared nfs defaults 0 0
`,
        );
        expect(await computer.isGone(stopped)).toBeFalse();
        mounted('/', '/srv/my\\040files');
        expect(await computer.isGone(stopped)).toBeTrue();
        // A link on the way, which the one that mounts has followed.
        computer.write('etc/fstab', 'UUID=1 / ext4 defaults 0 1\nUUID=3 /data ext4 defaults 0 2\n');
        expect(await computer.isGone(stopped)).toBeFalse();
        mkdirSync(join(computer.root, 'srv/data'), { recursive: true });
        symlinkSync('srv/data', join(computer.root, 'data'));
        mounted('/', '/srv/data');
        expect(await computer.isGone(stopped)).toBeTrue();
    });
});
