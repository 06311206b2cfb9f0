import { setTimeout as pause } from 'node:timers/promises';
import type { Desktop } from '../../desktop/desktop.ts';
import { lock, unlock } from '../../desktop/lockScreen.ts';
import type { QuietRun } from '../scenario.ts';
import { scenario as ordinaryUse } from './ordinaryUse.ts';
import { scenario as packageUpgrade } from './packageUpgrade.ts';
import { scenario as suspendCycle } from './suspendCycle.ts';

const hour = 3_600_000;
const between = 20_000;

async function sh(desktop: Desktop, script: string): Promise<void> {
    await desktop.exec(['sh', '-ec', script], { timeout: 60_000 });
}

/** What people do with a computer, and computers by themselves, in which nothing goes wrong. */
const activities: Record<string, (desktop: Desktop) => Promise<unknown>> = {
    'work with windows, settings, files and a stick': desktop => ordinaryUse.run(desktop),
    'plug a cable in, change networks, and pull it out': desktop =>
        sh(
            desktop,
            `ip link add eth7 type veth peer name eth7-peer
            ip link set eth7-peer up
            nmcli device set eth7 managed yes
            nmcli connection add type ethernet ifname eth7 con-name bench7 ipv4.method manual ipv4.addresses 192.0.2.7/24 ipv6.method disabled
            nmcli --wait 10 connection up bench7
            sleep 5
            nmcli --wait 10 connection down bench7
            sleep 5
            nmcli --wait 10 connection up bench7
            sleep 5
            nmcli connection delete bench7
            ip link delete eth7`,
        ),
    'leave the computer and come back': async desktop => {
        await lock(desktop);
        await pause(between);
        await unlock(desktop);
    },
    'mistype a password once': desktop =>
        desktop.user(['sh', '-c', 'echo wrong | sudo -S -k true; echo alice | sudo -S true'], { timeout: 30_000 }),
    'install, upgrade and remove packages': desktop => packageUpgrade.run(desktop),
    'look after the computer': desktop =>
        sh(
            desktop,
            `echo '192.0.2.80 printer.example' >>/etc/hosts
            sed -i '/printer.example/d' /etc/hosts
            systemctl daemon-reload
            systemctl restart polkit.service
            journalctl --rotate
            timedatectl set-timezone Europe/Lisbon && timedatectl set-timezone Etc/UTC
            useradd --create-home bench-guest && userdel --remove bench-guest`,
        ),
    'let it compute for a while': desktop =>
        desktop.user(['sh', '-c', 'timeout 25 sh -c "while :; do :; done" || true'], { timeout: 40_000 }),
    'copy files and throw them away': desktop =>
        desktop.user(['sh', '-c', 'cp -r /usr/share/icons ~/copy && rm -r ~/copy'], { timeout: 120_000 }),
    'be told things': desktop => desktop.user(['notify-send', 'Lunch', 'The canteen closes at two']),
    'restart the sound': desktop =>
        desktop.user(['systemctl', '--user', 'restart', 'pipewire.service', 'wireplumber.service']),
    'let it sleep and wake it': desktop => suspendCycle.run(desktop),
};

export const scenario: QuietRun = {
    title: 'an hour of ordinary use',
    isLong: true,
    run: async desktop => {
        const end = performance.now() + hour;
        while (performance.now() < end) {
            for (const activity of Object.values(activities)) {
                await activity(desktop);
                await pause(between);
            }
        }
    },
};
