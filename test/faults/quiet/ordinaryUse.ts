import { setTimeout as pause } from 'node:timers/promises';
import type { Desktop } from '../../desktop/desktop.ts';
import type { QuietRun } from '../scenario.ts';

/** Minutes are what it takes for that which happens now and then to happen. */
const rounds = 6;
const between = 15_000;

async function work(desktop: Desktop, round: number): Promise<void> {
    const editor = `bench-editor-${round}`;
    await desktop.user(['systemd-run', '--user', '--quiet', '--collect', `--unit=${editor}`, 'gnome-text-editor']);
    await desktop.waitFor('global.get_window_actors().length > 0');
    await desktop.type('dear diary ');
    await desktop.gsettings('org.gnome.desktop.interface', 'clock-show-seconds', round % 2 === 0 ? 'true' : 'false');
    await desktop.gsettings('org.gnome.desktop.interface', 'color-scheme', round % 2 === 0 ? 'prefer-dark' : 'default');
    await desktop.writeFile(`/home/alice/Documents/letter-${round}.txt`, 'Dear diary\n');
    await desktop.exec(['systemctl', 'restart', 'colord.service']);
    await desktop.exec([
        'sh',
        '-c',
        'mkdir -p /srv/stick && mount -t tmpfs tmpfs /srv/stick && umount /srv/stick && rmdir /srv/stick',
    ]);
    await desktop.user(['systemctl', '--user', 'stop', `${editor}.service`]);
    await desktop.key('Super+a');
    await desktop.key('Escape');
    await desktop.key('Escape');
}

export const scenario: QuietRun = {
    title: 'ordinary use for some minutes',
    run: async desktop => {
        for (let round = 0; round < rounds; round++) {
            await work(desktop, round);
            await pause(between);
        }
        await desktop.user(['gsettings', 'reset', 'org.gnome.desktop.interface', 'clock-show-seconds']);
        await desktop.user(['gsettings', 'reset', 'org.gnome.desktop.interface', 'color-scheme']);
    },
};
