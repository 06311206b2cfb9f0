// Made-up computers, and parameters of actions that fit them or do not.
import fc, { type Arbitrary } from 'fast-check';
import { chmodSync, copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';

import type { ActionName } from '../../../service/actions/actions.ts';
import { scales, switches } from '../../../service/actions/settings/desktopSettings.ts';
import { recordedUnits } from '../recordedUnits.ts';
import {
    account,
    lock,
    programId,
    programStarted,
    screenModes,
    user,
    type Computer,
    type State,
    type UnitFileState,
} from './computer.ts';

/** Pieces of text that mean something to somebody: to a shell, a terminal, a markup, a path, a program's options. */
const hostilePieces = [
    '$(id)',
    '`id`',
    '; reboot',
    '| sh',
    '&& rm -rf ~',
    '"',
    "'",
    '\\',
    '%s',
    '${PATH}',
    '--help',
    '-rf',
    '-o=x',
    '@file',
    '../../etc/passwd',
    '/etc/shadow',
    '<b>',
    '</span>',
    '<a href="https://evil.example">',
    '&amp;',
    '[x](https://evil.example)',
    '\u001b[31m',
    '\u001b]0;x\u0007',
    '\u009b2J',
    '\u202e',
    '\u2066',
    '\u200b',
    '\ufeff',
    '\u{e0041}',
    '\0',
    '\n',
    '\r',
    '\t',
    ' < /etc/passwd',
    '{unit}',
    '{{constructor}}',
    '__proto__',
    'constructor',
    '\ud800',
];

/** A name that somebody else has chosen. */
export const anyName: Arbitrary<string> = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('Home', 'Café Central', 'Editor', 'a b', 'مكتب') },
    {
        weight: 4,
        arbitrary: fc
            .array(fc.oneof(fc.constantFrom(...hostilePieces), fc.string({ unit: 'grapheme', maxLength: 4 })), {
                minLength: 1,
                maxLength: 4,
            })
            .map(pieces => pieces.join('')),
    },
);
/** As a file of Linux can be called: any bytes but a slash and a zero; here, those that JavaScript can write. */
const fileName = anyName
    .map(name => name.replaceAll(/[/\0]/g, '_').slice(0, 40).toWellFormed())
    .filter(name => !['', '.', '..'].includes(name));
