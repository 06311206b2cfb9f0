// The Debian package on a real desktop: offered once to each user, turned on, used, upgraded with what it knows, and purged.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import * as z from 'zod';

import { buildDebs } from '../../build/deb.ts';
import { installPackages } from '../faults/packages.ts';
import { alice } from './container.ts';
import { buildOutside, Desktop } from './desktop.ts';
import { restartShell } from './faults.ts';
import type { Suite } from './image.ts';
import { describeOnDesktops, patience } from './onDesktops.ts';
import { Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

/** Which package is for which Debian: trixie has no Node that is new enough. */
const variants: Record<Suite, string> = { trixie: 'own-node', forky: 'debian-node', sid: 'debian-node' };
const unit = 'sample-own.service';
const failingUnit = "[Service]\nExecStart=/bin/sh -c 'test -e /run/sample-ok && exec sleep infinity; exit 1'\n";
const timelineSchema = z.object({ entries: z.array(z.object({ id: z.number(), summary: z.string() })) });
const offer = 'reeve-offer.service';
const bob = { name: 'bob', uid: 1001, runtime: '/run/user/1001' };
/** The notification itself: its banner may have gone by the time that somebody looks. */
const notification = `Main.messageTray.getSources().flatMap(({ notifications }) => notifications)
    .find(({ title }) => title === 'Reeve is installed')`;
/** Of Incident.State. */
const [open, fixed] = [0, 2];
/** dpkg(1) and what an installation runs. Milliseconds. */
const installing = { timeout: 90_000 };

describeOnDesktops('The Debian package', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let folder: string;
    let before: string[];
    let [older, newer]: string[] = [];
    const root = async (...argv: string[]) => (await desktop.exec(argv, installing)).stdout.trim();
    const user = async (...argv: string[]) => (await desktop.user(argv)).stdout.trim();
    const apt = (...argv: string[]) =>
        root('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', '--no-install-recommends', ...argv);
    const make = async (release: string) => {
        const only = [variants[suite]];
        const [made] = await buildDebs(buildOutside, { only, quick: true, release, out: folder });
        await desktop.push(made?.file ?? '', '/root');
        return join('/root', basename(made?.file ?? ''));
    };
    /** Of the whole computer, but for what every installation leaves: caches, logs, and the data of users. */
    const everything = async () => {
        const left = ['/proc', '/sys', '/dev', '/run', '/tmp', '/home', '/root', '/var/cache', '/var/log', '/var/tmp'];
        const prune = left.flatMap(path => ['-path', path, '-o']).slice(0, -1);
        return (await root('find', '/', '(', ...prune, ')', '-prune', '-o', '-print')).split('\n');
    };

    beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), 'reeve-packages-'));
        desktop = await Desktop.boot(suite, { files: { [`/etc/systemd/user/${unit}`]: failingUnit } });
        service = new ServiceClient(desktop);
        older = await make('0.0.9');
        newer = await make('0.1.0');
    }, 3 * patience);
    afterAll(async () => {
        await desktop.down();
        await rm(folder, { recursive: true });
    });

    it(
        'is installed by apt, and turns nothing on by itself',
        async () => {
            if (variants[suite] === 'debian-node') expect(await installPackages(desktop, suite, ['nodejs'])).toBe('');
            before = await everything();

            await apt('install', older ?? '');

            expect(await user('reeve', '--version')).toContain('reeve 0.1.0');
            expect(await user('gsettings', 'get', 'org.gnome.shell', 'enabled-extensions')).not.toContain('reeve');
            expect(await user('man', '--where', 'reeve').catch(() => '/usr/share/man/man1/reeve.1.gz')).toContain(
                'reeve.1',
            );
        },
        patience,
    );

    it(
        'is offered at the next log-in, and is there at once when that is accepted',
        async () => {
            await restartShell(desktop);
            await desktop.waitFor(`${notification} !== undefined`);

            await desktop.evalJs(`${notification}.actions.find(({ label }) => label === 'Turn on').activate(); null`);

            await desktop.untilExtensionRuns();
            await until('the offer has ended', async () => (await stateOf(desktop, offer)) === 'inactive');
            await root('test', '-e', `${alice.home}/.local/state/reeve/offered`);
            await new Screen(desktop).untilIndicatorSays('Reeve: all is well');
        },
        patience,
    );

    it(
        'finds a fault, and fixes it from the quick chat',
        async () => {
            const screen = new Screen(desktop);
            await desktop.user(['systemctl', '--user', 'start', unit], { mayFail: true });
            await service.untilIncident(unit, ({ State }) => State === open);
            await screen.openWithPointer('Reeve: 1 problem');
            await desktop.exec(['touch', '/run/sample-ok']);

            await screen.press('Apply');

            await service.untilIncident(unit, ({ State }) => State === fixed);
            expect(await stateOf(desktop, unit)).toBe('active');
            await screen.close();
        },
        patience,
    );

    it(
        'is upgraded with what it knows, and the new version runs',
        async () => {
            const timeline = async () =>
                timelineSchema.parse(JSON.parse(await user('reeve', 'timeline', '--json'))).entries;
            const pid = () => user('systemctl', '--user', 'show', '--property=MainPID', '--value', 'reeve.service');
            const [pidBefore, known] = [await pid(), await timeline()];
            expect(known.length).toBeGreaterThan(0);

            await apt('install', newer ?? '');

            await until('the new service runs', async () => !['0', pidBefore].includes(await pid()));
            expect((await service.untilIncident(unit)).State).toBe(fixed);
            expect(await timeline()).toEqual(jasmine.arrayContaining(known));
            expect(await root('dpkg-query', '--show', '--showformat=${Version}', 'reeve')).toMatch(
                /^0\.1\.0(?:~node)?$/,
            );
        },
        patience,
    );

    it(
        'is offered to another user, too, and to nobody twice',
        async () => {
            await restartShell(desktop);
            expect(await user('systemctl', '--user', 'show', '--property=ConditionResult', '--value', offer)).toBe(
                'no',
            );
            await root('useradd', '--create-home', bob.name);
            const settings = '/etc/systemd/system/desktop.service.d/user.conf';
            await desktop.writeFile(settings, `[Service]\nUser=${bob.name}\n`);
            await root('systemctl', 'daemon-reload');

            await root('systemctl', 'restart', 'desktop.service');

            const asBob = [
                ...['setpriv', `--reuid=${bob.uid}`, `--regid=${bob.uid}`, '--init-groups', 'env'],
                ...[`XDG_RUNTIME_DIR=${bob.runtime}`, `DBUS_SESSION_BUS_ADDRESS=unix:path=${bob.runtime}/bus`],
            ];
            const shell = ['--dest=org.gnome.Shell', '--object-path=/org/gnome/Shell', '--method=org.gnome.Shell.Eval'];
            await until('bob is asked', async () => {
                const argv = [...asBob, 'gdbus', 'call', '--session', ...shell, `${notification} !== undefined`];
                return (await desktop.exec(argv, { mayFail: true })).stdout.includes("(true, 'true')");
            });
            await root('rm', '--recursive', dirname(settings));
            await root('systemctl', 'daemon-reload');
        },
        patience,
    );

    it(
        'is purged without a trace, but for the data of its users',
        async () => {
            await apt('purge', 'reeve');

            const after = new Set(await everything());
            expect(before.filter(path => !after.has(path))).toEqual([]);
            expect([...after].filter(path => !before.includes(path))).toEqual([]);
            expect(await root('sh', '-c', 'pgrep --full "lib/reeve/lib/[r]eeve" || true')).toBe('');
            await root('test', '-e', `${alice.home}/.local/state/reeve/database/reeve.db`);
            expect(await desktop.errors()).toEqual([]);
        },
        patience,
    );
});

async function stateOf(desktop: Desktop, name: string): Promise<string> {
    const { stdout } = await desktop.user(['systemctl', '--user', 'show', '--property=ActiveState', '--value', name]);
    return stdout.trim();
}
