import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'an update wants a restart of the computer',
    by: 'provoked',
    provoke: async desktop => {
        // What the hooks of Debian's kernel and libc packages do (/usr/share/update-notifier/notify-reboot-required).
        await desktop.exec([
            'sh',
            '-c',
            'echo "*** System restart required ***" >/run/reboot-required; echo linux-image-amd64 >>/run/reboot-required.pkgs',
        ]);
    },
    expect: { family: 'reboot', subject: /./, cause: /linux-image|restart/ },
    clear: async desktop => {
        await desktop.exec(['rm', '--force', '/run/reboot-required', '/run/reboot-required.pkgs']);
    },
};
