// Disruptions of the service while it works: it survives, nothing is lost or doubled, and the indicator is right.
import { dirname } from 'node:path';

import { bootInstalled } from './support/installed.ts';
import type { Desktop } from './desktop.ts';
import { killSessionBus, killShell, restartJournald, restartShell, startShell } from './faults.ts';
import { describeOnDesktops, eachSystemd, itOn, once, patience } from './onDesktops.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/resilience/', import.meta.url).pathname;
const uuid = JSON.stringify('reeve@reevedesktop.org');
const indicator = `Main.panel.statusArea[${uuid}]`;
const isNamed = (name: string) => `${indicator}.accessible_name === ${JSON.stringify(name)}`;
/** Of Manager.State. */
const [watching, degraded, paused] = [1, 2, 3];
const shown = 2;
const configuration = '/home/alice/.config/reeve/config.toml';
/** So many failures in one hour are no everyday matter. */
const plentyOfNotifications = '[notifications]\nper_hour = 100\n';
const database = '/home/alice/.local/state/reeve/database/reeve.db';

// On each Shell: what it shows when the service goes, and what is left of that after its own end. The rest is the service alone.
describeOnDesktops('The service', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const fail = (unit: string) => desktop.exec(['systemd-run', '--quiet', `--unit=${unit}`, 'false']);
    const userUnit = (...argv: string[]) => desktop.user(['systemctl', '--user', ...argv, 'reeve.service']);
    const problems = (count: number) => isNamed(`Reeve: ${count} problem${count === 1 ? '' : 's'}`);
    const openQuickChat = async () => {
        // A pointer that lies on another button of the panel takes over from a menu as it opens.
        await desktop.move(640, 600);
        await desktop.evalJs(`${indicator}.menu.open(); null`);
        await desktop.waitFor(`${indicator}.menu.isOpen`);
    };
    const closeQuickChat = async () => {
        await desktop.key('Escape');
        await desktop.waitFor(`!${indicator}.menu.isOpen`);
    };
    const untilReported = (code: string) =>
        until(`${code} is reported`, async () => (await service.noticeCodes()).includes(code));
    const untilForgotten = (code: string) =>
        until(`${code} is forgotten`, async () => !(await service.noticeCodes()).includes(code));
    /** Groups are what they were at the login. */
    const logInAgain = async () => {
        await desktop.exec(['systemctl', 'stop', 'desktop.service'], { timeout: 60_000 });
        await desktop.exec(['systemctl', 'restart', 'user@1000.service'], { timeout: 60_000 });
        await startShell(desktop);
    };
    /** What the Shell calls trouble is trouble, but not what the death of its own session bus makes it say. */
    const errors = () => desktop.errors({ except: [/GDBus|dbus|Lost (or failed|the name)|code=dumped|ABRT/i] });

    beforeAll(async () => {
        desktop = await bootInstalled(suite, { files: { [configuration]: plentyOfNotifications } });
        service = new ServiceClient(desktop);
    }, patience);

    afterAll(async () => {
        await desktop.down();
    }, patience);

    afterEach(async () => {
        expect(await errors()).toEqual([]);
        // Each spec begins well: nothing failed, nothing open.
        await desktop.exec(['systemctl', 'reset-failed']);
        await desktop.user(['systemctl', '--user', 'reset-failed']);
        const isAllWell = async () => {
            const open = [...(await service.incidents()).values()].filter(({ State }) => State <= 1);
            if (open.length > 0) throw new Error(open.map(({ Title, Cause }) => `${Title}: ${Cause}`).join(', '));
            return true;
        };
        // Faults whose end no signal reports are polled after half a minute, and then from time to time.
        await until('no incident is open', isAllWell, { timeout: 90_000 });
    }, patience);

    itOn(
        eachSystemd,
        suite,
        'loses and doubles nothing when it is killed while something fails',
        async () => {
            await fail('before.service');
            await service.untilIncident('before.service', ({ Notification }) => Notification === shown);
            await userUnit('kill', '--signal=SIGKILL');
            await fail('meanwhile.service');
            const meanwhile = await service.untilIncident(
                'meanwhile.service',
                ({ Notification }) => Notification === shown,
            );
            expect(meanwhile.Count).toBe(1);
            expect((await service.incidents()).get('before.service')?.Count).toBe(1);
            await desktop.waitFor(problems(2));
            expect((await service.call('Audit.Verify')).slice(0, 1)).toEqual([true]);
            await picture('killed');
        },
        patience,
    );

    it(
        'is believed again within moments when it was gone and came back',
        async () => {
            await userUnit('stop');
            await desktop.waitFor(isNamed('Reeve: not running'));
            await openQuickChat();
            await desktop.clickOn('Start');
            await desktop.waitFor(isNamed('Reeve: all is well'));
            await picture('started');
            await closeQuickChat();
        },
        patience,
    );

    it(
        'says so when it must not run, and is there when it may again',
        async () => {
            await userUnit('mask', '--runtime', '--now');
            await desktop.waitFor(isNamed('Reeve: not running'));
            await openQuickChat();
            await picture('masked');
            await closeQuickChat();
            await userUnit('unmask', '--runtime');
            await userUnit('start');
            await desktop.waitFor(isNamed('Reeve: all is well'));
        },
        patience,
    );

    it(
        'reports an incident once, whatever becomes of the Shell',
        async () => {
            await fail('lasting.service');
            await service.untilIncident('lasting.service', ({ Notification }) => Notification === shown);
            await restartShell(desktop);
            await desktop.waitFor(`Main.extensionManager.lookup(${uuid})?.state === 1`);
            await desktop.waitFor(problems(1));
            expect(await desktop.evalJs<number>('Main.messageTray.getSources().length')).toBe(0);
        },
        patience,
    );

    it(
        'reports after the Shell’s crash what failed without it',
        async () => {
            await killShell(desktop);
            await fail('unseen.service');
            await service.untilIncident('unseen.service');
            await startShell(desktop);
            // Just after the service's start, another fault's notification may include it.
            const isAnnounced = async () => {
                const all = [...(await service.incidents()).values()];
                const announced = all.filter(each => each.Notification === shown);
                if (announced.some(({ Subject, AnnouncedWith }) => Subject === 'unseen.service' || AnnouncedWith > 0))
                    return true;
                throw new Error(
                    all
                        .map(({ Subject, State, Notification, AnnouncedWith }) =>
                            [Subject, State, Notification, AnnouncedWith].join(' '),
                        )
                        .join(', '),
                );
            };
            // That waits for as long as more goes wrong, twenty seconds at most (service/incidents/burst.ts).
            await until('it is announced', isAnnounced, { timeout: 40_000 });
            // Other parts of the session may really fail when the Shell goes.
            await until('nothing else is announced', async () => {
                await desktop.user(['systemctl', '--user', 'reset-failed']);
                return desktop.evalJs<boolean>(problems(1));
            });
        },
        patience,
    );

    itOn(
        eachSystemd,
        suite,
        'goes on reading when journald was restarted',
        async () => {
            await restartJournald(desktop);
            await fail('after.service');
            expect((await service.untilIncident('after.service')).Count).toBe(1);
        },
        patience,
    );

    itOn(
        once,
        suite,
        'stays paused over a restart, and finds afterwards what is still broken',
        async () => {
            await service.call('Manager.Pause', 'a{sv}', '0');
            await desktop.waitFor(isNamed('Reeve: paused'));
            await userUnit('restart');
            await service.untilState(paused);
            await fail('ignored.service');
            await desktop.waitFor(isNamed('Reeve: paused'));
            await picture('paused');
            expect((await service.incidents()).has('ignored.service')).toBeFalse();
            await service.call('Manager.Resume', 'a{sv}', '0');
            await service.untilIncident('ignored.service');
            await desktop.waitFor(problems(1));
        },
        patience,
    );

    itOn(
        once,
        suite,
        'puts a broken database aside, says so, and begins a new one',
        async () => {
            await userUnit('stop');
            await desktop.writeFile(database, 'no database at all'.repeat(1000));
            await userUnit('start');
            await untilReported('database-replaced');
            const kept = await desktop.user(['find', '/home/alice/.local/state/reeve', '-path', '*replaced*/reeve.db']);
            expect(kept.stdout.trim().split('\n').length).toBe(1);
            await fail('anew.service');
            await service.untilIncident('anew.service');
            await userUnit('restart');
            // Reported until the user has dealt with the kept copy.
            await untilReported('database-replaced');
            await desktop.user(['rm', '--recursive', dirname(kept.stdout.trim())]);
            await userUnit('restart');
            await service.untilState(watching);
            expect(await service.noticeCodes()).not.toContain('database-replaced');
        },
        patience,
    );

    itOn(
        once,
        suite,
        'keeps to its defaults when the configuration is broken, and says where',
        async () => {
            await desktop.writeFile(configuration, '[notifications]\nper_hour = "many"\n');
            await untilReported('config-invalid');
            await service.untilState(degraded);
            await fail('all-the-same.service');
            await service.untilIncident('all-the-same.service');
            await desktop.writeFile(configuration, plentyOfNotifications);
            await untilForgotten('config-invalid');
        },
        patience,
    );

    // The user manager of systemd 257 often hangs for 90 seconds when its bus dies; what comes then is alike.
    itOn(
        ['forky', 'sid'],
        suite,
        'ends with the session bus and is there in the next session',
        async () => {
            await killSessionBus(desktop);
            await startShell(desktop);
            await desktop.waitFor(isNamed('Reeve: all is well'));
            await fail('next-session.service');
            await service.untilIncident('next-session.service');
        },
        2 * patience,
    );

    itOn(
        eachSystemd,
        suite,
        'notices failures through systemd where it may not read the journal',
        async () => {
            const groups = ['adm', 'systemd-journal', 'sudo'];
            for (const group of groups) await desktop.exec(['gpasswd', '--delete', 'alice', group]);
            await logInAgain();
            await untilReported('journal-unreadable');
            await fail('unread.service');
            const { Count } = await service.untilIncident('unread.service');
            expect(Count).toBe(1);
            await openQuickChat();
            await picture('unreadable');
            await closeQuickChat();
            await desktop.exec(['usermod', '--append', `--groups=${groups.join(',')}`, 'alice']);
            await logInAgain();
            await service.untilJournalIsWatched();
            expect(await service.noticeCodes()).not.toContain('journal-unreadable');
        },
        3 * patience,
    );
});
