// A computer that a test makes up, and that the steps of plans change: what actions read of it follows from its state.
import { once } from 'node:events';
import {
    chmodSync,
    chownSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { isIP } from 'node:net';
import { release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { panelNames } from '../../../service/actions/settings/panels.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';
import { BusError, type Call } from '../../../service/dbus/connection.ts';
import { variant } from '../../../service/dbus/variant.ts';
import type { Bus, Machine } from '../../../service/machine/machine.ts';
import { operations } from '../../../service/machine/printing/ipp.ts';
import { Contents } from '../../../service/store/contents.ts';
import { job, printer, reply } from '../cups.ts';
import { managerOf, recorded, recordedUnits, run, type RecordedUnit } from '../recordedUnits.ts';

export type Connection = {
    id: string;
    uuid: string;
    type: string;
    mode?: string;
    isUp: boolean;
    /** Name servers that somebody chose for it; absent for those that the network names. */
    servers?: string[];
    /** How long its packets may be; 0 for what the network says. */
    mtu?: number;
    /** Whether NetworkManager keeps it in a file of its own. */
    isKept: boolean;
};
/** As systemctl(1) prints it for is-enabled. */
export type UnitFileState = 'enabled' | 'disabled' | 'masked' | 'static';
export type Printer = {
    name: string;
    title: string;
    isStopped: boolean;
    accepts: boolean;
    jobs: { id: number; title: string; isHeld: boolean; isOwn: boolean }[];
};

/** Where the two screens are; the other one shows the same as the built-in one without a place of its own. */
export type Second = {
    first: [x: number, y: number];
    own: { x: number; y: number; mode: string; scale: number; transform: number } | null;
    isPrimary: boolean;
};

/** What plans can change, and the names that others have chosen. */
export type State = {
    running: string[];
    /** Whether each of these units starts by itself; the rest is as recorded. */
    unitFiles: Record<string, UnitFileState>;
    /** What may be done without asking. */
    grants: string[];
    clock: { Timezone: string; LocalRTC: boolean; CanNTP: boolean; NTP: boolean; NTPSynchronized: boolean };
    /** GSettings: the value by "SCHEMA KEY". */
    settings: Record<string, string>;
    volume: { percent: number; isMuted: boolean };
    card: { name: string; profile: number };
    /** Where sound can go, by the names that the session manager and people use, and what a person chose of it. */
    outputs: Record<string, string>;
    chosenOutput: string | null;
    /** Filesystems on drives that can be plugged in and out; each drive is called after the letters of its devices. */
    volumes: Record<string, { label: string; isMounted: boolean; canPowerOff: boolean }>;
    /** Drives that test themselves just now. */
    testing: string[];
    /** Of its built-in screen, out of a hundred. */
    brightness: number;
    /** How much of one processor the application may use, in percent. */
    quota: number | null;
    /** The screen that is built in. */
    screen: { mode: string; scale: number; transform: number };
    /** One that is plugged in: it shows the same, or lies elsewhere. */
    second: Second | null;
    /** ufw. */
    firewall: 'on' | 'off' | null;
    /** Bluetooth devices that are near and were not paired, by their addresses. */
    near: Record<string, { name: string; icon: string }>;
    /** What AccountsService has of two people: the first is `account`. */
    accounts: { RealName: string; AccountType: number; AutomaticLogin: boolean }[];
    /** What fwupd would install. */
    firmware: { name: string; to: string }[];
    hasSnapper: boolean;
    /** Bluetooth devices that were paired, by their addresses. */
    paired: Record<string, { name: string; icon: string; isConnected: boolean }>;
    powerProfile: string;
    names: { StaticHostname: string; PrettyHostname: string };
    locale: string[];
    /** Of the account of who runs this. */
    language: string;
    scheduled: [string, number];
    hosts: string;
    fstab: string;
    sshd: string;
    /** Whether the second disk can only be read. */
    isReadOnly: boolean;
    /** The files of APT's sources. */
    aptSources: string[];
    /** Those of Flatpak, with where they are installed, and whether an update is there. */
    flatpaks: { id: string; name: string; installation: string; isOld: boolean }[];
    autostart: { own: string | null; shared: string | null };
    extensions: Record<string, { name: string; enabled: boolean }>;
    connections: Connection[];
    /** Whether eth0 is connected. */
    isPlugged: boolean;
    radios: { wifi: boolean; bluetooth: boolean; airplane: boolean; blocked: string[] };
    /** Versions of installed packages, and of those that the sources have. */
    packages: Record<string, string>;
    sources: Record<string, string[]>;
    /** The packages that each needs. */
    needs: Record<string, string[]>;
    unpacked: string[];
    /** What the sources say of each package. */
    summary: string;
    /** The packages that keep their versions. */
    held: string[];
    printers: Printer[];
    defaultPrinter: string | null;
    isLocked: boolean;
    /** Whether the account is in the group that may read the journal. */
    readsLog: boolean;
    watches: number;
    application: string;
    program: { name: string; isApplication: boolean };
    trash: string[];
    /** In the folder of the person, with what they hold and their modes. */
    files: Record<string, { text: string; mode: number }>;
    /** Kernels besides the one that runs. */
    kernels: string[];
};

export function groupFile(readsLog: boolean): string {
    return `root:x:0:\nadm:x:4:\nsystemd-journal:x:101:${readsLog ? account : ''}\n`;
}

export function mountinfo(isReadOnly: boolean): string {
    const data = isReadOnly ? 'ro,relatime' : 'rw,relatime';
    return `25 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n26 25 8:17 / /data ${data} - xfs /dev/sdb1 rw\n`;
}

export function ufwSettings(isOn: boolean): string {
    return `ENABLED=${isOn ? 'yes' : 'no'}\nLOGLEVEL=low\n`;
}

/** Where there is memory for it, since each computer has some hundred files, which are deleted with it. */
export const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
export const user = process.getuid?.() ?? 0;
export const programId = 4711;
export const programStarted = 900;
/** As much as is worth being deleted. */
const clutter = Buffer.alloc(21_000_000, 1);
const scope = 'app-gnome-org.example.Editor-4711.scope';
export const account = 'alice';
export const lock = '/run/user/1000/dconf/user';
const nm = 'org.freedesktop.NetworkManager';
const nmPath = '/org/freedesktop/NetworkManager';
export const profiles = '/etc/NetworkManager/system-connections';

/** Names of files that hold a connection, as NetworkManager makes them of its name. */
export function fileOf({ id, isKept }: Connection): string {
    return isKept ? `${profiles}/${id.replaceAll('/', '*')}.nmconnection` : `/run/NetworkManager/${id}`;
}

export class Computer implements AsyncDisposable {
    readonly root: string;
    readonly state: State;
    readonly contents: Contents;
    readonly surroundings: Surroundings;
    /** What planning asked of it that is no reading. */
    readonly touched: string[] = [];
    /** What a program prints instead, by its name; null for one that is not there. */
    readonly printed: Record<string, string | null> = {};
    /** With what the arguments of ufw begin that fails. */
    refuses: string | null = null;
    readonly #units: Record<string, RecordedUnit>;
    readonly #cups: Server;
    readonly #isKept: boolean;

    private constructor(root: string, state: State, isKept: boolean) {
        this.root = root;
        this.#isKept = isKept;
        this.state = state;
        this.contents = new Contents(join(root, 'state'));
        this.#units = recordedUnits(262);
        const editor = structuredClone(recorded(this.#units, 'sample-web.service'));
        Object.assign(editor.unit, { Id: scope, Names: [scope] });
        this.#units[scope] = editor;
        const cups = structuredClone(recorded(this.#units, 'sample-web.service'));
        Object.assign(cups.unit, { Id: 'cups.service', Names: ['cups.service'] });
        this.#units['cups.service'] = cups;
        for (const name of [...state.running, scope]) run(recorded(this.#units, name));
        for (const [name, UnitFileState] of Object.entries(state.unitFiles))
            Object.assign(this.unit(name).unit, { UnitFileState });
        const refuse = (member: string) => {
            this.touched.push(member);
            return 'done';
        };
        const { systemd } = managerOf(this.#units, refuse);
        const common = { url: 'http://127.0.0.1:8080/v1', health: '/v1/models' };
        const declared = () =>
            Object.keys(this.#units).map((unit, n) => ({ kind: 'unit' as const, name: `s${n}`, unit, ...common }));
        this.surroundings = { systemd, contents: this.contents, machine: this.#machine(), declared };
        this.#cups = createServer((request, response) => {
            request.once('data', (asked: Buffer) => response.end(this.#printing(asked.readUInt16BE(2))));
        });
    }

    /**
     * @param options.isCluttered whether it has what can be deleted without a loss, which takes a while to write
     * @param options.at a folder that outlives it, with what an earlier one has left there
     */
    static async start(state: State, { isCluttered = false, at }: { isCluttered?: boolean; at?: string } = {}) {
        const root = at ?? mkdtempSync(join(scratch, 'reeve-computer-'));
        const computer = new Computer(root, structuredClone(state), at !== undefined);
        if (!existsSync(join(root, 'run'))) computer.#furnish();
        // Of one that was killed.
        rmSync(join(root, 'run/cups/cups.sock'), { force: true });
        if (isCluttered) computer.#clutter();
        computer.#cups.listen(join(root, 'run/cups/cups.sock'));
        await once(computer.#cups, 'listening');
        return computer;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#cups.closeAllConnections();
        await new Promise(resolve => this.#cups.close(resolve));
        if (!this.#isKept) rmSync(this.root, { recursive: true });
    }

    unit(name: string): RecordedUnit {
        return recorded(this.#units, name);
    }

    get unitNames(): string[] {
        return Object.keys(this.#units);
    }

    /** All that a plan could have changed, but for the trash, where a copy of what was restored may stay; equal before and after what changed nothing. */
    snapshot(): State & { onDisk: string[] } {
        const running = Object.entries(this.#units).filter(([, { unit }]) => unit.ActiveState === 'active');
        return structuredClone({
            ...this.state,
            running: running.map(([name]) => name),
            unitFiles: Object.fromEntries(
                Object.keys(this.state.unitFiles).map(name => [
                    name,
                    this.unit(name).unit.UnitFileState as UnitFileState,
                ]),
            ),
            onDisk: this.#tree('').filter(line => !/^\/(?:state|proc|\.local\/share\/Trash)(?:[ /]|$)/.test(line)),
        });
    }

    /** Of a folder of the computer: path, owner, mode and contents of each file in it. */
    #tree(folder: string): string[] {
        return readdirSync(join(this.root, folder), { withFileTypes: true }).flatMap(entry => {
            const path = `${folder}/${entry.name}`;
            if (entry.isSocket()) return [];
            const { mode, uid, gid, size } = statSync(join(this.root, path));
            const head = `${path} ${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
            if (entry.isDirectory()) return [head, ...this.#tree(path)];
            return `${head} ${size > 1e6 ? size : readFileSync(join(this.root, path)).toString('base64')}`;
        });
    }

    /** What everybody can write, and what runs as its owner. */
    opened(): string[] {
        return this.#tree('/home').filter(
            line => (parseInt(/ \d+:\d+ ([0-7]+)/.exec(line)?.[1] ?? '', 8) & 0o6002) !== 0,
        );
    }

    write(path: string, text: string | Buffer, mode = 0o644): void {
        mkdirSync(dirname(join(this.root, path)), { recursive: true });
        writeFileSync(join(this.root, path), text, { mode });
    }

    #furnish(): void {
        const { state } = this;
        for (const folder of [
            'run/cups',
            'run/faillock',
            'home',
            'var/lib/reeve/forgotten-networks',
            'var/lib/reeve/firewall',
            '.local/share/Trash/files',
            '.local/share/Trash/info',
            '.config/autostart',
            'etc/sysctl.d',
            'etc/apt/sources.list.d',
            '.local/share/flatpak/overrides',
            'etc/systemd/system',
            '.config/systemd/user',
        ])
            mkdirSync(join(this.root, folder), { recursive: true });
        for (const kept of ['forgotten-networks', 'firewall']) chmodSync(join(this.root, 'var/lib/reeve', kept), 0o700);
        for (const zone of ['Europe/Berlin', 'Asia/Tokyo', 'UTC']) this.write(`/usr/share/zoneinfo/${zone}`, 'TZif2');
        const entry = (name: string) =>
            `[Desktop Entry]\nType=Application\nName=${name}\nExec=/usr/bin/editor %U\nMimeType=text/plain;image/png;\n`;
        for (const layout of ['us', 'de', 'ara']) this.write(`/usr/share/X11/xkb/symbols/${layout}`, '');
        this.write('/etc/hosts', state.hosts);
        this.write('/etc/fstab', state.fstab);
        this.write('/etc/ssh/sshd_config', state.sshd);
        for (const process of ['self', '1']) this.write(`/proc/${process}/mountinfo`, mountinfo(state.isReadOnly));
        this.write('/etc/os-release', 'ID=debian\nVERSION_CODENAME=trixie\n');
        this.write(
            '/etc/apt/sources.list',
            'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian trixie main\n',
        );
        this.write('/usr/share/keyrings/debian-archive-keyring.gpg', '');
        for (const name of state.aptSources) this.write(`/etc/apt/sources.list.d/${name}`, 'Types: deb\n');
        this.write(
            '/etc/passwd',
            `root:x:0:0::/root:/bin/sh\n${account}:x:1000:1000::/home:/bin/sh\nbob:x:1001:1001::/home:/bin/sh\n`,
        );
        if (state.hasSnapper) for (const name of ['root', 'home']) this.write(`/etc/snapper/configs/${name}`, '');
        this.write('/etc/group', groupFile(state.readsLog));
        if (state.firewall !== null) {
            this.write('/etc/ufw/ufw.conf', ufwSettings(state.firewall === 'on'));
            for (const name of ['user.rules', 'user6.rules']) this.write(`/etc/ufw/${name}`, '### RULES ###\n', 0o640);
        }
        const { own, shared } = state.autostart;
        if (own !== null) this.write('/.config/autostart/org.example.Editor.desktop', own);
        if (shared !== null) this.write('/etc/xdg/autostart/org.example.Editor.desktop', shared);
        this.write('/usr/share/applications/org.example.Editor.desktop', entry(state.application));
        for (const panel of panelNames)
            this.write(`/usr/share/applications/gnome-${panel}-panel.desktop`, entry(panel));
        for (const [index, radio] of ['wlan', 'bluetooth'].entries()) {
            this.write(`/sys/class/rfkill/rfkill${index}/type`, radio);
            this.write(`/sys/class/rfkill/rfkill${index}/soft`, state.radios.blocked.includes(radio) ? '1' : '0');
            this.write(`/sys/class/rfkill/rfkill${index}/hard`, '0');
        }
        this.write('/proc/sys/vm/swappiness', '60\n');
        this.write('/proc/sys/net/ipv4/ip_forward', '0\n');
        for (const limit of ['max_user_watches', 'max_user_instances'])
            this.write(`/proc/sys/fs/inotify/${limit}`, String(state.watches));
        if (state.isLocked) this.write(`/run/faillock/${account}`, tally(5));
        this.write('/sys/class/backlight/panel/brightness', String(state.brightness));
        this.write('/sys/class/backlight/panel/max_brightness', '100');
        this.write('/usr/share/cups/data/testprint', '');
        this.#startProgram();
        for (const name of state.trash) {
            this.write(`/.local/share/Trash/files/${name}`, 'gone');
            this.write(`/.local/share/Trash/info/${name}.trashinfo`, trashInfo(join(this.root, 'home', name)));
        }
        for (const [name, { text, mode }] of Object.entries(state.files)) this.write(`/home/${name}`, text, mode);
        for (const connection of state.connections)
            if (connection.isKept) this.write(fileOf(connection), connection.uuid, 0o600);
        for (const version of [release(), ...state.kernels]) this.write(`/usr/lib/modules/${version}/vmlinuz`, '');
        this.write(lock, '');
        // Only root can give a file to somebody.
        if (user === 0) chownSync(join(this.root, lock), 12345, 12345);
    }

    #clutter(): void {
        for (const path of ['/var/cache/apt/archives/vlc.deb', '/.cache/thumbnails/large/1.png'])
            this.write(path, clutter);
    }

    #startProgram(): void {
        const { name, isApplication } = this.state.program;
        const manager = `/user.slice/user-${user}.slice/user@${user}.service/app.slice`;
        const group = isApplication ? scope : 'app-org.gnome.Terminal.slice/vte-spawn-1234.scope';
        const at = `/proc/${programId}`;
        this.write(`${at}/stat`, `${programId} (${name}) S 1 ${programId} ${'0 '.repeat(16)}${programStarted} 0`);
        this.write(`${at}/cgroup`, `0::${manager}/${group}\n`);
        this.write(`${at}/status`, `Name:\t${name}\nUid:\t${user}\t${user}\t${user}\t${user}\nVmSize:\t900 kB\n`);
        this.write('/proc/self/cgroup', '0::/init.scope\n');
    }

    #printing(operation: number): Buffer {
        const { printers } = this.state;
        if (operation === operations.cupsGetPrinters)
            return reply(
                printers.map(({ name, title, isStopped, accepts }) =>
                    printer(name, {
                        'printer-info': title,
                        'printer-state': isStopped ? 5 : 3,
                        'printer-is-accepting-jobs': accepts,
                    }),
                ),
            );
        return reply(
            printers.flatMap(({ name, jobs }) =>
                jobs.map(({ id, title, isHeld, isOwn }) =>
                    job(id, encodeURIComponent(name), {
                        'job-name': title,
                        ...(!isOwn && { 'job-originating-user-name': 'somebody' }),
                        ...(isHeld && { 'job-state': 4, 'job-hold-until': 'indefinite' }),
                    }),
                ),
            ),
        );
    }

    #machine(): Machine {
        const bus: Bus = {
            nameOwner: () => Promise.resolve(':1.5'),
            call: call => {
                const answer = this.#answer(call);
                if (answer === undefined) this.touched.push(`${call.interface}.${call.member}`);
                return answer === undefined
                    ? Promise.reject(new BusError('org.freedesktop.DBus.Error.UnknownObject', 'No such object'))
                    : Promise.resolve(answer);
            },
        };
        return {
            root: this.root,
            system: bus,
            session: bus,
            run: (program, argv) =>
                Promise.resolve(program in this.printed ? (this.printed[program] ?? null) : this.#print(program, argv)),
        };
    }

    #answer({ path, member, arguments: [of] = [] }: Call): unknown[] | undefined {
        const { state } = this;
        const connection = state.connections[Number(/\d+$/.exec(path)?.[0])];
        switch (member) {
            case 'GetAll':
                return [structuredClone(this.#properties(path, String(of)))];
            case 'ListConnections':
                return [state.connections.map((_one, index) => `${nmPath}/Settings/${index}`)];
            case 'GetSettings': {
                if (connection === undefined) return undefined;
                const { id, uuid, type, mode, mtu = 0, servers = [] } = connection;
                const of = (family: number) => ({
                    'dns-data': servers.filter(server => isIP(server) === family),
                    'ignore-auto-dns': servers.length > 0,
                });
                const ip = { ipv4: of(4), ipv6: of(6) };
                const wireless = { mtu, ...(mode !== undefined && { mode }) };
                return [
                    { connection: { id, uuid, type }, ...ip, '802-11-wireless': wireless, '802-3-ethernet': { mtu } },
                ];
            }
            case 'GetManagedObjects':
                return [Object.fromEntries([...volumeObjects(state), ...bluetoothObjects(state)])];
            case 'ListExtensions':
                return [
                    Object.fromEntries(
                        Object.entries(state.extensions).map(([uuid, { name: title, enabled }]) => [
                            uuid,
                            { name: title, enabled, state: 1 },
                        ]),
                    ),
                ];
            case 'GetCurrentState':
                return screens(state);
            case 'ListSessions':
            case 'ListInhibitors':
                return [[]];
            default:
                return undefined;
        }
    }

    #properties(path: string, of: string): Record<string, unknown> {
        const { state } = this;
        const connection = state.connections[Number(/\d+$/.exec(path)?.[0])];
        switch (of) {
            case 'org.freedesktop.Accounts.User':
                return {
                    ...state.accounts[Number(/\d+$/.exec(path)?.[0]) - 1000],
                    Language: state.language,
                    SystemAccount: false,
                };
            case 'org.freedesktop.hostname1':
                return state.names;
            case 'org.freedesktop.locale1':
                return { Locale: state.locale };
            case 'org.freedesktop.login1.Manager':
                return { ScheduledShutdown: state.scheduled };
            case 'org.freedesktop.timedate1':
                return state.clock;
            case 'org.freedesktop.UPower.PowerProfiles':
                return {
                    ActiveProfile: state.powerProfile,
                    Profiles: ['power-saver', 'balanced', 'performance'].map(Profile => ({ Profile })),
                };
            case nm:
                return {
                    ActiveConnections: state.connections.flatMap(({ isUp }, index) =>
                        isUp ? [`${nmPath}/Active/${index}`] : [],
                    ),
                    WirelessEnabled: state.radios.wifi,
                    WirelessHardwareEnabled: true,
                    Devices: [`${nmPath}/Devices/1`, `${nmPath}/Devices/2`],
                };
            case `${nm}.Device`:
                return path.endsWith('1')
                    ? {
                          Interface: 'eth0',
                          DeviceType: 1,
                          State: state.isPlugged ? 100 : 30,
                          AvailableConnections: ['/'],
                      }
                    : { Interface: 'wlan0', DeviceType: 2, State: 100, AvailableConnections: [] };
            case `${nm}.Device.Wireless`:
                return { WirelessCapabilities: 0x40 };
            case `${nm}.Connection.Active`:
                return connection === undefined
                    ? {}
                    : { Uuid: connection.uuid, State: 2, Devices: [`${nmPath}/Devices/1`] };
            case `${nm}.Settings.Connection`:
                return connection === undefined ? {} : { Filename: fileOf(connection) };
            case 'org.freedesktop.systemd1.Scope':
                return { CPUQuotaPerSecUSec: state.quota === null ? 2n ** 64n - 1n : state.quota * 10_000 };
            case 'org.gnome.SettingsDaemon.Rfkill':
                return { AirplaneMode: state.radios.airplane, HardwareAirplaneMode: false, HasAirplaneMode: true };
            default:
                return {};
        }
    }

    /** What programs that only read print; null for one that this computer does not have. */
    #print(program: string, argv: readonly string[]): string | null {
        const { state } = this;
        const [first = '', schema = '', key = ''] = argv;
        const last = argv.at(-1) ?? '';
        switch (program) {
            case 'gsettings':
                return first === 'writable' ? 'true\n' : `${state.settings[`${schema} ${key}`] ?? ''}\n`;
            case 'flatpak': {
                const columns = ({ id, name, installation }: State['flatpaks'][number]) =>
                    first === 'list' ? [id, name, installation, 'flathub'].join('\t') : id;
                const shown = (of: State['flatpaks'][number]) =>
                    first === 'list' || (of.isOld && argv.includes(`--${of.installation}`));
                return state.flatpaks.filter(shown).map(columns).join('\n');
            }
            case 'fwupdmgr':
                return JSON.stringify({
                    Devices: state.firmware.map(({ name, to }, index) => ({
                        DeviceId: String(index).padStart(40, '0'),
                        Name: name,
                        Version: '1',
                        Releases: [{ Version: to }],
                    })),
                });
            // Its path, as its folder need not be among those of a user's programs.
            case '/usr/bin/sshd':
                return '';
            case 'findmnt':
                return 'Success, no errors or warnings detected\n';
            case 'locale':
                return 'C\nde_DE.utf8\nen_US.utf8\n';
            case 'wpctl':
                return `Volume: ${(state.volume.percent / 100).toFixed(2)}${state.volume.isMuted ? ' [MUTED]' : ''}\n`;
            case 'pw-dump':
                return JSON.stringify([soundCard(state.card), ...soundOutputs(state)]);
            case 'lpstat':
                return state.defaultPrinter === null ? '' : `system default destination: ${state.defaultPrinter}\n`;
            case 'dpkg':
                return 'amd64\n';
            case 'dpkg-query':
                return this.#query(argv);
            case 'apt-mark':
                return state.held.map(name => `${name}\n`).join('');
            case 'apt-cache':
                if (first === 'search')
                    return Object.keys(state.sources)
                        .map(name => `${name} - ${state.summary}\n`)
                        .join('');
                return (state.sources[last] ?? [])
                    .map(version => ` ${last} | ${version} | http://deb.example.org stable/main Packages\n`)
                    .join('');
            case 'apt-get':
                return first === '--simulate' ? this.#simulate(argv) : this.#refuse(program);
            case 'ss':
                return '';
            default:
                return null;
        }
    }

    #refuse(program: string): null {
        this.touched.push(program);
        return null;
    }

    #query(argv: readonly string[]): string {
        const { packages, unpacked, kernels } = this.state;
        const format = argv.find(word => word.includes('${')) ?? '';
        const version = packages[argv.at(-1) ?? ''];
        if (argv[0] === '--search')
            return kernels.map(of => `linux-image-${of}: /usr/lib/modules/${of}/vmlinuz\n`).join('');
        if (format.includes('Abbrev'))
            return ['bash', ...Object.keys(packages)]
                .map(name => `${unpacked.includes(name) ? 'iU' : 'ii'} |${name}\n`)
                .join('');
        if (version === undefined) return '';
        if (format.includes('Status-Status')) return 'installed\n';
        return format.includes('Essential') ? 'no|optional|tool\n' : `${version}\n`;
    }

    #simulate(argv: readonly string[]): string {
        const { packages, sources, needs, unpacked } = this.state;
        const names = argv.slice(argv.indexOf('--') + 1);
        if (argv.includes('--fix-broken'))
            return unpacked
                .flatMap(name => needs[name] ?? [])
                .map(name => `Inst ${name} (${sources[name]?.[0] ?? '1.0'} Debian:13 [amd64])\n`)
                .join('');
        if (argv.includes('remove')) {
            const users = Object.keys(packages).filter(name => needs[name]?.some(each => names.includes(each)));
            return [...users, ...names].map(name => `Remv ${name} [1.0]\n`).join('');
        }
        if (argv.includes('autoremove')) {
            const needed = Object.keys(packages).flatMap(name => needs[name] ?? []);
            return packages.libneeded === undefined || needed.includes('libneeded') ? '' : 'Remv libneeded [1.0]\n';
        }
        if (argv.includes('upgrade'))
            return newer(this.state)
                .map(([name, to]) => `Inst ${name} [${packages[name] ?? ''}] (${to} Debian:13 [amd64])\n`)
                .join('');
        const [name = '', asked] = (names[0] ?? '').split('=');
        const version = asked ?? (argv.includes('--reinstall') ? packages[name] : sources[name]?.[0]);
        const isThere = argv.includes('--only-upgrade') && packages[name] === version;
        if (version === undefined || isThere || !(sources[name] ?? []).includes(version)) return '';
        const missing = (needs[name] ?? []).filter(each => packages[each] === undefined);
        const line = (of: string, to: string) =>
            `Inst ${of} ${packages[of] === undefined ? '' : `[${packages[of]}] `}(${to} Debian:13 [amd64])\n`;
        return [...missing.map(each => line(each, sources[each]?.[0] ?? '1.0')), line(name, version)].join('');
    }
}

/** As GIO notes where a file of the trash was. */
export function trashInfo(path: string): string {
    const escaped = path.split('/').map(encodeURIComponent).join('/');
    return `[Trash Info]\nPath=${escaped}\nDeletionDate=2026-01-01T00:00:00\n`;
}

/** Installed packages of which the sources have another version. */
export function newer({ packages, sources }: State): [string, string][] {
    return Object.entries(packages).flatMap(([name, version]) => {
        const [to = version] = sources[name] ?? [];
        return to === version ? [] : [[name, to]];
    });
}

const adapter = '/org/bluez/hci0';

/** As BlueZ calls the object of a device. */
export function pathOfDevice(address: string): string {
    return `${adapter}/dev_${address.replaceAll(':', '_')}`;
}

const udisks = 'org.freedesktop.UDisks2';

/** As UDisks calls the object of a device, and of the drive that it is on. */
export function pathOfVolume(device: string): string {
    return `/org/freedesktop/UDisks2/block_devices/${device}`;
}
export function pathOfDrive(device: string): string {
    return `/org/freedesktop/UDisks2/drives/${device.replace(/\d+$/, '')}`;
}

function volumeObjects({ volumes, testing }: State): [string, object][] {
    return Object.entries(volumes).flatMap(([device, { label, isMounted, canPowerOff }]) => {
        const drive = {
            Vendor: 'SanDisk',
            Model: 'Cruzer',
            ConnectionBus: 'usb',
            Ejectable: true,
            CanPowerOff: canPowerOff,
        };
        const block = {
            Drive: pathOfDrive(device),
            IdLabel: label,
            IdUUID: '12AB-34CD',
            HintSystem: false,
            HintIgnore: false,
        };
        const status = testing.includes(pathOfDrive(device)) ? 'inprogress' : 'success';
        const ata = { SmartEnabled: true, SmartSelftestStatus: status };
        const folders = isMounted ? [new Uint8Array(Buffer.from(`/run/media/alice/${device}\0`))] : [];
        return [
            [pathOfDrive(device), { [`${udisks}.Drive`]: drive, [`${udisks}.Drive.Ata`]: ata }],
            [pathOfVolume(device), { [`${udisks}.Block`]: block, [`${udisks}.Filesystem`]: { MountPoints: folders } }],
        ];
    });
}

/** The modes of the screen, and how it can be scaled in each, as Mutter lists them. */
export const screenModes: Readonly<Record<string, readonly number[]>> = {
    '2560x1440@59.951': [1, 1.25, 1.495327, 1.75, 2],
    '1920x1080@60.000': [1, 1.25, 1.5],
    '800x600@60.317': [1],
};

/** The reply of GetCurrentState of org.gnome.Mutter.DisplayConfig. */
function screens({ screen, second }: State): unknown[] {
    const id = ['eDP-1', 'BOE', '0x0747', '0x00000000'];
    const other = ['HDMI-1', 'DEL', 'U2720Q', '0x00000001'];
    const monitor = (of: string[], title: string, current: string) => {
        const modes = Object.entries(screenModes).map(([name, scales], index) => {
            const [width, height, rate] = name.split(/[x@]/).map(Number);
            const flags = {
                ...(name === current && { 'is-current': variant('b', true) }),
                ...(index === 0 && { 'is-preferred': variant('b', true) }),
            };
            return [name, width, height, rate, 1, scales, flags];
        });
        return [of, modes, { 'display-name': variant('s', title) }];
    };
    const [x, y] = second?.first ?? [0, 0];
    const own = second?.own ?? null;
    const isFirstPrimary = second?.isPrimary !== true || own === null;
    const shown = second !== null && own === null ? [id, other] : [id];
    const first = [x, y, screen.scale, screen.transform, isFirstPrimary, shown, {}];
    return [
        3,
        [
            monitor(id, 'Built-in display', screen.mode),
            ...(second === null ? [] : [monitor(other, 'Dell 27"', own?.mode ?? screen.mode)]),
        ],
        own === null ? [first] : [first, [own.x, own.y, own.scale, own.transform, !isFirstPrimary, [other], {}]],
        {},
    ];
}

function bluetoothObjects({ paired, near, radios }: State): [string, object][] {
    const devices = Object.entries(paired).map(([address, { name, icon, isConnected }]): [string, object] => {
        const names = { Address: address, Alias: name, Icon: icon, Adapter: adapter };
        return [pathOfDevice(address), { 'org.bluez.Device1': { ...names, Paired: true, Connected: isConnected } }];
    });
    // One that is forgotten is near as before.
    const found = Object.entries(near).filter(([address]) => paired[address] === undefined);
    const others = found.map(([address, { name, icon }]): [string, object] => {
        const names = { Address: address, Alias: name, Icon: icon, Adapter: adapter };
        return [pathOfDevice(address), { 'org.bluez.Device1': { ...names, Paired: false, Connected: false } }];
    });
    return [[adapter, { 'org.bluez.Adapter1': { Powered: radios.bluetooth } }], ...devices, ...others];
}

/** As pw-dump(1) prints them: the outputs, and what is chosen and used; WirePlumber takes another while that is not there. */
function soundOutputs({ outputs, chosenOutput: chosen }: State) {
    const [first] = Object.keys(outputs);
    const used = chosen !== null && chosen in outputs ? chosen : first;
    const entry = (key: string, name: string | null | undefined) =>
        name === null || name === undefined ? [] : [{ subject: 0, key, type: 'Spa:String:JSON', value: { name } }];
    const type = 'PipeWire:Interface:Node';
    return [
        ...Object.entries(outputs).map(([node, description], index) => {
            const props = { 'media.class': 'Audio/Sink', 'node.name': node, 'node.description': description };
            return { id: 50 + index, type, info: { props } };
        }),
        {
            id: 39,
            type: 'PipeWire:Interface:Metadata',
            metadata: [...entry('default.audio.sink', used), ...entry('default.configured.audio.sink', chosen)],
        },
    ];
}

/** struct tally of Linux-PAM's faillock.h. */
function tally(count: number): Buffer {
    return Buffer.concat(
        Array.from({ length: count }, () => {
            const bytes = Buffer.alloc(64);
            bytes.writeUInt16LE(1, 54);
            bytes.writeBigUInt64LE(BigInt(Math.floor(Date.now() / 1000)), 56);
            return bytes;
        }),
    );
}

function soundCard({ name, profile }: State['card']) {
    const profiles = ['off', 'output:analog-stereo'].map((of, index) => ({
        ...{ index, name: of, description: `${name} ${of}`, priority: index, available: 'yes', classes: [] },
    }));
    const props = { 'media.class': 'Audio/Device', 'device.name': 'card', 'device.description': name };
    const params = { EnumProfile: profiles, Profile: profiles.filter(({ index }) => index === profile) };
    return { id: 44, type: 'PipeWire:Interface:Device', info: { props, params } };
}
