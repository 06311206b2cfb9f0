// The timeline records changes on a real desktop, whoever makes them: by the services' own signals, netlink and files.
import * as z from 'zod';
import type { Desktop } from './desktop.ts';
import { describeOn, eachSystemd, patience } from './onDesktops.ts';
import { bootWithReeve } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const list = z.object({
    entries: z.array(z.object({ kind: z.string(), event: z.string(), subject: z.string(), source: z.string() })),
});

// On each systemd, and the NetworkManager and D-Bus beside it; the Shell has no part in it.
describeOn(eachSystemd, 'The timeline', suite => {
    let desktop: Desktop;

    beforeAll(async () => {
        desktop = await bootWithReeve(suite);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);

    const untilReported = (kind: string, event: string, subject: string) =>
        until(`the timeline has ${kind} ${event} ${subject}`, async () => {
            const { stdout } = await desktop.user(['/opt/reeve-build/bin/reeve', 'timeline', '--json', '--kind', kind]);
            const { entries } = list.parse(JSON.parse(stdout));
            return entries.some(entry => entry.event === event && entry.subject === subject);
        });

    it('knows the packages that were installed before Reeve was', async () => {
        await untilReported('package', 'installed', 'gnome-session');
    });

    it('reports a setting and the time zone', async () => {
        await desktop.gsettings('org.gnome.desktop.interface', 'clock-show-seconds', 'true');
        await untilReported('setting', 'changed', '/org/gnome/desktop/interface/clock-show-seconds');
        await desktop.exec(['timedatectl', 'set-timezone', 'Asia/Tokyo']);
        await untilReported('time', 'zone', 'clock');
        await untilReported('file', 'redirected', '/etc/localtime');
    });

    it('reports a network that comes and goes', async () => {
        const wired = 'ip link add eth7 type veth peer name veth7 && ip link set eth7 up && ip link set veth7 up';
        await desktop.exec(['sh', '-c', `${wired} && ip address add 192.0.2.7/24 dev eth7`]);
        await untilReported('link', 'added', 'eth7');
        await untilReported('device', 'added', 'eth7');
        await desktop.exec(['ip', 'link', 'set', 'veth7', 'down']);
        await untilReported('link', 'carrier-lost', 'eth7');
        await desktop.exec(['ip', 'link', 'delete', 'eth7']);
        await untilReported('link', 'removed', 'eth7');
    });

    it('starts no service by watching it', async () => {
        // Both buses say who made them start what: "requested by ':1.20' (uid=1000 pid=136 comm="/usr/bin/gnome-shell …")".
        const started = '--grep=Activating via systemd.*requested by';
        const { stdout } = await desktop.exec(['journalctl', '--boot', '--output=cat', '--no-pager', started]);
        const requests = stdout.trim().split('\n');
        expect(requests.some(line => line.includes('comm="/usr/bin/gnome-shell'))).toBeTrue();
        expect(requests.filter(line => line.includes('comm="/home/alice/.local/lib/reeve/'))).toEqual([]);
        const client = new ServiceClient(desktop);
        const sources = z.array(z.record(z.string(), z.object({ data: z.unknown() })));
        // A source may fail and start again. 2 is watching, 4 not there on this machine.
        const states = await until('each source watches', async () => {
            const all = sources.parse(await client.property('Sources'));
            const others = all.filter(({ state }) => state?.data !== 2 && state?.data !== 4);
            if (others.length > 0) throw new Error(JSON.stringify(others));
            return all;
        });
        expect(states.length).toBeGreaterThan(14);
    });
});
