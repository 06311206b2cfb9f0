import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BusError, Connection, variant } from '../../../service/dbus/connection.ts';
import { SystemBus } from '../../../service/dbus/systemBus.ts';
import type { SourceDefinition } from '../../../service/sources/definition.ts';
import { bluetooth } from '../../../service/faults/bluetooth/watch.ts';
import { clock } from '../../../service/faults/time/watch/clock.ts';
import { drives } from '../../../service/faults/disk/watch.ts';
import { firmware } from '../../../service/faults/packages/watch/firmware.ts';
import { logind } from '../../../service/sources/signals/logind.ts';
import { networkManager, networkManagerSource } from '../../../service/sources/signals/networkManager.ts';
import { packageKit } from '../../../service/faults/packages/watch/packageKit.ts';
import { power } from '../../../service/faults/power/watch/battery.ts';
import { settings } from '../../../service/sources/signals/settings.ts';
import { shellExtensions } from '../../../service/faults/desktop/watch.ts';
import { startPrivateBus, type PrivateBus } from '../../support/privateBus.ts';
import { SourceBed, type SourceRun } from '../../support/sourceRun.ts';

type Sent = { path: string; interface: string; member: string; signature: string; body: unknown[] };

const properties = (path: string, of: string, values: Record<string, unknown>): Sent => ({
    path,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'PropertiesChanged',
    signature: 'sa{sv}as',
    body: [of, values, []],
});
const login1 = { path: '/org/freedesktop/login1', interface: 'org.freedesktop.login1.Manager', signature: 'b' };
const nm = '/org/freedesktop/NetworkManager';
const nmDevice = { path: `${nm}/Devices/2`, interface: 'org.freedesktop.NetworkManager.Device', signature: 'uuu' };
const upower = '/org/freedesktop/UPower';
const udisks = '/org/freedesktop/UDisks2';
const fwupd = (member: string, device: Record<string, unknown>): Sent => ({
    path: '/',
    interface: 'org.freedesktop.fwupd',
    member,
    signature: 'a{sv}',
    body: [{ DeviceId: variant('s', 'a1b2'), Name: variant('s', 'Unifying Receiver'), ...device }],
});
const mounted = Buffer.from('/media/alice/STICK\0');

