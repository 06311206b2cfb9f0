import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const place = '/srv/bench-inodes';
const unit = 'bench-inodes.service';

export const scenario: Scenario = {
    title: 'a filesystem has no inodes left',
    by: 'provoked',
    files: {
        [`/etc/systemd/system/${unit}`]: `[Service]\nType=oneshot\nExecStart=/bin/sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do touch ${place}/$$i || exit 1; done"\n`,
    },
    prepare: async desktop => {
        await desktop.exec([
            'sh',
            '-c',
            'mkdir -p "$1" && mount -t tmpfs -o size=2M,nr_inodes=8 tmpfs "$1"',
            'sh',
            place,
        ]);
    },
    provoke: desktop => failUnit(desktop, unit),
    expect: { family: 'unit', subject: unit, cause: /inode|no (?:more )?files/i },
    repair: async desktop => {
        await desktop.exec(['mount', '-o', 'remount,nr_inodes=100', place]);
    },
    clear: async desktop => {
        await stopUnits(desktop, unit);
        await desktop.exec(['sh', '-c', 'umount "$1" && rmdir "$1"', 'sh', place]);
    },
};
