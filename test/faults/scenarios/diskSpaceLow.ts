import type { Scenario } from '../scenario.ts';

const place = '/srv/bench-small';
const change = '/etc/bench-small';

export const scenario: Scenario = {
    title: 'a filesystem fills up',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', 'mkdir -p "$1" && mount -t tmpfs -o size=8M tmpfs "$1"', 'sh', place]);
    },
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', 'dd if=/dev/zero of="$1/data" bs=1M count=20 2>/dev/null; sync', 'sh', place], {
            mayFail: true,
        });
        // The kernel tells nobody: Reeve polls once something was changed, otherwise within a quarter of an hour.
        await desktop.exec(['touch', change]);
    },
    // What Reeve could delete is not there.
    expect: { family: 'disk-space', subject: place, cause: /left/, isChecked: true },
    repair: async desktop => {
        await desktop.exec(['rm', `${place}/data`]);
    },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'umount "$1" && rmdir "$1"; rm -f "$2"', 'sh', place, change]);
    },
};
