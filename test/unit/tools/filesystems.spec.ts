import { chooseMounts, parseMounts, readFilesystems, usedShare } from '../../../service/tools/filesystems.ts';
import { readText } from '../../../service/tools/machine.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';

const machine = recordedMachine();

/** As on a computer with two disks: proc_pid_mountinfo(5) has the fields. */
const computer = `
22 1 0:20 / /proc rw,nosuid - proc proc rw
30 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
31 30 8:1 / /boot/efi rw - vfat /dev/sda1 rw
32 30 0:30 /@home /home rw - btrfs /dev/sdb1 rw
33 30 0:30 /@home/backup /srv/back\\040up rw - btrfs /dev/sdb1 rw
34 30 8:2 /var/lib/docker /mnt/bind rw - ext4 /dev/sda2 rw
35 30 7:0 / /snap/core/1 ro - squashfs /dev/loop0 ro
36 30 0:50 / /media/nas rw - nfs4 nas:/export rw
37 30 0:51 / /run/user/1000/doc rw - fuse.portal portal rw
38 30 0:52 / /tmp rw - tmpfs tmpfs rw
39 30 8:17 / /media/alice/USB\\040STICK ro - exfat /dev/sdc1 ro
`;

describe('Mounts', () => {
    it('are chosen so that each disk counts once, and nothing that is not on a disk', () => {
        const { local } = chooseMounts(parseMounts(computer));
        expect(local.map(({ path }) => path)).toEqual(['/', '/boot/efi', '/home', '/media/alice/USB STICK']);
        expect(local.at(-1)?.readOnly).toBeTrue();
    });

    it('of servers are told apart: they are never asked', () => {
        expect(chooseMounts(parseMounts(computer)).remote.map(({ path }) => path)).toEqual(['/media/nas']);
    });

    it('of a container come down to its root', async () => {
        const text = (await readText(machine, '/proc/self/mountinfo')) ?? '';
        expect(chooseMounts(parseMounts(text)).local.map(({ path, type }) => [path, type])).toEqual([['/', 'overlay']]);
    });

    it('that make no sense are passed over', () => {
        expect(parseMounts('what is this\n\n - \n').filter(({ path }) => path !== '')).toEqual([]);
    });
});

describe('Filesystems', () => {
    it('are measured as df does', () => {
        expect(usedShare({ used: 60, available: 20 })).toBe(0.75);
        expect(usedShare({ used: 0, available: 0 })).toBe(1);
    });

    it('of this machine have sizes that add up', async () => {
        const read = await readFilesystems({ ...machine, root: '/' });
        const root = read?.filesystems.find(({ path }) => path === '/');
        expect(root?.size).toBeGreaterThan(0);
        expect((root?.used ?? 0) + (root?.available ?? 0)).toBeLessThanOrEqual(root?.size ?? 0);
        expect(root?.evidence.origin).toBe('statfs /');
    });
});