/** What a stand-in for the service sends, and what is reported for each, as "kind event subject: summary". */
const cases: { source: SourceDefinition; service: string; says: [Sent, string | null][] }[] = [
    {
        source: logind,
        service: 'org.freedesktop.login1',
        says: [
            [
                { ...login1, member: 'PrepareForSleep', body: [true] },
                'suspend suspend computer: The computer was suspended',
            ],
            [{ ...login1, member: 'PrepareForSleep', body: [false] }, 'suspend resume computer: The computer woke up'],
            [
                { ...login1, member: 'PrepareForShutdown', body: [true] },
                'boot shutdown computer: The computer is being shut down',
            ],
        ],
    },
    {
        source: power,
        service: 'org.freedesktop.UPower',
        says: [
            [
                properties(upower, 'org.freedesktop.UPower', { OnBattery: variant('b', true) }),
                'power on-battery battery: The computer is running on battery power',
            ],
            [
                properties(`${upower}/devices/DisplayDevice`, 'org.freedesktop.UPower.Device', {
                    Percentage: variant('d', 40),
                }),
                null,
            ],
            [
                properties(`${upower}/devices/DisplayDevice`, 'org.freedesktop.UPower.Device', {
                    WarningLevel: variant('u', 4),
                }),
                'power critical battery: The battery is nearly empty',
            ],
        ],
    },
    {
        source: networkManager,
        service: 'org.freedesktop.NetworkManager',
        says: [
            [
                properties(nm, 'org.freedesktop.NetworkManager', { Connectivity: variant('u', 2) }),
                'network connectivity-portal internet: The network requires a log-in before it lets anything through',
            ],
            [properties(nm, 'org.freedesktop.NetworkManager', { Connectivity: variant('u', 2) }), null],
            [{ ...nmDevice, member: 'StateChanged', body: [100, 90, 0] }, null],
            [
                { ...nmDevice, member: 'StateChanged', body: [120, 60, 9] },
                'network activation-failed wlan0: wlan0 could not connect: the network rejected the password or log-in',
            ],
        ],
    },
    {
        source: drives,
        service: 'org.freedesktop.UDisks2',
        says: [
            [
                properties(`${udisks}/drives/ACME_SSD_1`, 'org.freedesktop.UDisks2.Drive.Ata', {
                    SmartFailing: variant('b', true),
                }),
                'storage drive-failing ACME SSD 1: The drive ACME SSD 1 reports that it is about to fail',
            ],
            [
                properties(`${udisks}/block_devices/sdb1`, 'org.freedesktop.UDisks2.Filesystem', {
                    MountPoints: variant('aay', [mounted]),
                }),
                'storage mounted /dev/sdb1: /dev/sdb1 was mounted at /media/alice/STICK',
            ],
            [
                {
                    path: `${udisks}/jobs/3`,
                    interface: 'org.freedesktop.UDisks2.Job',
                    member: 'Completed',
                    signature: 'bs',
                    body: [false, 'wrong fs type'],
                },
                'storage job-failed udisks: An operation on a drive failed: wrong fs type',
            ],
        ],
    },
    {
        source: firmware,
        service: 'org.freedesktop.fwupd',
        says: [
            [fwupd('DeviceChanged', { Version: variant('s', 'RQR12.08'), Status: variant('u', 5) }), null],
            [fwupd('DeviceChanged', { Version: variant('s', 'RQR12.08'), UpdateState: variant('u', 1) }), null],
            [
                fwupd('DeviceChanged', {
                    Version: variant('s', 'RQR12.11'),
                    UpdateState: variant('u', 2),
                    Modified: variant('t', 1_763_711_111n),
                }),
                'device firmware-updated Unifying Receiver: The firmware of Unifying Receiver was updated from RQR12.08 to RQR12.11',
            ],
            [
                fwupd('DeviceChanged', {
                    Version: variant('s', 'RQR12.11'),
                    UpdateState: variant('u', 2),
                    Modified: variant('t', 1_763_711_111n),
                }),
                null,
            ],
            // The state comes a moment before the reason.
            [fwupd('DeviceChanged', { UpdateState: variant('u', 3), Modified: variant('t', 1_763_722_222n) }), null],
            [
                fwupd('DeviceChanged', {
                    UpdateState: variant('u', 3),
                    UpdateError: variant('s', 'failed to write block 3: timed out'),
                    Modified: variant('t', 1_763_722_222n),
                }),
                'device firmware-failed Unifying Receiver: The firmware of Unifying Receiver could not be updated',
            ],
            [
                fwupd('DeviceChanged', {
                    UpdateState: variant('u', 5),
                    UpdateError: variant('s', 'Cannot install update without external power'),
                    Modified: variant('t', 1_763_733_333n),
                }),
                'device firmware-waits Unifying Receiver: The firmware of Unifying Receiver cannot be updated yet',
            ],
            [
                fwupd('DeviceChanged', { UpdateState: variant('u', 4), Modified: variant('t', 1_763_744_444n) }),
                'device firmware-staged Unifying Receiver: New firmware for Unifying Receiver will be installed at the next startup',
            ],
        ],
    },
    {
        source: clock,
        service: 'org.freedesktop.timedate1',
        says: [
            [
                properties('/org/freedesktop/timedate1', 'org.freedesktop.timedate1', { NTP: variant('b', false) }),
                'time alone clock: The clock is no longer set by the network',
            ],
        ],
    },
    {
        source: bluetooth,
        service: 'org.bluez',
        says: [
            [properties('/org/bluez/hci0/dev_1', 'org.bluez.Device1', { RSSI: variant('n', -40) }), null],
            [
                properties('/org/bluez/hci0/dev_1', 'org.bluez.Device1', { Connected: variant('b', false) }),
                'device removed wlan0: wlan0 was disconnected',
            ],
        ],
    },
    {
        source: packageKit,
        service: 'org.freedesktop.PackageKit',
        says: [
            [
                {
                    path: '/12_abc',
                    interface: 'org.freedesktop.PackageKit.Transaction',
                    member: 'ErrorCode',
                    signature: 'us',
                    body: [17, 'The mirror is away'],
                },
                'package failed PackageKit: Installing or updating software failed: The mirror is away',
            ],
        ],
    },
    {
        source: settings,
        service: 'ca.desrt.dconf',
        says: [
            [
                {
                    path: '/ca/desrt/dconf/Writer/user',
                    interface: 'ca.desrt.dconf.Writer',
                    member: 'Notify',
                    signature: 'sass',
                    body: ['/org/gnome/nautilus/window-state/', ['initial-size'], ''],
                },
                null,
            ],
            [
                {
                    path: '/ca/desrt/dconf/Writer/user',
                    interface: 'ca.desrt.dconf.Writer',
                    member: 'Notify',
                    signature: 'sass',
                    body: ['/org/gnome/desktop/interface/font-name', [''], ''],
                },
                'setting changed /org/gnome/desktop/interface/font-name: The setting /org/gnome/desktop/interface/font-name was changed',
            ],
        ],
    },
    {
        source: shellExtensions,
        service: 'org.gnome.Shell',
        says: [
            [
                {
                    path: '/org/gnome/Shell',
                    interface: 'org.gnome.Shell.Extensions',
                    member: 'ExtensionStateChanged',
                    signature: 'sa{sv}',
                    body: [
                        'dock@example.org',
                        { state: variant('d', 3), error: variant('s', 'TypeError: dock is null') },
                    ],
                },
                'session extension-error dock@example.org: The extension dock@example.org has an error',
            ],
        ],
    },
];

