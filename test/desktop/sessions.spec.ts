// What people do every day, and what no crash is: desktops end and begin, computers shut down, docks are unplugged.
import { kernel, replay } from '../faults/replay.ts';
import { alice, discard } from './container.ts';
import type { Desktop } from './desktop.ts';
import { restartShell, startShell } from './faults.ts';
import { describeOnDesktops, patience } from './onDesktops.ts';
import { bootInstalled } from './support/installed.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

/** Of Incident.Notification. */
const shown = 2;
const settings = '[notifications]\nper_hour = 100\n';

/** A desktop of somebody else, made as alice's is. */
const otherDesktop = 'desktop-of-bob.service';
const addBob = `
    useradd --create-home bob
    sed 's/alice/bob/g' /etc/systemd/system/desktop.service >/etc/systemd/system/${otherDesktop}
    systemctl daemon-reload
`;

/** What gdm starts for those who have yet to log in: a session of the class "greeter". */
const greeter = 'greeter.service';
const addGreeter = `
    user=$(getent passwd gdm-greeter Debian-gdm gdm | head -n1 | cut -d: -f1)
    cat >/etc/systemd/system/${greeter} <<END
[Service]
User=$user
PAMName=gdm-launch-environment
Environment=XDG_SESSION_TYPE=wayland XDG_SESSION_CLASS=greeter
ExecStart=/usr/bin/gnome-shell --mode=gdm --headless --virtual-monitor 1280x800 --no-x11
END
    systemctl daemon-reload
`;

/** An update of the display manager, whose script restarts it. */
const updateWithRestart = `
    mkdir -p /run/update && cd /run/update
    for version in 1.0 1.1; do
        mkdir -p "greeting-$version/DEBIAN" "greeting-$version/usr/share/greeting"
        printf 'Package: greeting\\nVersion: %s\\nArchitecture: all\\nMaintainer: Nobody <nobody@example.org>\\nDescription: a theme of the greeter\\n' "$version" >"greeting-$version/DEBIAN/control"
        echo "$version" >"greeting-$version/usr/share/greeting/version"
        printf '#!/bin/sh\\nsystemctl daemon-reload\\nsystemctl restart gdm.service\\n' >"greeting-$version/DEBIAN/postinst"
        chmod 755 "greeting-$version/DEBIAN/postinst"
        dpkg-deb --build "greeting-$version" >/dev/null
        apt-get -q -y install "./greeting-$version.deb"
    done
`;

const addDock = `
    for name in dock dock2 wlan; do
        ip link add $name type veth peer name $name-peer
        ip link set $name-peer up
        nmcli device set $name managed yes
        nmcli device set $name-peer managed no
    done
    nmcli connection add type ethernet ifname wlan con-name wlan ipv4.method manual ipv4.addresses 192.0.2.9/24 ipv4.gateway 192.0.2.1 ipv4.route-metric 600 ipv6.method disabled
    nmcli connection add type ethernet ifname dock con-name dock ipv4.method manual ipv4.addresses 198.51.100.9/24 ipv4.gateway 198.51.100.1 ipv4.route-metric 100 ipv6.method disabled
    nmcli --wait 50 connection up wlan
    nmcli --wait 50 connection up dock
`;
const removeDock = 'ip link delete dock; ip link delete dock2';
const clearDock = 'nmcli connection delete dock wlan; ip link delete wlan';

/** usb_disconnect() in drivers/usb/core/hub.c, xhci_hc_died() in drivers/usb/host/xhci-ring.c, pciehp_ctrl.c, r8152.c, sd.c. */
const dockGoes = [
    kernel('pcieport 0000:00:1c.4: pciehp: Slot(4): Link Down', 6),
    kernel('pcieport 0000:00:1c.4: pciehp: Slot(4): Card not present', 6),
    kernel('xhci_hcd 0000:3a:00.0: remove, state 1', 6),
    kernel('usb usb4: USB disconnect, device number 1', 6),
    kernel('usb 4-1: USB disconnect, device number 2', 6),
    kernel('usb 4-1.2: USB disconnect, device number 4', 6),
    kernel('sd 2:0:0:0: [sdb] Synchronizing SCSI cache', 5),
    kernel('sd 2:0:0:0: [sdb] Synchronize Cache(10) failed: Result: hostbyte=DID_NO_CONNECT driverbyte=DRIVER_OK', 6),
    kernel('xhci_hcd 0000:3a:00.0: xHCI host controller not responding, assume dead', 3),
    kernel('xhci_hcd 0000:3a:00.0: HC died; cleaning up', 3),
    kernel('r8152 4-1.4:1.0 dock: Stop submitting intr, status -108', 6),
    kernel('usb 4-1.4: USB disconnect, device number 5', 6),
    kernel('xhci_hcd 0000:3a:00.0: USB bus 4 deregistered', 6),
    kernel('usb usb3: USB disconnect, device number 1', 6),
    kernel('usb 3-3: USB disconnect, device number 2', 6),
    kernel('usb 3-3.1: USB disconnect, device number 3', 6),
    kernel('xhci_hcd 0000:3a:00.0: Host halt failed, -19', 4),
    kernel('xhci_hcd 0000:3a:00.0: Host not accessible, reset failed.', 4),
    kernel('xhci_hcd 0000:3a:00.0: USB bus 3 deregistered', 6),
];

