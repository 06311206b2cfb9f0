import { alice } from '../../desktop/container.ts';
import type { Scenario } from '../scenario.ts';

const path = `${alice.home}/.config/autostart/bench-notes.desktop`;
const unit = 'app-bench\\x2dnotes@autostart.service';

export const scenario: Scenario = {
    title: 'a program of the autostart fails',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.writeFile(
            path,
            '[Desktop Entry]\nType=Application\nName=Notes\nExec=sh -c "echo no such profile >&2; exit 1"\n',
        );
        await desktop.user(['systemctl', '--user', 'daemon-reload']);
    },
    provoke: async desktop => {
        await desktop.user(['systemctl', '--user', 'start', unit], { mayFail: true });
    },
    // To delete what somebody has just made is no repair.
    expect: { family: 'unit', subject: unit, cause: /no such profile/, fix: 'unit.restart', isChecked: false },
    clear: async desktop => {
        await desktop.user(['rm', '--force', path]);
        await desktop.user(['rmdir', '--ignore-fail-on-non-empty', `${alice.home}/.config/autostart`]);
        await desktop.user(['systemctl', '--user', 'reset-failed', unit], { mayFail: true });
        await desktop.user(['systemctl', '--user', 'daemon-reload']);
    },
};
