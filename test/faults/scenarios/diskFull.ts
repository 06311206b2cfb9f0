import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const place = '/srv/bench-full';
const unit = 'bench-full.service';

export const scenario: Scenario = {
    title: 'a disk is full',
    by: 'provoked',
    files: {
        [`/etc/systemd/system/${unit}`]: `[Service]\nType=oneshot\nExecStart=/bin/dd if=/dev/zero of=${place}/data bs=64k count=64\n`,
    },
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', 'mkdir -p "$1" && mount -t tmpfs -o size=2M tmpfs "$1"', 'sh', place]);
    },
    provoke: desktop => failUnit(desktop, unit),
    expect: { family: 'unit', subject: unit, cause: /disk .* is full/ },
    repair: async desktop => {
        await desktop.exec(['mount', '-o', 'remount,size=20M', place]);
    },
    clear: async desktop => {
        await stopUnits(desktop, unit);
        await desktop.exec(['sh', '-c', 'umount "$1" && rmdir "$1"', 'sh', place]);
    },
};