// On each Shell: the sessions of each GNOME and systemd end in other words.
describeOnDesktops('The end of', suite => {
    const name = `sessions-${process.pid}-${suite}`;
    const boot = async () =>
        bootInstalled(suite, {
            name,
            keep: true,
            files: { [`${alice.home}/.config/reeve/config.toml`]: settings },
        });
    const sh = (script: string) => desktop.exec(['sh', '-ec', script], { timeout: 60_000 });
    let desktop: Desktop;
    let probes = 0;

    beforeAll(async () => {
        desktop = await boot();
        await sh(addBob);
        await sh(addGreeter);
    }, patience);

    afterAll(async () => {
        await desktop.down();
        await discard(name);
    }, patience);

    /** By the time that a fault which is one has been announced, so would have been what came before it. */
    const untilReported = async () => {
        const service = new ServiceClient(desktop);
        await service.untilJournalIsWatched();
        const probe = `probe-${++probes}.service`;
        await desktop.exec(['systemd-run', '--quiet', `--unit=${probe}`, 'false']);
        // Perhaps together with another.
        const isAnnounced = async () => {
            const all = await service.incidents();
            return all.has(probe) && [...all.values()].some(({ Notification }) => Notification === shown);
        };
        await until('a fault is announced', isAnnounced, { timeout: 100_000 });
        const others = [...(await service.incidents()).values()].filter(({ Subject }) => !Subject.startsWith('probe-'));
        await desktop.exec(['systemctl', 'reset-failed']);
        return others.map(
            ({ Title, Cause, State, Notification }) =>
                `${Title} (${Cause}), state ${State}, ${Notification === shown ? 'announced' : 'not announced'}`,
        );
    };

    it(
        'a desktop is no incident: a log-out and a log-in',
        async () => {
            await restartShell(desktop);
            await desktop.untilExtensionRuns();
            expect(await untilReported()).toEqual([]);
            // As on most computers, where the last session of a user takes the user's programs along.
            await desktop.exec(['systemctl', 'stop', 'desktop.service'], { timeout: 60_000 });
            await desktop.exec(['systemctl', 'stop', 'user@1000.service'], { timeout: 60_000 });
            await startShell(desktop);
            await desktop.untilExtensionRuns();
            expect(await untilReported()).toEqual([]);
        },
        3 * patience,
    );

    it(
        'the greeter and of another user’s desktop is no incident: a switch of users',
        async () => {
            const isUp = (user: string) => `pgrep --uid "${user}" --exact gnome-shell`;
            await desktop.exec(['systemctl', 'start', greeter], { timeout: 60_000 });
            await sh('until loginctl list-sessions --output=json | grep -q greeter; do sleep 0.2; done');
            await desktop.exec(['systemctl', 'start', otherDesktop], { timeout: 60_000 });
            await sh(`until ${isUp('bob')}; do sleep 0.2; done`);
            await desktop.exec(['systemctl', 'stop', greeter], { timeout: 60_000 });
            await desktop.exec(['systemctl', 'stop', otherDesktop], { timeout: 60_000 });
            await sh('until ! systemctl is-active --quiet "user@$(id -u bob).service"; do sleep 0.2; done');
            expect(await untilReported()).toEqual([]);
        },
        2 * patience,
    );

    it(
        'the display manager is no incident when it is restarted, by hand or by an update',
        async () => {
            await desktop.exec(['systemctl', 'restart', 'gdm.service'], { timeout: 60_000 });
            await sh(updateWithRestart);
            expect(await untilReported()).toEqual([]);
        },
        2 * patience,
    );

    it(
        'a dock is no incident: many devices and links go at once',
        async () => {
            await sh(addDock);
            await sh(removeDock);
            await replay(desktop, ...dockGoes);
            expect(await untilReported()).toEqual([]);
            await sh(clearDock);
        },
        2 * patience,
    );

    it(
        'the system is no incident: a shutdown and a start',
        async () => {
            await desktop.exec(['systemctl', 'start', otherDesktop], { timeout: 60_000 });
            await desktop.exec(['systemctl', 'poweroff', '--no-block']);
            await until('it is off', async () => !(await desktop.isRunning()), { timeout: 60_000 });
            await desktop.down();
            desktop = await boot();
            expect(await untilReported()).toEqual([]);
        },
        3 * patience,
    );
});
