import { alice } from '../../desktop/container.ts';
import type { Scenario } from '../scenario.ts';

const path = `${alice.home}/.config/autostart/bench-notes.desktop`;
const unit = 'app-bench\\x2dnotes@autostart.service';
const good = '[Desktop Entry]\nType=Application\nName=Notes\nExec=sleep infinity\n';
const mistaken = good.replace('sleep infinity', 'sh -c "echo no such profile >&2; exit 1"');

export const scenario: Scenario = {
    title: 'a program of the autostart fails',
    by: 'provoked',
    files: { [path]: good },
    provoke: async desktop => {
        await desktop.writeFile(path, mistaken);
        await desktop.user(['systemctl', '--user', 'daemon-reload']);
        await desktop.user(['systemctl', '--user', 'restart', unit], { mayFail: true });
    },
    expect: {
        family: 'unit',
        subject: unit,
        cause: /bench-notes\.desktop was edited .* before/,
        fix: 'file.revert',
        changes: /autostart|bench/,
    },
    clear: async desktop => {
        await desktop.writeFile(path, good);
        await desktop.user(['systemctl', '--user', 'daemon-reload']);
        await desktop.user(['systemctl', '--user', 'stop', unit], { mayFail: true });
        await desktop.user(['systemctl', '--user', 'reset-failed', unit], { mayFail: true });
    },
};
