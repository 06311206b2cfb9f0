import { mountDisk, removeDisk } from '../disk.ts';
import type { Scenario } from '../scenario.ts';

/** The kernel acts as if it had found an error (trigger_test_error() in fs/ext4/sysfs.c). */
const script = 'for trigger in /sys/fs/ext4/loop*/trigger_fs_error; do echo bench >"$trigger"; done';

export const scenario: Scenario = {
    title: 'the kernel finds an error in a filesystem (ext4)',
    by: 'provoked',
    needs: 'machine',
    prepare: desktop => mountDisk(desktop, 'errors=remount-ro'),
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', script]);
    },
    expect: { family: 'filesystem', subject: /loop/, cause: /./ },
    clear: removeDisk,
};
