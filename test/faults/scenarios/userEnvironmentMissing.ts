import { alice } from '../../desktop/container.ts';
import type { Scenario } from '../scenario.ts';

const unit = 'bench-notes.service';
const path = `${alice.home}/.config/systemd/user/bench-notes.env`;
const settled = `until systemctl --user is-failed --quiet ${unit}; do sleep 0.1; done`;

export const scenario: Scenario = {
    title: 'the file with the environment of a service of the user is renamed',
    by: 'provoked',
    files: {
        [`${alice.home}/.config/systemd/user/${unit}`]: `[Service]\nEnvironmentFile=${path}\nExecStart=/bin/sleep infinity\n`,
        [path]: 'GEARS=3\n',
    },
    prepare: async desktop => {
        await desktop.user(['systemctl', '--user', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.user(['mv', path, `${path}.old`]);
        await desktop.user(['sh', '-c', `systemctl --user restart ${unit} || ${settled}`]);
    },
    expect: {
        family: 'unit',
        subject: unit,
        cause: /bench-notes\.env was renamed .* before/,
        fix: 'file.revert',
        changes: /bench-notes/,
    },
    clear: async desktop => {
        await desktop.user(['mv', '--force', `${path}.old`, path]);
        await desktop.user(['systemctl', '--user', 'stop', unit], { mayFail: true });
        await desktop.user(['systemctl', '--user', 'reset-failed', unit], { mayFail: true });
    },
};
