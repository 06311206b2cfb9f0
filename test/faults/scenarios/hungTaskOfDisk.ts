import { mountDisk, mountPoint, removeDisk } from '../disk.ts';
import type { Scenario } from '../scenario.ts';

/** A write to a filesystem that is frozen (fsfreeze(8)) waits in the kernel for as long as that is. */
const script = `
echo 3 >/proc/sys/kernel/hung_task_timeout_secs
fsfreeze --freeze ${mountPoint}
touch ${mountPoint}/bench >/dev/null 2>&1 &
until dmesg | grep -q 'task touch:.* blocked for more than'; do sleep 0.5; done
`;

export const scenario: Scenario = {
    title: 'a program waits for a disk and does not come back',
    by: 'provoked',
    needs: 'machine',
    prepare: desktop => mountDisk(desktop, 'rw'),
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', script]);
    },
    expect: { family: 'runaway', subject: 'touch', cause: /waiting for a disk/ },
    clear: async desktop => {
        await desktop.exec(['fsfreeze', '--unfreeze', mountPoint], { mayFail: true });
        await desktop.exec(['sh', '-c', 'echo 120 >/proc/sys/kernel/hung_task_timeout_secs']);
        await removeDisk(desktop);
    },
};
