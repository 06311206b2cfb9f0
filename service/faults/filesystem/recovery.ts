import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { listNames, readText } from '../../machine/machine.ts';
import { parseMounts } from '../../machine/storage/filesystems.ts';

/**
 * Names that the kernel gives to partitions and disks. For any other subject, such as a filesystem that the log did not name or
 * a pool of ZFS, a missing device proves nothing.
 */
const kernelName = /^(?:(?:sd|hd|vd|xvd)[a-z]|(?:nvme|mmcblk|md|loop|sr|zram|nbd|bcache)\d)/;

/** Whether the filesystem mounted from the incident's device is writable. */
export const isWritable: RecoveryCheck = {
    about: 'the filesystem on the device is writable, or the device is gone',
    async check({ incident, machine }) {
        const text = await readText(machine, '/proc/self/mountinfo', 1_048_576);
        const name = incident.subject.replace(/^\/dev\//, '');
        const device = `/dev/${name}`;
        const mounts = parseMounts(text ?? '').filter(({ source }) => source === device);
        const [first] = mounts;
        if (first === undefined) {
            if (!kernelName.test(name)) return unknown();
            const devices = await listNames(machine, '/sys/class/block');
            return devices.length === 0 || devices.includes(name)
                ? { gone: false, detail: _('{device} is not mounted', { device }) }
                : { gone: true, detail: _('{name} no longer exists', { name }) };
        }
        return mounts.some(({ readOnly }) => readOnly)
            ? { gone: false, detail: _('{path} is read-only', { path: first.path }) }
            : { gone: true, detail: _('{path} is writable again', { path: first.path }) };
    },
};
