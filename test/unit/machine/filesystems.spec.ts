import {
    chooseMounts,
    isShort,
    parseMounts,
    readFilesystems,
    readSpace,
    usedShare,
} from '../../../service/machine/storage/filesystems.ts';
import { readText } from '../../../service/machine/machine.ts';
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

    it('are short of space below a twentieth of what they hold, and below two gigabytes', () => {
        const gigabyte = 1024 ** 3;
        const disk = { size: 1000 * gigabyte, readOnly: false };
        expect(isShort({ ...disk, available: 2.1 * gigabyte })).toBeFalse();
        expect(isShort({ ...disk, available: 2.1 * gigabyte }, 1.1)).toBeTrue();
        expect(isShort({ ...disk, available: 1.9 * gigabyte })).toBeTrue();
        expect(isShort({ size: gigabyte, readOnly: false, available: 0.06 * gigabyte })).toBeFalse();
        expect(isShort({ size: gigabyte, readOnly: false, available: 0.04 * gigabyte })).toBeTrue();
    });

    it('are not short of space when nothing is to be written there', () => {
        expect(isShort({ size: 2 ** 30, readOnly: true, available: 0 })).toBeFalse();
        expect(isShort({ size: 2 ** 20, readOnly: false, available: 0 })).toBeFalse();
    });

    it('in memory count where programs save something', async () => {
        const paths = (await readSpace({ ...machine, root: '/' })).map(({ path }) => path);
        expect(paths).toContain('/');
        expect(paths.filter(path => /^\/(?:sys|proc|media)/.test(path))).toEqual([]);
    });
});