const serviceName = anyName.map(name => name.toWellFormed().replaceAll('\0', ''));
/** As lpadmin(8) lets printers be called. */
const queueName = anyName
    .map(name =>
        name
            .toWellFormed()
            .replaceAll(/[\s/\\?'"#\p{Cc}]/gu, '')
            .replace(/^-+/, ''),
    )
    .filter(name => name !== '');
const uuid = (index: number) => `f330dfdb-5cc1-4b4d-b738-21ade5a5e0b${index}`;
const mode = fc.constantFrom(0o600, 0o640, 0o644, 0o660, 0o664, 0o700, 0o755);

/** Those that hold a list or a text. */
const others: Readonly<Record<string, readonly string[]>> = {
    'org.gnome.system.locale region': ["''", "'en_US.UTF-8'"],
    'org.gnome.desktop.background picture-uri': ["''", "'file:///usr/share/backgrounds/a.png'"],
    'org.gnome.desktop.background picture-uri-dark': ["''", "'file:///usr/share/backgrounds/b.png'"],
    'org.gnome.desktop.input-sources sources': ['@a(ss) []', "[('xkb', 'us')]", "[('xkb', 'us'), ('xkb', 'de')]"],
    'org.gnome.shell favorite-apps': [
        '@as []',
        "['org.example.Editor.desktop']",
        `["it's.desktop", 'a, b.desktop', 'org.example.Editor.desktop', '\\'.desktop']`,
        "['firefox.desktop', 'org.example.Editor.desktop.desktop']",
    ],
};
const settings = [...Object.values(switches), ...Object.values(scales)]
    .map(({ schema, key }) => `${schema} ${key}`)
    .concat(Object.keys(others), 'org.gnome.shell.extensions.dash-to-dock dock-position');
const settingOf = (name: string): Arbitrary<string> => {
    const given = others[name];
    if (given !== undefined) return fc.constantFrom(...given);
    const row = Object.values(switches).find(({ schema, key }) => `${schema} ${key}` === name);
    if (row !== undefined) return fc.constantFrom(row.on, row.off);
    if (name.endsWith('dock-position')) return fc.constantFrom("'LEFT'", "'BOTTOM'", '');
    if (name.endsWith('idle-delay')) return fc.constantFrom('uint32 300', 'uint32 0');
    if (name.endsWith('lock-delay')) return fc.constantFrom('uint32 60', 'uint32 0');
    if (name.endsWith('temperature')) return fc.constantFrom('uint32 2700', 'uint32 4000');
    return name.endsWith('-factor') ? fc.constantFrom('1.0', '1.25', '0.75') : fc.constantFrom('24', '32');
};

const versions = ['1.0', '1.1', '2:3.4-5+deb13u1'];
const packageNames = ['bench-tool', 'hexer', 'libneeded', 'linux-tools'];

const outputs = ['alsa_output.pci-0000_00_1f.3.analog-stereo', 'bluez_output.AA_BB_CC_DD_EE_FF.1', 'hdmi'];
const addresses = ['AA:BB:CC:DD:EE:FF', '00:11:22:33:44:55'];

const volumes = ['sdb1', 'sdb2', 'sdc1'];

const samples = ['sample-web.service', 'sample-exit.service', 'sample-database.service', 'sample-loop.service'];
/** In an hour, in seconds since the Unix epoch. */
const soon = Math.floor(Date.now() / 60_000) * 60 + 3600;

const anything: Arbitrary<State> = fc.record({
    grants: fc.constant([]),
    running: fc.subarray(samples),
    unitFiles: fc.record(
        Object.fromEntries(
            samples.map(name => [name, fc.constantFrom<UnitFileState>('enabled', 'disabled', 'masked', 'static')]),
        ),
    ),
    clock: fc.record({
        Timezone: fc.constantFrom('Europe/Berlin', 'Asia/Tokyo', 'UTC', ''),
        LocalRTC: fc.boolean(),
        CanNTP: fc.boolean(),
        NTP: fc.boolean(),
        NTPSynchronized: fc.boolean(),
    }),
    settings: fc.record(Object.fromEntries(settings.map(name => [name, settingOf(name)]))),
    volume: fc.record({ percent: fc.integer({ min: 0, max: 150 }), isMuted: fc.boolean() }),
    card: fc.record({ name: serviceName, profile: fc.constantFrom(0, 1) }),
    outputs: fc.dictionary(fc.constantFrom(...outputs), serviceName),
    chosenOutput: fc.constantFrom(null, 'gone', ...outputs),
    volumes: fc.dictionary(
        fc.constantFrom(...volumes),
        fc.record({ label: serviceName, isMounted: fc.boolean(), canPowerOff: fc.constant(true) }),
    ),
    screen: fc.constantFrom(...Object.entries(screenModes)).chain(([name, scales]) =>
        fc.record({
            mode: fc.constant(name),
            scale: fc.constantFrom(...scales),
            transform: fc.integer({ min: 0, max: 7 }),
        }),
    ),
    second: fc.constantFrom<State['second']>(
        null,
        { first: [0, 0], own: null, isPrimary: false },
        { first: [0, 0], own: { x: 2560, y: 0, mode: '1920x1080@60.000', scale: 1, transform: 0 }, isPrimary: false },
        { first: [100, 1080], own: { x: 0, y: 0, mode: '1920x1080@60.000', scale: 1, transform: 0 }, isPrimary: true },
    ),
    firewall: fc.constantFrom(null, 'on', 'off'),
    testing: fc.constant([]),
    brightness: fc.constantFrom(1, 50, 100),
    quota: fc.constantFrom(null, 25, 150),
    near: fc.dictionary(
        fc.constant('22:22:22:22:22:22'),
        fc.record({ name: serviceName, icon: fc.constantFrom('audio-headset', 'input-keyboard') }),
    ),
    accounts: fc.array(
        fc.record({
            RealName: serviceName,
            AccountType: fc.constantFrom(0, 1),
            AutomaticLogin: fc.boolean(),
        }),
        { minLength: 2, maxLength: 2 },
    ),
    firmware: fc.array(fc.record({ name: serviceName, to: serviceName }), { maxLength: 2 }),
    hasSnapper: fc.boolean(),
    paired: fc.dictionary(
        fc.constantFrom(...addresses),
        fc.record({
            name: serviceName,
            icon: fc.constantFrom('audio-headphones', 'input-mouse', ''),
            isConnected: fc.boolean(),
        }),
    ),
    names: fc.record({
        StaticHostname: fc.constantFrom('', 'desk', 'kitchen'),
        PrettyHostname: fc.oneof(fc.constant(''), serviceName),
    }),
    language: fc.constantFrom('', 'en_US.UTF-8'),
    locale: fc.constantFrom<string[]>([], ['LANG=en_US.UTF-8'], ['LANG=de_DE.UTF-8', 'LC_TIME=en_GB.UTF-8']),
    scheduled: fc.constantFrom<[string, number]>(['', 0], ['reboot', soon * 1e6], ['dry-poweroff', 1]),
    hosts: fc.constantFrom(
        '127.0.0.1 localhost\n127.0.1.1 desk.example.org desk\n',
        '127.0.0.1 localhost\n0.0.0.0 example.com www.example.com # ads\n',
        '# none',
    ),
    fstab: fc.constantFrom(
        'UUID=1-2 / ext4 defaults 0 1\n',
        'UUID=1-2 / ext4 defaults 0 1\nUUID=1234-ABCD /mnt/music auto defaults,nofail 0 0\n',
    ),
    sshd: fc.constantFrom(
        '# settings\nInclude /etc/ssh/sshd_config.d/*.conf\nX11Forwarding yes\n',
        'passwordauthentication no\nMatch User alice\n  PasswordAuthentication yes\n',
        '',
    ),
    isReadOnly: fc.boolean(),
    aptSources: fc.subarray(['vendor.sources', 'old.list', 'debian.sources']),
    flatpaks: fc
        .subarray(['org.example.Draw user', 'org.example.Draw system', 'org.example.Hex system'])
        .chain(all =>
            fc.tuple(
                ...all.map(each => {
                    const [id = '', installation = ''] = each.split(' ');
                    return fc.record({
                        id: fc.constant(id),
                        name: serviceName.map(name => name.replaceAll(/[\t\n]/g, ' ')),
                        installation: fc.constant(installation),
                        isOld: fc.boolean(),
                    });
                }),
            ),
        )
        .map(all =>
            all.sort((one, other) => (`${one.id} ${one.installation}` < `${other.id} ${other.installation}` ? -1 : 1)),
        ),
    autostart: fc.record({
        own: fc.constantFrom(null, '[Desktop Entry]\nHidden=true\n', '[Desktop Entry]\nName=Own\n'),
        shared: fc.constantFrom(null, '[Desktop Entry]\nName=Shared\n'),
    }),
    powerProfile: fc.constantFrom('power-saver', 'balanced', 'performance', 'other'),
    extensions: fc.dictionary(
        fc.constantFrom('dock@example.org', 'a.b+c@d', 'hostile <b>@x'),
        fc.record({ name: serviceName, enabled: fc.boolean() }),
    ),
    connections: fc
        .array(
            fc.record({
                id: fileName,
                type: fc.constantFrom('802-11-wireless', 'wireguard', '802-3-ethernet', 'bridge'),
                isUp: fc.boolean(),
                isKept: fc.boolean(),
            }),
            { maxLength: 5 },
        )
        .map(distinctConnections),
    isPlugged: fc.boolean(),
    radios: fc.record({
        wifi: fc.boolean(),
        bluetooth: fc.boolean(),
        airplane: fc.boolean(),
        blocked: fc.subarray(['bluetooth', 'wlan']),
    }),
    packages: fc.dictionary(fc.constantFrom(...packageNames), fc.constantFrom(...versions)),
    sources: fc.dictionary(
        fc.constantFrom(...packageNames),
        fc.uniqueArray(fc.constantFrom(...versions), { minLength: 1 }),
    ),
    needs: fc.dictionary(fc.constantFrom('bench-tool', 'hexer'), fc.constant(['libneeded'])),
    unpacked: fc.subarray(['bench-tool']),
    summary: fc.oneof(fc.constant('A tool'), serviceName),
    held: fc.subarray(packageNames),
    printers: fc
        .uniqueArray(
            fc.record({
                name: queueName,
                title: serviceName,
                isStopped: fc.boolean(),
                accepts: fc.boolean(),
                jobs: fc.array(
                    fc.record({ id: fc.constant(0), title: serviceName, isHeld: fc.boolean(), isOwn: fc.boolean() }),
                    { maxLength: 3 },
                ),
            }),
            { maxLength: 3, selector: ({ name }) => name },
        )
        .map(printers =>
            printers.map((each, at) => ({
                ...each,
                jobs: each.jobs.map((one, index) => ({ ...one, id: 10 * at + index + 1 })),
            })),
        ),
    defaultPrinter: fc.constantFrom(null, 'Office'),
    isLocked: fc.boolean(),
    readsLog: fc.boolean(),
    watches: fc.constantFrom(128, 8192, 65_536, 2_000_000),
    application: fc.oneof(
        fc.constant('Editor'),
        serviceName.map(name => name.replaceAll(/[\r\n]/g, ' ')),
    ),
    program: fc.record({ name: serviceName.map(name => name.slice(0, 15) || 'x'), isApplication: fc.boolean() }),
    trash: fc.uniqueArray(fileName, { maxLength: 3 }),
    files: fc.dictionary(fileName, fc.record({ text: fc.string({ unit: 'grapheme' }), mode }), { maxKeys: 3 }),
    kernels: fc.subarray(['6.1.0-9-amd64', '6.1.0-10-amd64']),
});

/** What is installed has what it needs. */
export const anyState: Arbitrary<State> = anything.map(state => {
    const isNeeded = Object.keys(state.packages).some(name => state.needs[name] !== undefined);
    return isNeeded ? { ...state, packages: { libneeded: '1.0', ...state.packages } } : state;
});

/** Their files have names of their own, and what is up can be up together. */
function distinctConnections(given: readonly Omit<State['connections'][number], 'uuid'>[]): State['connections'] {
    return given.map((each, index) => {
        const isFirst = given.findIndex(other => other.isUp && other.type === each.type) === index;
        const isVpn = each.type === 'wireguard';
        return { ...each, id: `${each.id} ${index}`, uuid: uuid(index), isUp: each.isUp && (isVpn || isFirst) };
    });
}

type Parameters = Record<string, unknown>;
const scope = fc.constantFrom('system', 'user');
const unitNames = Object.keys(recordedUnits(262));
const unit = fc.constantFrom(...unitNames, 'cups.service', 'nothing.service');
const locale = () => fc.record({ locale: fc.constantFrom('en_US.UTF-8', 'de_DE.UTF-8', 'fr_FR.UTF-8') });
const declared = () => fc.record({ service: fc.nat({ max: unitNames.length }).map(n => `s${n}`) });
const started = fc.record({ scope, unit, reset: fc.boolean() });
const ofSample = () => fc.record({ scope, unit: fc.constantFrom(...samples) });
const installed = ({ state }: Computer) =>
    fc.record({ name: fc.constantFrom('nothing', ...Object.keys(state.packages)) });
const editor = () => fc.record({ id: fc.constant('org.example.Editor') });
const program = { pid: fc.constant(programId), started: fc.constant(programStarted) };

const volume = () => fc.record({ device: fc.constantFrom(...volumes) });
const bluetooth = () => fc.record({ address: fc.constantFrom(...addresses) });

const extension = ({ state }: Computer) =>
    fc.record({ uuid: fc.constantFrom('dock@example.org', ...Object.keys(state.extensions)) });

/** Where what parameters fit depends on each other, or on what the computer has. */
const makers: Partial<
    Record<ActionName, (computer: Computer) => Arbitrary<Parameters> | Promise<Arbitrary<Parameters>>>
> = {
    'account.language': () => locale(),
    'account.formats': () => locale(),
    'account.readLog': () =>
        fc.record({ user: fc.constant(account), group: fc.constantFrom('systemd-journal', 'wheel') }),
    'account.rename': () =>
        fc.record({ user: fc.constantFrom(account, 'bob', 'nobody'), name: fc.constantFrom('Alice', 'علي') }),
    'account.kind': () => fc.record({ user: fc.constantFrom(account, 'bob'), isAdministrator: fc.boolean() }),
    'account.automaticLogin': () => fc.record({ user: fc.constantFrom(account, 'bob'), on: fc.boolean() }),
    'bluetooth.pair': () => fc.record({ address: fc.constantFrom('22:22:22:22:22:22', ...addresses) }),
    'firmware.update': () => fc.record({ device: fc.constantFrom('0'.repeat(40), `${'0'.repeat(39)}1`) }),
    'snapshot.make': () => fc.record({ config: fc.constantFrom('root', 'home', 'none') }),
    'account.unlock': () => fc.record({ user: fc.constant(account) }),
    'application.open': editor,
    'clock.zone': () => fc.record({ zone: fc.constantFrom('Europe/Berlin', 'Asia/Tokyo', 'UTC') }),
    'command.run': async computer => {
        const kept = await Promise.all(['', 'earlier\n'].map(text => computer.contents.put(Buffer.from(text))));
        const folder = join(computer.root, 'home');
        // A file that others can write does not get that mode again.
        const isClosed = ([, { mode }]: [string, State['files'][string]]) => (mode & 0o022) === 0;
        const edits = await Promise.all(
            Object.entries(computer.state.files)
                .filter(isClosed)
                .map(async ([name, { text, mode }]) => ({
                    kind: 'file',
                    path: join(folder, name),
                    before: await computer.contents.put(Buffer.from(text)),
                    permissions: permissions(mode),
                })),
        );
        const added = { kind: 'file', path: join(folder, 'new'), before: null, permissions: permissions(0o644) };
        const made = { ...added, after: kept[1] };
        return fc.record({
            argv: fc.constant(['make', 'all']),
            folders: fc.constant([folder]),
            network: fc.boolean(),
            sandbox: fc.constantFrom('bubblewrap', 'landlock'),
            changes: fc.constantFrom(null, ...kept).chain(after => {
                const rest = edits.map(edit => ({ ...edit, after }));
                return fc.subarray([...rest, made], { minLength: 1 });
            }),
        });
    },
    'application.default': () =>
        fc.record({ id: fc.constant('org.example.Editor'), kind: fc.constantFrom('text', 'photos', 'web') }),
    'autostart.add': editor,
    'autostart.remove': editor,
    'computer.name': () => fc.record({ name: fc.constantFrom('desk', 'attic') }),
    'computer.language': () => locale(),
    'dash.pin': editor,
    'dash.unpin': editor,
    'extension.disable': extension,
    'extension.enable': extension,
    'grant.allow': () =>
        fc.record({
            action: fc.constantFrom('unit.restart', 'unit.resetAndRestart'),
            parameters: fc.record({ scope: fc.constantFrom('user', 'system'), unit: fc.constantFrom('a.service') }),
            family: fc.constant('unit'),
            kind: fc.constantFrom('exit-code', 'core-dump'),
            subject: fc.constantFrom('a.service', 'Café Central'),
            incident: fc.constant(1),
            days: fc.integer({ min: 1, max: 365 }),
            uses: fc.integer({ min: 1, max: 100 }),
            perHour: fc.integer({ min: 1, max: 10 }),
        }),
    'file.compress': computer => fc.record({ path: fileIn(computer) }),
    'file.permissions': computer =>
        fc
            .record({
                path: fileIn(computer),
                restart: fc.option(started),
                purpose: fc.constantFrom(undefined, 'protect'),
            })
            .chain(given => {
                const present = (statSync(given.path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
                return mode.map(wanted =>
                    clean({ ...given, before: permissions(wanted), after: permissions(present) }),
                );
            }),
    'file.revert': async computer => {
        const { contents } = computer;
        const kept = await Promise.all(['', 'earlier\n', '# é\n'].map(text => contents.put(Buffer.from(text))));
        const paths = Object.entries(computer.state.files).map(
            ([name, { text }]) => [join(computer.root, 'home', name), text] as const,
        );
        const present = await Promise.all(
            paths.map(async ([path, text]) => [path, await contents.put(Buffer.from(text))] as const),
        );
        return fc
            .constantFrom([join(computer.root, 'home/new'), null] as const, ...present)
            .chain(([path, after]) =>
                fc.record({
                    path: fc.constant(path),
                    before: after === null ? fc.constantFrom(...kept) : fc.constantFrom(null, ...kept),
                    after: fc.constant(after),
                    permissions: fc.constantFrom(undefined, permissions(0o644), permissions(0o600)),
                    restart: fc.option(started),
                }),
            )
            .map(clean);
    },
    'firewall.port': () =>
        fc.record({ port: fc.constantFrom(22, 8080), protocol: fc.constantFrom('tcp', 'udp'), allow: fc.boolean() }),
    'flatpak.remove': () =>
        fc.record({
            id: fc.constantFrom('org.example.Draw', 'org.example.Hex'),
            installation: fc.constantFrom('user', 'system'),
        }),
    'flatpak.permission': () =>
        fc.record({
            id: fc.constantFrom('org.example.Draw', 'org.example.Hex'),
            permission: fc.constantFrom('network', 'files', 'devices', 'sound'),
            allow: fc.boolean(),
        }),
    'flatpak.permissionsReset': computer => {
        if (computer.state.isLocked)
            computer.write('/.local/share/flatpak/overrides/org.example.Draw', '[Context]\nshared=!network;\n');
        return fc.record({ id: fc.constant('org.example.Draw') });
    },
    'repository.add': () =>
        fc.record({
            name: fc.constantFrom('vendor', 'trixie-backports'),
            uri: fc.constantFrom('https://deb.example.org/debian'),
            suite: fc.constantFrom('stable', 'trixie-backports'),
            components: fc.constantFrom(['main'], ['main', 'contrib']),
            key: fc.constantFrom('/usr/share/keyrings/debian-archive-keyring.gpg', '/etc/apt/keyrings/none.gpg'),
        }),
    'repository.drop': () => fc.record({ file: fc.constantFrom('vendor.sources', 'old.list', 'debian.sources') }),
    'ssh.setting': () =>
        fc.record({
            setting: fc.constantFrom('PasswordAuthentication', 'PermitRootLogin', 'X11Forwarding'),
            allow: fc.boolean(),
        }),
    'fstab.add': () =>
        fc.record({ uuid: fc.constantFrom('1234-ABCD', '1-23'), folder: fc.constantFrom('/mnt/music', '/srv/x') }),
    'fstab.remove': () => fc.record({ folder: fc.constantFrom('/mnt/music', '/srv/x') }),
    'filesystem.check': () => fc.record({ folder: fc.constantFrom('/', '/data') }),
    'filesystem.remount': () => fc.record({ folder: fc.constantFrom('/data', '/none'), isWritable: fc.boolean() }),
    'hosts.add': () =>
        fc.record({
            name: fc.constantFrom('example.com', 'ads.example.net'),
            address: fc.constantFrom('0.0.0.0', '10.0.0.1', '::1'),
        }),
    'hosts.remove': () => fc.record({ name: fc.constantFrom('example.com', 'desk.example.org', 'ads.example.net') }),
    'keyboard.add': () => fc.record({ layout: fc.constantFrom('us', 'de', 'zz') }),
    'keyboard.remove': () => fc.record({ layout: fc.constantFrom('us', 'de') }),
    'kernel.setting': () =>
        fc.record({
            key: fc.constantFrom('vm.swappiness', 'net.ipv4.ip_forward'),
            value: fc.constantFrom(0, 1, 60, 201),
        }),
    'limits.raise': () => fc.record({ limit: fc.constantFrom('max_user_watches', 'max_user_instances') }),
    'network.reconnect': () => fc.record({ interface: fc.constantFrom('eth0', 'wlan0', 'none') }),
    'packages.hold': installed,
    'packages.install': () => fc.record({ names: fc.constantFrom(...packageNames).map(name => [name]) }),
    'packages.reinstall': installed,
    'packages.upgrade': installed,
    'packages.remove': () => fc.record({ name: fc.constantFrom(...packageNames) }),
    'packages.revert': ({ state }) =>
        fc.constantFrom(...packageNames).chain(name =>
            fc.record({
                name: fc.constant(name),
                before: fc.constantFrom(...versions),
                after: fc.constant(state.packages[name] ?? null),
                restart: fc.option(started),
            }),
        ),
    'packages.unhold': installed,
    'printer.cancel': ({ state }) =>
        fc.constantFrom({ name: 'none', jobs: [{ id: 1 }] }, ...state.printers).chain(({ name, jobs }) =>
            fc.record({
                printer: fc.constant(name),
                jobs: fc.subarray(jobs.map(({ id }) => id)),
            }),
        ),
    'printer.default': ({ state }) =>
        fc.record({ printer: fc.constantFrom('none', ...state.printers.map(({ name }) => name)) }),
    'printer.resume': ({ state }) =>
        fc.record({ printer: fc.constantFrom('none', ...state.printers.map(({ name }) => name)) }),
    'program.end': () => fc.record(program),
    'program.kill': () => fc.record(program),
    'program.limit': () => fc.record({ ...program, percent: fc.constantFrom(null, 20, 50) }),
    'printer.testPage': ({ state }) =>
        fc.record({ printer: fc.constantFrom('none', ...state.printers.map(({ name }) => name)) }),
    'program.renice': () => fc.record({ ...program, nice: fc.constantFrom(5, 10) }),
    'screen.brightness': () =>
        fc.record({ device: fc.constantFrom('panel', 'other'), percent: fc.integer({ min: 1, max: 100 }) }),
    'network.hotspot': () =>
        fc.record({ interface: fc.constantFrom('wlan0', 'eth0'), name: fc.constantFrom('Hotspot', 'Home 0') }),
    'network.mtu': ({ state }) =>
        fc.record({
            uuid: fc.constantFrom(uuid(9), ...state.connections.map(({ uuid: of }) => of)),
            mtu: fc.constantFrom(null, 1400, 1500),
        }),
    'program.makeWay': () => fc.record({ ...program, start: started }),
    'session.schedule': () => fc.record({ kind: fc.constantFrom('poweroff', 'reboot'), at: fc.constantFrom(soon, 60) }),
    'settings.unblock': () => fc.record({ path: fc.constant(lock) }),
    'display.arrange': () =>
        fc.oneof(
            fc.record({ as: fc.constant('primary'), connector: fc.constantFrom('eDP-1', 'HDMI-1', 'DP-3') }),
            fc.record({
                as: fc.constantFrom('left', 'right', 'above', 'below'),
                ...{ connector: fc.constantFrom('eDP-1', 'HDMI-1'), of: fc.constantFrom('eDP-1', 'HDMI-1') },
            }),
            fc.record({ as: fc.constantFrom('mirrored', 'joined') }),
        ),
    'display.mode': () =>
        fc.record({
            connector: fc.constantFrom('eDP-1', 'HDMI-1'),
            mode: fc.constantFrom(null, ...Object.keys(screenModes)),
            scale: fc.constantFrom(null, 100, 125, 150, 200),
        }),
    'drive.eject': volume,
    'drive.mount': volume,
    'drive.test': () => fc.record({ drive: fc.constantFrom('sdb', 'sdc') }),
    'drive.unmount': volume,
    'network.dns': ({ state }) =>
        fc.record({
            uuid: fc.constantFrom(uuid(9), ...state.connections.map(({ uuid: of }) => of)),
            servers: fc.constantFrom([], ['9.9.9.9'], ['1.1.1.1', '2606:4700:4700::1111']),
        }),
    'bluetooth.connect': bluetooth,
    'bluetooth.disconnect': bluetooth,
    'bluetooth.forget': bluetooth,
    'sound.device': () =>
        fc.record({ direction: fc.constantFrom('output', 'output', 'input'), node: fc.constantFrom(...outputs) }),
    'sound.profile': () =>
        fc.record({ device: fc.constant('card'), profile: fc.constantFrom('off', 'output:analog-stereo') }),
    'storage.free': () => fc.record({ parts: fc.subarray(['packages', 'thumbnails'], { minLength: 1 }) }),
    'dropin.set': () =>
        fc.record({
            scope,
            unit: fc.constantFrom(...samples),
            key: fc.constantFrom('Restart', 'Environment', 'MemoryMax'),
            value: fc.constantFrom('on-failure', 'A_B=c,d', '2G'),
        }),
    'unit.disable': ofSample,
    'unit.enable': ofSample,
    'service.start': declared,
    'service.stop': declared,
    'trash.put': computer => fc.record({ path: fileIn(computer) }),
    'trash.restore': ({ state }) => fc.record({ name: fc.constantFrom('nothing', ...state.trash) }),
    'wallpaper.set': computer =>
        fileIn(computer).map(path => ({ path: existsSync(path) ? pictureOf(path) : `${path}.png` })),
    'unit.makeWay': () => fc.record({ start: started, other: fc.record({ scope, unit }) }),
    'unit.mask': ofSample,
    'unit.unmask': ofSample,
};

/** The same file with the name of a picture. */
function pictureOf(path: string): string {
    const picture = `${path}.png`;
    if (!existsSync(picture)) copyFileSync(path, picture);
    return picture;
}

const clean = (given: object): Parameters =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
const permissions = (bits: number) => `${user}:${process.getgid?.() ?? 0} 0${bits.toString(8).padStart(3, '0')}`;
const fileIn = ({ root, state }: Computer) =>
    fc.constantFrom('nothing', ...Object.keys(state.files)).map(name => join(root, 'home', name));

/** Makes the modes of files what the state says, whatever umask(2) has left of them. */
export function setModes({ root, state }: Computer): void {
    for (const [name, { mode: wanted }] of Object.entries(state.files)) chmodSync(join(root, 'home', name), wanted);
}

/** Parameters of an action that fit its schema, most of them also the computer. */
export async function parametersFor(
    name: string,
    schema: z.ZodType,
    computer: Computer,
): Promise<Arbitrary<Record<string, unknown>>> {
    const maker = Object.hasOwn(makers, name) ? makers[name as ActionName] : undefined;
    return (await maker?.(computer)) ?? (fitting(schema, '', computer) as Arbitrary<Parameters>);
}

/** By the schema alone, with the names that the computer has where a string is asked for. */
function fitting(schema: z.ZodType, name: string, computer: Computer): Arbitrary<unknown> {
    const { def } = schema as unknown as { def: Definition };
    switch (def.type) {
        case 'object':
            return fc
                .record(
                    Object.fromEntries(
                        Object.entries(def.shape ?? {}).map(([key, of]) => [key, fitting(of, key, computer)]),
                    ),
                )
                .map(clean);
        case 'enum':
            return fc.constantFrom(...Object.values(def.entries ?? {}));
        case 'literal':
            return fc.constantFrom(...(def.values ?? []));
        case 'boolean':
            return fc.boolean();
        case 'number':
            return fc
                .oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(1.25, 0.5, 24, 300))
                .filter(value => schema.safeParse(value).success);
        case 'nullable':
            return fc.option(inner(def, name, computer), { freq: 3 });
        case 'optional':
            return fc.option(inner(def, name, computer), { nil: undefined });
        case 'array':
            return fc.array(def.element === undefined ? fc.constant(null) : fitting(def.element, name, computer), {
                maxLength: 3,
            });
        default:
            return fc.constantFrom(...namesFor(schema, computer));
    }
}

type Definition = {
    type: string;
    shape?: Record<string, z.ZodType>;
    entries?: Record<string, string>;
    values?: unknown[];
    innerType?: z.ZodType;
    element?: z.ZodType;
};

function inner({ innerType }: Definition, name: string, computer: Computer): Arbitrary<unknown> {
    return innerType === undefined ? fc.constant(null) : fitting(innerType, name, computer);
}

function namesFor(schema: z.ZodType, { state, root }: Computer): string[] {
    const known = [
        ...unitNames,
        ...state.connections.map(({ uuid: of }) => of),
        ...Object.keys(state.files).map(name => join(root, 'home', name)),
        ...packageNames,
        'Europe/Berlin',
        'a',
        '1',
    ];
    const fit = known.filter(name => schema.safeParse(name).success);
    return fit.length > 0 ? fit : ['nothing'];
}

/** One place of a value in which something else is, with the path to it. */
export type Mutation = { value: unknown; path: (string | number)[] };

export const hostileValue: Arbitrary<unknown> = fc.oneof(
    anyName,
    fc.constantFrom<unknown>(
        '',
        'x'.repeat(5000),
        null,
        -1,
        2 ** 53,
        1e308,
        true,
        [],
        {},
        ['--help'],
        '/',
        '/etc/../x',
        '-.service',
    ),
    fc.jsonValue({ maxDepth: 3 }),
);

/** The paths to all that a value holds, the outermost first. */
export function pathsIn(value: unknown): (string | number)[][] {
    const within = (entries: readonly [string | number, unknown][]) =>
        entries.flatMap(([key, one]) => pathsIn(one).map(path => [key, ...path]));
    if (Array.isArray(value)) return [[], ...within([...value.entries()])];
    return typeof value === 'object' && value !== null ? [[], ...within(Object.entries(value))] : [[]];
}

/** A copy with something else at a path. */
export function withAt(value: unknown, [key, ...rest]: readonly (string | number)[], other: unknown): unknown {
    if (key === undefined) return other;
    const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
    const place = copy as Record<string | number, unknown>;
    Object.defineProperty(place, key, {
        value: withAt(place[key], rest, other),
        enumerable: true,
        configurable: true,
        writable: true,
    });
    return copy;
}
