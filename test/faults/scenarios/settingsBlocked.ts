import { dirname } from 'node:path';
import { until } from '../../desktop/waiting.ts';
import type { Scenario } from '../scenario.ts';

const flag = '/run/user/1000/dconf/user';
const portals = 'xdg-desktop-portal.service';

export const scenario: Scenario = {
    title: 'settings blocked by a file of root',
    by: 'provoked',
    /**
     * What a graphical program leaves behind that was started with sudo: the file, made by root after dconf's service had
     * marked and removed the user's own (`dconf_shm_flag` in dconf's shm/dconf-shm.c), as it does with each change. Whoever
     * had that one open sees the mark; a file that is only given to root would never be marked again, and the Shell would
     * read old settings until the end of the session.
     */
    provoke: async desktop => {
        const change = ['sh', '-c', 'dconf write /bench/flag 1 && dconf reset /bench/flag'];
        const make = ['sh', '-c', 'set -o noclobber; umask 077; : >"$1"', 'sh', flag];
        await until('root has made the file before a reader of the settings has', async () => {
            await desktop.user(change);
            return (await desktop.exec(make, { mayFail: true })).code === 0;
        });
        await desktop.user(['systemctl', '--user', 'restart', portals]);
    },
    expect: { family: 'desktop', subject: 'settings', cause: /started with sudo/, fix: 'settings.unblock' },
    clear: async desktop => {
        await desktop.exec(['find', dirname(flag), '-user', 'root', '-delete']);
    },
};
