import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const unit = 'bench-hungry.service';
const failing = failedService('bench-hungry', 'ExecStart=/bin/sleep infinity', {
    cause: /memory/,
    fix: 'unit.restart',
});

/** What systemd-oomd does: it marks the control group (oomd_cgroup_kill() in src/oom/oomd-util.c), then kills what is in it. */
const script = `
group=/sys/fs/cgroup$(systemctl show --value --property ControlGroup ${unit})
python3 -c 'import os, sys; [os.setxattr(sys.argv[1], "user.oomd_" + name, b"1") for name in ("ooms", "kill")]' "$group"
xargs kill -KILL <"$group/cgroup.procs"
until systemctl is-failed --quiet ${unit}; do sleep 0.05; done
`;

export const scenario: Scenario = {
    title: 'systemd-oomd ends a service',
    ...failing,
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', script]);
    },
};
