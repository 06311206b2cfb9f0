import { alice } from '../../desktop/container.ts';
import type { Scenario } from '../scenario.ts';

const path = `${alice.home}/.config/systemd/user/bench-sync.service`;

export const scenario: Scenario = {
    title: 'a service of the user ends with an error',
    by: 'provoked',
    files: {
        [path]: '[Service]\nExecStart=/bin/sh -c "test -e $XDG_RUNTIME_DIR/bench-sync && exec sleep infinity; echo the account is unknown >&2; exit 1"\n',
    },
    provoke: async desktop => {
        await desktop.user(['systemctl', '--user', 'start', 'bench-sync.service'], { mayFail: true });
    },
    expect: { family: 'unit', subject: 'bench-sync.service', cause: /the account is unknown/, fix: 'unit.restart' },
    repair: async desktop => {
        await desktop.user(['touch', `${alice.runtime}/bench-sync`]);
    },
    clear: async desktop => {
        await desktop.user(['systemctl', '--user', 'stop', 'bench-sync.service'], { mayFail: true });
        await desktop.user(['systemctl', '--user', 'reset-failed', 'bench-sync.service'], { mayFail: true });
        await desktop.user(['rm', '--force', `${alice.runtime}/bench-sync`]);
    },
};
