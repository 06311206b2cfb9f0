import { pollAsUsual, pollEvery } from '../polling.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const unit = 'bench-thrifty.service';
const modest = '/run/bench-thrifty';
const settings = `[Service]
MemoryHigh=24M
ExecStart=/bin/sh -c "test -e ${modest} && exec sleep infinity; tail /dev/zero & exec tail /dev/zero"
`;

export const scenario: Scenario = {
    title: 'a service stands still at its limit of memory',
    by: 'provoked',
    needs: 'machine',
    // As many as there are processors: beyond MemoryHigh= the kernel lets them wait, and counts that as want of memory
    // (mem_cgroup_handle_over_high() in mm/memcontrol.c).
    files: { [`/etc/systemd/system/${unit}`]: settings },
    prepare: pollEvery(5),
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    patience: 60_000,
    expect: { family: 'memory', subject: unit, cause: /memory limit of 25 MB/, fix: 'unit.restart' },
    repair: async desktop => {
        await desktop.exec(['touch', modest]);
    },
    clear: async desktop => {
        await pollAsUsual(desktop);
        await stopUnits(desktop, unit);
        await desktop.exec(['rm', '--force', modest]);
    },
};
