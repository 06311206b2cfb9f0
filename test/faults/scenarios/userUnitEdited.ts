import { alice } from '../../desktop/container.ts';
import type { Scenario } from '../scenario.ts';

const unit = 'bench-easel.service';
const path = `${alice.home}/.config/systemd/user/${unit}`;
const good = '[Service]\nExecStart=/bin/sleep infinity\n';
const settled = `until systemctl --user is-failed --quiet ${unit}; do sleep 0.1; done`;

export const scenario: Scenario = {
    title: 'an edit of a unit file of the user breaks the service',
    by: 'provoked',
    files: { [path]: good },
    prepare: async desktop => {
        await desktop.user(['systemctl', '--user', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.user(['sed', '--in-place', 's/infinity/--forever/', path]);
        await desktop.user(['systemctl', '--user', 'daemon-reload']);
        await desktop.user(['sh', '-c', `systemctl --user restart ${unit}; ${settled}`]);
    },
    expect: {
        family: 'unit',
        subject: unit,
        cause: /bench-easel\.service was edited .* before/,
        fix: 'file.revert',
        changes: /bench-easel/,
    },
    clear: async desktop => {
        await desktop.writeFile(path, good);
        await desktop.user(['systemctl', '--user', 'daemon-reload']);
        await desktop.user(['systemctl', '--user', 'stop', unit], { mayFail: true });
        await desktop.user(['systemctl', '--user', 'reset-failed', unit], { mayFail: true });
    },
};