describe('A source of signals', () => {
    let bed: SourceBed;
    let bus: PrivateBus;
    let system: SystemBus;
    let session: Connection;
    let stop: AbortController;
    let services: string;
    const started = () => existsSync(join(services, 'started'));

    beforeEach(async () => {
        bed = new SourceBed();
        services = mkdtempSync(join(tmpdir(), 'reeve-services-'));
        for (const { service } of cases) {
            const text = `[D-BUS Service]\nName=${service}\nExec=/usr/bin/touch ${services}/started\n`;
            writeFileSync(join(services, `${service}.service`), text);
        }
        bus = await startPrivateBus({ services });
        stop = new AbortController();
        system = new SystemBus({ address: bus.address });
        void system.run(stop.signal);
        await system.tried;
        session = await Connection.open({ address: bus.address });
    });
    afterEach(async () => {
        stop.abort();
        await session[Symbol.asyncDispose]();
        await bus.stop();
        bed[Symbol.dispose]();
        rmSync(services, { recursive: true });
    });

    /** A stand-in that owns the name and calls everything "wlan0". */
    async function standIn(name: string): Promise<Connection> {
        const connection = await Connection.open({ address: bus.address });
        connection.onCall = message => {
            connection.reply(message, 'v', [variant('s', 'wlan0')]);
        };
        await connection.requestName(name);
        return connection;
    }
    const told = ({ entries }: SourceRun) =>
        entries.map(({ kind, event, subject, summary }) => `${kind} ${event} ${subject}: ${summary}`);

    for (const { source, service, says } of cases) {
        it(`reports what ${service} signals, and does not start it`, async () => {
            await using run = await bed.start(source, { session, system });
            expect(run.source.status).toEqual(jasmine.objectContaining({ state: 'watching', detail: '' }));
            expect(started()).toBeFalse();
            await using one = await standIn(service);
            const wanted = says.map(([, text]) => text).filter(text => text !== null);
            for (const [signal] of says) one.emit(signal);
            await run.until(() => run.entries.length === wanted.length);
            expect(told(run)).toEqual(wanted);
            expect(started()).toBeFalse();
        });
    }

    it('counts a signal that makes no sense, and goes on', async () => {
        await using run = await bed.start(logind, { session, system });
        await using one = await standIn('org.freedesktop.login1');
        one.emit({ ...login1, member: 'PrepareForSleep', signature: 's', body: ['yes'] });
        one.emit({ ...login1, member: 'PrepareForSleep', body: [true] });
        await run.until(() => run.entries.length === 1);
        expect(run.source.status.lost).toBe(1);
    });

    it('believes nobody but the service', async () => {
        await using run = await bed.start(logind, { session, system });
        await using one = await standIn('org.freedesktop.login1');
        session.emit({ ...login1, member: 'PrepareForShutdown', body: [true] });
        one.emit({ ...login1, member: 'PrepareForSleep', body: [true] });
        await run.until(() => run.entries.length > 0);
        expect(run.entries.map(({ event }) => event)).toEqual(['suspend']);
    });

    /** A stand-in whose methods answer as `answers` says: member → signature and values, given what was asked. */
    async function answering(
        name: string,
        answers: Record<string, (path: string, argument: unknown) => [string, unknown[]]>,
    ): Promise<Connection> {
        const connection = await Connection.open({ address: bus.address });
        connection.onCall = message => {
            const [signature, values] = answers[message.member ?? '']?.(message.path ?? '', message.body[1]) ?? [
                '',
                [],
            ];
            connection.reply(message, signature, values);
        };
        await connection.requestName(name);
        return connection;
    }

    it('reports who logs in and out, but not the sessions of programs', async () => {
        await using run = await bed.start(logind, { session, system });
        const sessions: Record<string, Record<string, string>> = {
            '/org/freedesktop/login1/session/_31': { Class: 'background', Name: 'root', RemoteHost: '' },
            '/org/freedesktop/login1/session/_32': { Class: 'user', Name: 'alice', RemoteHost: '' },
            '/org/freedesktop/login1/session/_33': { Class: 'user', Name: 'bob', RemoteHost: '192.0.2.7' },
        };
        await using one = await answering('org.freedesktop.login1', {
            Get: (path, property) => ['v', [variant('s', sessions[path]?.[String(property)] ?? '')]],
        });
        const answer = one.onCall;
        one.onCall = message => {
            const isOver = message.path === '/org/freedesktop/login1/session/_34';
            if (isOver) one.replyError(message, new BusError('org.freedesktop.DBus.Error.UnknownObject', 'gone'));
            else answer(message);
        };
        const tell = (member: string, id: string, path: string) => {
            one.emit({ ...login1, signature: 'so', member, body: [id, `/org/freedesktop/login1/session/_3${path}`] });
        };
        for (const [id, path] of [
            ['c1', '1'],
            ['4', '4'],
            ['2', '2'],
            ['3', '3'],
        ] as const)
            tell('SessionNew', id, path);
        await run.until(() => run.entries.length === 2);
        tell('SessionRemoved', 'c1', '1');
        tell('SessionRemoved', '3', '3');
        await run.until(() => run.entries.length === 3);
        expect(told(run)).toEqual([
            'session login alice: alice logged in',
            'session login bob: bob logged in from 192.0.2.7',
            'session logout bob: bob logged out',
        ]);
        expect(run.source.status.lost).toBe(0);
    });

    it('reports what keeps the computer awake, and when nothing does any more', async () => {
        await using run = await bed.start(logind, { session, system });
        const held = [
            ['handle-power-key', 'alice', 'GNOME handles the key', 'block', 1000, 7],
            ['sleep', 'ModemManager', 'has to switch off', 'delay', 0, 8],
            ['shutdown:sleep', 'PackageKit', 'Package operation in progress', 'block', 0, 9],
        ];
        await using one = await answering('org.freedesktop.login1', {
            ListInhibitors: () => ['a(ssssuu)', [held]],
        });
        const inhibited = (what: string) => {
            one.emit(properties(login1.path, login1.interface, { BlockInhibited: variant('s', what) }));
        };
        inhibited('handle-power-key:handle-lid-switch');
        inhibited('shutdown:sleep:handle-power-key');
        inhibited('shutdown:sleep:handle-power-key:handle-lid-switch');
        inhibited('handle-power-key');
        await run.until(() => run.entries.length === 2);
        // GNOME's session holds a weak lock, which has a property of its own.
        held[2] = ['sleep:shutdown', 'alice', 'user session inhibited', 'block-weak', 1000, 10];
        one.emit(properties(login1.path, login1.interface, { BlockWeakInhibited: variant('s', 'shutdown:sleep') }));
        inhibited('');
        await run.until(() => run.entries.length === 3);
        expect(told(run)).toEqual([
            'suspend inhibited computer: PackageKit keeps the computer awake',
            'suspend allowed computer: Nothing prevents sleep and shutdown any more',
            'suspend inhibited computer: alice keeps the computer awake',
        ]);
        expect(run.entries[0]?.facts.why).toBe('Package operation in progress');
    });

    it('reports once that a battery is worn, and again when it is much worse, another, or its incident was closed', async () => {
        const of = (capacity: number, more: Record<string, unknown> = {}) => ({
            Type: variant('u', 2),
            PowerSupply: variant('b', true),
            IsPresent: variant('b', true),
            Capacity: variant('d', capacity),
            Vendor: variant('s', 'SMP'),
            Model: variant('s', '01AV430'),
            Serial: variant('s', '1234'),
            ...more,
        });
        /** What is told when Reeve and UPower are started. */
        const meet = async (capacity: number) => {
            await using run = await bed.start(power, { session, system });
            const devices: Record<string, Record<string, unknown>> = {
                [`${upower}/devices/battery_BAT0`]: of(capacity),
                [`${upower}/devices/mouse`]: of(10, { PowerSupply: variant('b', false) }),
                [`${upower}/devices/line_power_AC`]: of(0, { Type: variant('u', 1) }),
            };
            const asked = Promise.withResolvers<undefined>();
            await using upowerd = await answering('org.freedesktop.UPower', {
                EnumerateDevices: () => {
                    asked.resolve(undefined);
                    return ['ao', [Object.keys(devices)]];
                },
                GetAll: path => ['a{sv}', [devices[path]]],
            });
            await asked.promise;
            // What is said after the question is heard after the answer.
            upowerd.emit(properties(upower, 'org.freedesktop.UPower', { OnBattery: variant('b', true) }));
            await run.until(() => run.entries.some(({ event }) => event === 'on-battery'));
            return told(run).filter(text => text.includes('worn'));
        };
        const worn = (share: number) => [
            `power worn SMP 01AV430: The battery holds only ${share} % of what it held when new`,
        ];
        expect(await meet(80)).toEqual([]);
        expect(await meet(62.4)).toEqual(worn(62));
        for (const about of [60, 76, 62]) expect(await meet(about)).toEqual([]);
        expect(await meet(51)).toEqual(worn(51));
        bed.recover();
        expect(await meet(51)).toEqual(worn(51));
        expect(await meet(97)).toEqual([]);
        expect(await meet(74)).toEqual(worn(74));
        expect(started()).toBeFalse();
    });

    it('reports drives that were failing before anybody listened, as long as no incident is open about them, nor was dismissed', async () => {
        const ata = (path: string, isFailing: boolean) => [
            `${udisks}/drives/${path}`,
            { 'org.freedesktop.UDisks2.Drive.Ata': { SmartFailing: variant('b', isFailing) } },
        ];
        const worn = { 'org.freedesktop.UDisks2.NVMe.Controller': { SmartCriticalWarning: variant('as', ['spare']) } };
        const objects = Object.fromEntries([
            ata('ACME_SSD_1', true),
            ata('ACME_HDD_2', false),
            [`${udisks}/drives/ACME_NVMe_3`, worn],
            ...['sda', 'sda1', 'nvme1n1'].map(device => [
                `${udisks}/block_devices/${device}`,
                {
                    'org.freedesktop.UDisks2.Block': {
                        Drive: variant(
                            'o',
                            `${udisks}/drives/${device.startsWith('sda') ? 'ACME_SSD_1' : 'ACME_NVMe_3'}`,
                        ),
                    },
                    ...(device === 'sda1' && { 'org.freedesktop.UDisks2.Partition': {} }),
                },
            ]),
        ]) as Record<string, unknown>;
        /** What is told when Reeve and udisks are started. */
        const meet = async () => {
            await using run = await bed.start(drives, { session, system });
            const asked = Promise.withResolvers<undefined>();
            await using udisksd = await answering('org.freedesktop.UDisks2', {
                GetManagedObjects: () => {
                    asked.resolve(undefined);
                    return ['a{oa{sa{sv}}}', [objects]];
                },
            });
            await asked.promise;
            // What is said after the question is heard after the answer.
            udisksd.emit(
                properties(`${udisks}/block_devices/sdb1`, 'org.freedesktop.UDisks2.Filesystem', {
                    MountPoints: variant('aay', [mounted]),
                }),
            );
            await run.until(() => run.entries.some(({ event }) => event === 'mounted'));
            return run.entries.filter(({ event }) => event === 'drive-failing').map(({ subject }) => subject);
        };
        expect(await meet()).toEqual(['ACME SSD 1', 'ACME NVMe 3']);
        expect(await meet()).toEqual([]);
        bed.recover();
        expect(await meet()).toEqual(['ACME SSD 1', 'ACME NVMe 3']);
        bed.recover('dismissed');
        expect(await meet()).toEqual([]);
        // As smartd and the kernel call them, so that they tell of the same.
        expect(
            bed.incidents.list().map(({ kind, severity, subject }) => [kind, severity, subject] as string[]),
        ).toEqual([
            ['smart-failure', 'critical', 'sda'],
            ['smart-failure', 'critical', 'nvme1'],
        ]);
    });

    describe('NetworkManager, asked how things are', () => {
        let connectivity = 4;
        let checks = { ConnectivityCheckAvailable: true, ConnectivityCheckEnabled: true };
        let primary = `${nm}/ActiveConnection/1`;
        beforeEach(() => {
            checks = { ConnectivityCheckAvailable: true, ConnectivityCheckEnabled: true };
            primary = `${nm}/ActiveConnection/1`;
        });
        const answers = {
            GetAll: (path: string): [string, unknown[]] => {
                const values: Record<string, Record<string, unknown>> = {
                    [nm]: {
                        Connectivity: variant('u', connectivity),
                        ConnectivityCheckAvailable: variant('b', checks.ConnectivityCheckAvailable),
                        ConnectivityCheckEnabled: variant('b', checks.ConnectivityCheckEnabled),
                        PrimaryConnection: variant('o', primary),
                    },
                    [`${nm}/ActiveConnection/1`]: { Devices: variant('ao', [nmDevice.path]) },
                    [nmDevice.path]: { Interface: variant('s', 'wlan0') },
                };
                return ['a{sv}', [values[path]]];
            },
        };
        const signal = () =>
            properties(nm, 'org.freedesktop.NetworkManager', { Connectivity: variant('u', connectivity) });
        const incidents = () => bed.incidents.list().map(({ kind, subject, affected }) => [kind, subject, ...affected]);

        it('is a fault when the internet stays out of reach, and none when one answer was lost', async () => {
            await using run = await bed.start(networkManagerSource({ patience: 50 }), { session, system });
            connectivity = 4;
            await using manager = await answering('org.freedesktop.NetworkManager', answers);
            connectivity = 3;
            manager.emit(signal());
            await run.until(() => run.entries.some(({ event }) => event === 'no-internet'));
            expect(run.entries.at(-1)?.facts).toEqual({ interface: 'wlan0' });
            expect(incidents()).toEqual([['no-internet', 'Internet']]);

            // It is back when it is asked again.
            const asked = Promise.withResolvers<undefined>();
            manager.emit(properties(nm, 'org.freedesktop.NetworkManager', { Connectivity: variant('u', 4) }));
            connectivity = 4;
            let times = 0;
            manager.onCall = message => {
                const [signature, values] = answers.GetAll(message.path ?? '');
                manager.reply(message, signature, values);
                // Whether it checks at all is asked before.
                if (message.path === nmDevice.path) times += 1;
                if (times === 2) asked.resolve(undefined);
            };
            manager.emit(properties(nm, 'org.freedesktop.NetworkManager', { Connectivity: variant('u', 3) }));
            await asked.promise;
            manager.emit(properties(nm, 'org.freedesktop.NetworkManager', { Connectivity: variant('u', 1) }));
            await run.until(() => run.entries.at(-1)?.event === 'connectivity-none');
            expect(run.entries.map(({ event }) => event)).toEqual([
                'connectivity-limited',
                'no-internet',
                'connectivity-full',
                'connectivity-limited',
                'connectivity-none',
            ]);
        });

        it('is a part of what is known of its link', async () => {
            await using run = await bed.start(networkManagerSource({ patience: 50 }), { session, system });
            const silent = {
                time: Date.now() * 1000,
                kind: 'address',
                event: 'gateway-silent',
                subject: 'wlan0',
            } as const;
            bed.timeline.add({ ...silent, source: 'network', summary: 'silent', detail: '', facts: {} });
            connectivity = 3;
            await using manager = await answering('org.freedesktop.NetworkManager', answers);
            manager.emit(signal());
            await run.until(() => run.entries.some(({ event }) => event === 'no-internet'));
            expect(incidents()).toEqual([['gateway', 'wlan0', 'Internet']]);
        });

        /** What is told of a network that is so when Reeve is started, up to what happens after it was asked a second time. */
        async function meet(): Promise<string[]> {
            await using run = await bed.start(networkManagerSource({ patience: 50 }), { session, system });
            let times = 0;
            const asked = Promise.withResolvers<undefined>();
            await using manager = await answering('org.freedesktop.NetworkManager', {
                GetAll: path => {
                    if (path === nm) times += 1;
                    if (times === 2) asked.resolve(undefined);
                    return answers.GetAll(path);
                },
            });
            await asked.promise;
            manager.onCall = message => {
                if (message.member === 'GetAll') manager.reply(message, ...answers.GetAll(message.path ?? ''));
                else manager.reply(message, 'v', [variant('s', 'wlan0')]);
            };
            manager.emit({ ...nmDevice, member: 'StateChanged', body: [120, 60, 9] });
            await run.until(() => run.entries.at(-1)?.event === 'activation-failed');
            return run.entries.slice(0, -1).map(({ event }) => event);
        }

        it('is no fault of a network that is not there, nor reported again after it was dismissed, until it was well', async () => {
            connectivity = 3;
            primary = '/';
            expect(await meet()).toEqual([]);
            primary = `${nm}/ActiveConnection/1`;
            expect(await meet()).toEqual(['no-internet']);
            expect(await meet()).toEqual([]);
            bed.recover('dismissed');
            expect(await meet()).toEqual([]);
            const well = { time: Date.now() * 1000, kind: 'network', event: 'connectivity-full' } as const;
            bed.timeline.add({
                ...well,
                subject: 'internet',
                source: 'network-manager',
                summary: 'well',
                detail: '',
                facts: {},
            });
            expect(await meet()).toEqual(['no-internet']);
            expect(incidents().map(([kind]) => kind)).toEqual(['no-internet', 'no-internet']);
        });

        for (const unchecked of ['ConnectivityCheckAvailable', 'ConnectivityCheckEnabled']) {
            it(`is nothing that NetworkManager only guesses, without ${unchecked}`, async () => {
                checks = { ...checks, [unchecked]: false };
                for (const guess of [2, 3]) {
                    connectivity = guess;
                    await using run = await bed.start(networkManagerSource({ patience: 50 }), { session, system });
                    await using manager = await answering('org.freedesktop.NetworkManager', answers);
                    for (const value of [3, 1])
                        manager.emit(
                            properties(nm, 'org.freedesktop.NetworkManager', { Connectivity: variant('u', value) }),
                        );
                    await run.until(() => run.entries.at(-1)?.event === 'connectivity-none');
                    expect(run.entries.map(({ event }) => event)).toEqual(['connectivity-none']);
                }
                expect(incidents()).toEqual([]);
            });
        }

        it('reports a login page that was there first, once', async () => {
            connectivity = 2;
            for (const wanted of [['connectivity-portal'], []]) {
                await using run = await bed.start(networkManagerSource({ patience: 50 }), { session, system });
                const asked = Promise.withResolvers<undefined>();
                await using manager = await answering('org.freedesktop.NetworkManager', {
                    GetAll: path => {
                        if (path === nmDevice.path) asked.resolve(undefined);
                        return answers.GetAll(path);
                    },
                });
                await asked.promise;
                manager.emit({ ...nmDevice, member: 'StateChanged', body: [120, 60, 9] });
                manager.onCall = message => {
                    manager.reply(message, 'v', [variant('s', 'wlan0')]);
                };
                await run.until(() => run.entries.at(-1)?.event === 'activation-failed');
                expect(run.entries.slice(0, -1).map(({ event }) => event)).toEqual(wanted);
            }
            expect(incidents()).toEqual([['portal', 'Internet']]);
        });
    });

    it('asks fwupd what came of updates while the computer started, once somebody else has started it', async () => {
        const outcome = (id: string, state: number, more: Record<string, unknown>) => ({
            DeviceId: variant('s', id),
            Name: variant('s', 'System Firmware'),
            Vendor: variant('s', 'ACME'),
            UpdateState: variant('u', state),
            ...more,
        });
        const updated = outcome('bios', 2, { Release: variant('aa{sv}', [{ Version: variant('s', '1.14') }]) });
        const refused = outcome('ec', 3, { UpdateError: variant('s', 'expected 7 and got 6') });
        const startFwupd = async (history: unknown[]) => {
            const connection = await Connection.open({ address: bus.address });
            connection.onCall = message => {
                expect(message.member).toBe('GetHistory');
                connection.reply(message, 'aa{sv}', [history]);
            };
            await connection.requestName('org.freedesktop.fwupd');
            return connection;
        };
        await using run = await bed.start(firmware, { session, system });
        const first = await startFwupd([updated]);
        while (bed.database.getState('firmware-told') === null) await new Promise(setImmediate);
        await first[Symbol.asyncDispose]();
        // What was there the first time is old.
        expect(run.entries).toEqual([]);
        const second = await startFwupd([updated, refused]);
        await run.until(() => run.entries.length === 1);
        expect(run.source.status.lost).toBe(0);
        await second[Symbol.asyncDispose]();
        await using third = await startFwupd([updated, refused]);
        third.emit(fwupd('DeviceChanged', { UpdateState: variant('u', 4) }));
        await run.until(() => run.entries.length === 2);
        expect(told(run)).toEqual([
            'device firmware-failed ACME System Firmware: The firmware of ACME System Firmware could not be updated',
            'device firmware-staged Unifying Receiver: New firmware for Unifying Receiver will be installed at the next startup',
        ]);
        expect(run.entries[0]?.detail).toBe('expected 7 and got 6');
        expect(started()).toBeFalse();
    });

    it('outlives a service that lies about itself, and one that goes away without an answer', async () => {
        await using run = await bed.start(firmware, { session, system });
        {
            await using liar = await Connection.open({ address: bus.address });
            liar.onCall = message => {
                liar.reply(message, 'aa{sv}', [[{ DeviceId: variant('u', 7) }]]);
            };
            await liar.requestName('org.freedesktop.fwupd');
            await run.until(() => run.source.status.lost > 0);
        }
        {
            await using silent = await Connection.open({ address: bus.address });
            const asked = Promise.withResolvers<undefined>();
            silent.onCall = () => {
                asked.resolve(undefined);
            };
            await silent.requestName('org.freedesktop.fwupd');
            await asked.promise;
        }
        while (run.source.status.lost < 2) await new Promise(setImmediate);
        await using honest = await standIn('org.freedesktop.fwupd');
        honest.emit(fwupd('DeviceChanged', { UpdateState: variant('u', 4) }));
        await run.until(() => run.entries.length === 1);
        expect(run.source.status.state).toBe('watching');
    });

    it('outlives a service that hangs: what it says meanwhile is told in the end, or counted', async () => {
        await using run = await bed.start(bluetooth, { session, system });
        await using hanging = await Connection.open({ address: bus.address });
        const asked: Parameters<Connection['onCall']>[0][] = [];
        const heard = Promise.withResolvers<undefined>();
        hanging.onCall = message => {
            asked.push(message);
            heard.resolve(undefined);
        };
        await hanging.requestName('org.bluez');
        const connected = (isConnected: boolean) =>
            properties('/org/bluez/hci0/dev_1', 'org.bluez.Device1', { Connected: variant('b', isConnected) });
        for (let index = 0; index < 1500; index++) hanging.emit(connected(true));
        await heard.promise;
        await run.until(() => run.source.status.lost > 0);
        while (run.source.status.lost < 500) await new Promise(setImmediate);
        // One question at a time: a service that hangs is not made worse.
        expect(asked.length).toBe(1);
        hanging.onCall = message => {
            hanging.reply(message, 'v', [variant('s', 'Headphones')]);
        };
        for (const message of asked) hanging.reply(message, 'v', [variant('s', 'Headphones')]);
        await run.until(() => run.entries.length === 1000);
        expect(run.source.status.lost).toBe(500);
        expect(run.source.status.state).toBe('watching');
    });

    it('tells a service that was only stopped from one that is not installed', async () => {
        const policy = join(bed.root, 'usr/share/dbus-1/system.d/org.freedesktop.NetworkManager.conf');
        rmSync(join(services, 'org.freedesktop.NetworkManager.service'), { force: true });
        await bus.stop();
        bus = await startPrivateBus();
        const elsewhere = new SystemBus({ address: bus.address });
        void elsewhere.run(stop.signal);
        await elsewhere.tried;
        for (const [state, detail] of [
            ['unavailable', 'There is no org.freedesktop.NetworkManager on this computer'],
            ['watching', 'org.freedesktop.NetworkManager is not running'],
        ] as const) {
            await using run = await bed.start(networkManager, { system: elsewhere });
            expect(run.source.status).toEqual(jasmine.objectContaining({ state, detail }));
            mkdirSync(dirname(policy), { recursive: true });
            writeFileSync(policy, '<busconfig/>\n');
        }
    });

    it('says that its service is not there, listens once it comes, and is not there without its bus', async () => {
        rmSync(join(services, 'org.bluez.service'));
        await bus.stop();
        bus = await startPrivateBus();
        const elsewhere = new SystemBus({ address: bus.address });
        void elsewhere.run(stop.signal);
        await elsewhere.tried;
        {
            await using run = await bed.start(bluetooth, { system: elsewhere });
            expect(run.source.status).toEqual(
                jasmine.objectContaining({ state: 'unavailable', detail: 'There is no org.bluez on this computer' }),
            );
            await using late = await Connection.open({ address: bus.address });
            await late.requestName('org.bluez');
            await run.until(() => run.source.status.detail === '');
            expect(run.source.status.state).toBe('watching');
            const powered = properties('/org/bluez/hci0', 'org.bluez.Adapter1', { Powered: variant('b', false) });
            late.emit(powered);
            await run.until(() => run.entries.length === 1);
            expect(run.entries[0]?.event).toBe('offline');
        }
        await using run = await bed.start(bluetooth);
        expect(run.source.status.state).toBe('unavailable');
    });

    it('waits for a bus that is not there yet, and says so', async () => {
        const nowhere = new SystemBus({ address: 'unix:path=/nonexistent/bus' });
        void nowhere.run(stop.signal);
        await using run = await bed.start(logind, { system: nowhere });
        await run.until(() => run.source.status.state === 'waiting');
        expect(run.source.status.detail).toBe('There is no message bus for it');
    });

    it('starts over when the bus comes back', async () => {
        await using run = await bed.start(logind, { session, system });
        await system.connection?.[Symbol.asyncDispose]();
        await run.until(() => run.source.status.state === 'waiting');
        await run.until(() => run.source.status.state === 'watching');
        await using one = await standIn('org.freedesktop.login1');
        one.emit({ ...login1, member: 'PrepareForSleep', body: [true] });
        await run.until(() => run.entries.length === 1);
        expect(run.entries.length).toBe(1);
    });
});
