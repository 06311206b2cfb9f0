import type { Scenario } from '../scenario.ts';

const flag = '/run/user/1000/dconf/user';
const portals = 'xdg-desktop-portal.service';

export const scenario: Scenario = {
    title: 'settings blocked by a file of root',
    by: 'provoked',
    // What a graphical program leaves behind that was started with sudo.
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', 'touch "$1" && chown root:root "$1" && chmod 600 "$1"', 'sh', flag]);
        await desktop.user(['systemctl', '--user', 'restart', portals]);
    },
    expect: { family: 'desktop', subject: 'settings', cause: /started with sudo/, fix: 'settings.unblock' },
    clear: async desktop => {
        await desktop.exec(['rm', '--force', flag]);
    },
};
