// Carries out steps on a made-up computer, as the programs and services do that a plan names.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { joinCalls, programsOf } from '../../../service/actions/joinedCalls.ts';
import { manager } from '../../../service/machine/units/systemd.ts';
import type { BusCall, BusValue, Step } from '../../../service/model/proposal.ts';
import { run } from '../recordedUnits.ts';
import {
    account,
    groupFile,
    lock,
    mountinfo,
    newer,
    pathOfDevice,
    pathOfDrive,
    pathOfVolume,
    screenModes,
    profiles,
    programId,
    trashInfo,
    ufwSettings,
    type Computer,
    type Connection,
} from './computer.ts';

/** What writes files: run for real, in the computer's own folder. */
const real = [
    'chmod',
    'chown',
    'cmp',
    'cp',
    'find',
    'install',
    'ln',
    'mkdir',
    'mv',
    'rm',
    'rmdir',
    'sync',
    'tar',
    'tee',
];

/** What no made-up computer has. */
export class NotThere extends Error {}

/** Makes the calls of steps, one after the other. @throws for what this computer has no answer for, and for what fails */
export function carryOut(computer: Computer, steps: readonly Step[]): void {
    for (const { call } of joinCalls(steps)) make(computer, call);
}

export function make(computer: Computer, call: BusCall): void {
    const { state } = computer;
    const { member, path, arguments: values } = call;
    const [first, second, third] = values;
    const name = plain(first);
    const at = state.connections[Number(/\d+$/.exec(path)?.[0])];
    switch (member) {
        case 'StartTransientUnit':
            runAll(computer, call);
            return;
        case 'StartUnit':
        case 'RestartUnit':
            run(computer.unit(name));
            return;
        case 'StopUnit':
        case 'KillUnit':
            stop(computer, name);
            return;
        case 'Add':
            state.grants.push(name);
            return;
        case 'Remove':
            state.grants.splice(state.grants.indexOf(name), 1);
            return;
        case 'SetNTP':
            state.clock.NTP = first === true;
            return;
        case 'SetStaticHostname':
            state.names.StaticHostname = name;
            return;
        case 'SetRealName':
            Object.assign(accountAt(computer, path), { RealName: name });
            return;
        case 'SetLanguage':
            state.language = name;
            return;
        case 'SetAccountType':
            Object.assign(accountAt(computer, path), { AccountType: Number(first) });
            return;
        case 'SetAutomaticLogin':
            Object.assign(accountAt(computer, path), { AutomaticLogin: first === true });
            return;
        case 'Pair': {
            const [address, device] = Object.entries(state.near).find(([each]) => pathOfDevice(each) === path) ?? [];
            if (address === undefined || device === undefined) throw new NotThere('There is no such device');
            state.paired[address] = { ...device, isConnected: false };
            return;
        }
        case 'SetBrightness':
            state.brightness = Number(third);
            writeFileSync(join(computer.root, 'sys/class/backlight/panel/brightness'), String(state.brightness));
            return;
        case 'SetPrettyHostname':
            state.names.PrettyHostname = name;
            return;
        case 'SetLocale':
            state.locale = first as string[];
            return;
        case 'ScheduleShutdown':
            state.scheduled = [name, Number(second)];
            return;
        case 'CancelScheduledShutdown':
            state.scheduled = ['', 0];
            return;
        case 'SetLocalRTC':
            state.clock.LocalRTC = first === true;
            return;
        case 'SetTimezone':
            state.clock.Timezone = name;
            return;
        case 'Set':
            setProperty(computer, plain(second), third);
            return;
        case 'ActivateConnection':
            if (first === '/') state.isPlugged = true;
            else activate(computer, state.connections[Number(/\d+$/.exec(name)?.[0])]);
            return;
        case 'Connect':
            setConnected(computer, path, true);
            return;
        case 'Disconnect':
            if (path.startsWith('/org/bluez/')) setConnected(computer, path, false);
            else state.isPlugged = false;
            return;
        case 'Mount':
        case 'Unmount': {
            const [, volume] = Object.entries(state.volumes).find(([device]) => pathOfVolume(device) === path) ?? [];
            if (volume === undefined) throw new NotThere('There is no such volume');
            volume.isMounted = member === 'Mount';
            return;
        }
        case 'SmartSelftestStart':
            state.testing.push(path);
            return;
        case 'SmartSelftestAbort':
            state.testing = state.testing.filter(each => each !== path);
            return;
        case 'Eject':
        case 'PowerOff':
            if (
                Object.entries(state.volumes).some(
                    ([device, { isMounted }]) => pathOfDrive(device) === path && isMounted,
                )
            )
                throw new Error('The drive is in use');
            state.volumes = Object.fromEntries(
                Object.entries(state.volumes).filter(([device]) => pathOfDrive(device) !== path),
            );
            return;
        case 'RemoveDevice':
            state.paired = Object.fromEntries(
                Object.entries(state.paired).filter(([address]) => pathOfDevice(address) !== name),
            );
            return;
        case 'Delete':
            state.connections = state.connections.filter(connection => connection !== at);
            return;
        case 'DisableExtension':
        case 'EnableExtension': {
            const extension = state.extensions[name];
            if (extension !== undefined) extension.enabled = member === 'EnableExtension';
            return;
        }
        case 'ResetFailedUnit':
            reset(computer, name);
            return;
        case 'Reload':
        case 'ActivateAction':
        case 'Lock':
        case 'Suspend':
        case 'Reboot':
        case 'Shutdown':
        case 'Logout':
            return;
        default:
            throw new NotThere(`Nothing makes the call ${call.interface}.${member}`);
    }
}

function accountAt({ state }: Computer, path: string): object {
    const found = state.accounts[Number(/\d+$/.exec(path)?.[0]) - 1000];
    if (found === undefined) throw new NotThere('There is no such account');
    return found;
}

function setConnected({ state }: Computer, path: string, isConnected: boolean): void {
    const [, device] = Object.entries(state.paired).find(([address]) => pathOfDevice(address) === path) ?? [];
    if (device === undefined) throw new NotThere('There is no such device');
    device.isConnected = isConnected;
}

function plain(value: BusValue | undefined): string {
    return typeof value === 'string' ? value : '';
}

function reset(computer: Computer, name: string): void {
    const { unit } = computer.unit(name);
    if (unit.ActiveState === 'failed') Object.assign(unit, { ActiveState: 'inactive', SubState: 'dead' });
}

function stop(computer: Computer, name: string): void {
    Object.assign(computer.unit(name).unit, { ActiveState: 'inactive', SubState: 'dead' });
}

function setProperty({ state }: Computer, name: string, variant: BusValue | undefined): void {
    const value = typeof variant === 'object' && 'signature' in variant ? variant.value : '';
    switch (name) {
        case 'ActiveProfile':
            state.powerProfile = plain(value);
            return;
        case 'WirelessEnabled':
            state.radios.wifi = value === true;
            return;
        case 'Trusted':
            return;
        case 'Powered':
            state.radios.bluetooth = value === true;
            return;
        case 'AirplaneMode':
            state.radios.airplane = value === true;
            return;
        default:
            throw new NotThere(`Nothing has the property ${name}`);
    }
}

/** A computer is in one wireless network, and on one cable. */
function activate({ state }: Computer, connection: Connection | undefined): void {
    if (connection === undefined) throw new Error('There is no such connection');
    for (const other of state.connections) if (other.type === connection.type && isAlone(other)) other.isUp = false;
    connection.isUp = true;
}

const isAlone = ({ type }: Connection) => type.startsWith('802-');

/** As systemd runs the programs of a unit: each if the one before it succeeded, and what cleans up in any case. */
function runAll(computer: Computer, call: BusCall): void {
    const pairs = call.arguments[2] as [string, { value: unknown }][];
    const properties = new Map(pairs.map(([name, { value }]) => [name, value]));
    const input = properties.get('StandardInputData') as { base64: string } | undefined;
    const bytes = Buffer.from(input?.base64 ?? '', 'base64');
    const cleaning = (properties.get('ExecStopPostEx') as unknown[] | undefined)?.length ?? 0;
    const all = programsOf(call);
    const main = all.slice(0, all.length - cleaning);
    const failed = main.find(argv => !runOne(computer, argv, bytes));
    all.slice(main.length).every(argv => runOne(computer, argv, bytes));
    if (failed !== undefined) throw new Error(`It failed: ${failed.join(' ')}`);
}

/** Whether it succeeds. */
function runOne(computer: Computer, [path = '', ...argv]: readonly string[], input: Buffer): boolean {
    const { state, root } = computer;
    const name = basename(path);
    if (real.includes(name)) {
        const there = argv.map(word => (/^\/(?:etc|var)\//.test(word) ? join(root, word) : word));
        if (there.includes('/dev/stdin')) there[there.indexOf('/dev/stdin')] = inputFile(root, input);
        if (name === 'rm' && argv.includes(lock)) there[there.indexOf(lock)] = join(root, lock);
        const owned = there.filter(word => !/^--(?:owner|group)=/.test(word));
        return spawnSync(path, owned, { input, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;
    }
    const [verb = '', second = '', third = '', fourth = ''] = argv;
    const last = argv.at(-1) ?? '';
    switch (name) {
        case 'systemctl':
            if (argv.includes('set-property')) state.quota = parseInt(last.split('=')[1] || 'NaN') || null;
            else systemctl(computer, verb, last);
            return true;
        case 'gsettings':
            state.settings[`${second} ${third}`] = asPrinted(fourth, state.settings[`${second} ${third}`] ?? '');
            return true;
        case 'wpctl':
            if (verb === 'set-volume') state.volume.percent = parseInt(third);
            if (verb === 'set-mute') state.volume.isMuted = third === '1';
            if (verb === 'set-profile') state.card.profile = Number(third);
            return true;
        case 'pw-metadata':
            state.chosenOutput = verb === '--delete' ? null : (JSON.parse(third) as { name: string }).name;
            return true;
        case 'gdctl':
            return arrange(state, argv);
        case 'ufw':
            if (computer.refuses !== null && argv.join(' ').startsWith(computer.refuses)) return false;
            if (verb === 'prepend' || verb === 'delete') ufw(join(root, 'etc/ufw'), argv);
            else if (verb !== 'reload' && verb !== '--dry-run')
                writeFileSync(join(root, 'etc/ufw/ufw.conf'), ufwSettings(last === 'enable'));
            return true;
        case 'rfkill': {
            const rest = state.radios.blocked.filter(radio => radio !== last);
            state.radios.blocked = (verb === 'block' ? [...rest, last] : rest).sort();
            const index = ['wlan', 'bluetooth'].indexOf(last);
            writeFileSync(join(root, `sys/class/rfkill/rfkill${index}/soft`), verb === 'block' ? '1' : '0');
            return true;
        }
        case 'nmcli':
            return network(computer, argv);
        case 'sysctl': {
            const [key = '', value = ''] = last.split('=');
            writeFileSync(join(root, 'proc/sys', key.replaceAll('.', '/')), value);
            if (key.startsWith('fs.inotify.')) state.watches = Number(value);
            return true;
        }
        case 'apt-mark': {
            if (verb === 'auto') return true;
            const rest = state.held.filter(each => each !== last);
            state.held = (verb === 'hold' ? [...rest, last] : rest).sort();
            return true;
        }
        case 'apt-get':
        case 'dpkg':
            return packages(computer, argv);
        case 'lpoptions':
            state.defaultPrinter = last;
            return true;
        case 'cupsaccept':
        case 'cupsreject':
        case 'cupsenable':
        case 'cupsdisable':
        case 'cancel':
        case 'lp':
            return printing(computer, name, argv);
        case 'gpasswd':
            state.readsLog = verb === '--add';
            computer.write('/etc/group', groupFile(state.readsLog));
            return true;
        case 'faillock':
            state.isLocked = false;
            rmSync(join(root, 'run/faillock', account));
            return true;
        case 'mount':
            state.isReadOnly = argv.includes('remount,ro');
            for (const process of ['self', '1'])
                writeFileSync(join(root, `proc/${process}/mountinfo`), mountinfo(state.isReadOnly));
            return true;
        case 'fstrim':
        case 'fwupdmgr':
        case 'snapper':
        case 'tune2fs':
        case 'renice':
            return true;
        case 'kill':
            rmSync(join(root, 'proc', String(programId)), { recursive: true });
            return true;
        case 'grep':
            return existsSync(join(root, 'proc', String(programId)));
        case 'gio':
            if (verb === 'trash') trash(computer, last);
            return true;
        case 'flatpak':
            flatpak(computer, argv);
            return true;
        case 'journalctl':
            return true;
        default:
            throw new NotThere(`This computer has no ${name}`);
    }
}

const transforms = ['normal', '90', '180', '270', 'flipped', 'flipped-90', 'flipped-180', 'flipped-270'];

/** As gdctl(1) sets one or two screens, of which the second may lie to the right or below. */
function arrange(state: Computer['state'], argv: readonly string[]): boolean {
    const places = argv
        .join(' ')
        .split(' --logical-monitor')
        .slice(1)
        .map(words => {
            const option = (name: string) => new RegExp(` --${name} (\\S+)`).exec(words)?.[1];
            const mode = option('mode') ?? '';
            const asked = Number(option('scale'));
            return {
                mode,
                scale: screenModes[mode]?.find(each => Math.abs(each - asked) <= 0.1),
                transform: transforms.indexOf(option('transform') ?? ''),
                isPrimary: words.includes(' --primary'),
                monitors: Array.from(words.matchAll(/ --monitor (\S+)/g), ([, name = '']) => name),
                at: [Number(option('x') ?? NaN), Number(option('y') ?? NaN)] as [number, number],
                beside: option('right-of') ?? option('below'),
                isBelow: words.includes(' --below '),
            };
        });
    const known = state.second === null ? ['eDP-1'] : ['HDMI-1', 'eDP-1'];
    const named = places.flatMap(({ monitors }) => monitors).sort();
    if (named.join() !== known.join() || places.some(({ scale }) => scale === undefined)) return false;
    if (places.filter(({ isPrimary }) => isPrimary).length !== 1) return false;
    for (const place of places) {
        const other = places.find(({ monitors }) => place.beside !== undefined && monitors.includes(place.beside));
        if (other === undefined) continue;
        const [width = 0, height = 0] = other.mode.split(/[x@]/).map(size => Number(size) / (other.scale ?? 1));
        const turned = other.transform % 2 === 1 ? [height, width] : [width, height];
        const [right = 0, bottom = 0] = turned.map(Math.round);
        const [x, y] = other.at;
        place.at = place.isBelow ? [x, y + bottom] : [x + right, y];
    }
    const place = (name: string) => places.find(({ monitors }) => monitors.includes(name));
    const [own, other] = [place('eDP-1'), place('HDMI-1')];
    if (own?.scale === undefined) return false;
    state.screen = { mode: own.mode, scale: own.scale, transform: own.transform };
    if (state.second === null || other?.scale === undefined) return state.second === null;
    const { mode, scale, transform } = other;
    const [x, y] = other.at;
    state.second = {
        first: own.at,
        own: own === other ? null : { x, y, mode, scale, transform },
        isPrimary: own !== other && other.isPrimary,
    };
    return true;
}

/** As ufw(8) keeps its rules, each by its action, protocol and port. */
function ufw(folder: string, [verb = '', ...words]: readonly string[]): void {
    const [action = '', rule = ''] = words;
    const [port, protocol] = rule.split('/');
    for (const [name, anywhere] of [
        ['user.rules', '0.0.0.0/0'],
        ['user6.rules', '::/0'],
    ] as const) {
        const tuple = `### tuple ### ${action} ${protocol} ${port} ${anywhere} any ${anywhere} in`;
        const [head = '', ...rest] = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
        const others = rest.filter(line => line !== tuple);
        writeFileSync(join(folder, name), `${[head, ...(verb === 'delete' ? [] : [tuple]), ...others].join('\n')}\n`);
    }
}

/** As gsettings(1) prints a number that was set: with the type of the one before it. */
function asPrinted(value: string, before: string): string {
    const number = Number(value);
    if (Number.isNaN(number)) return value;
    const digits = before.includes('.') && Number.isInteger(number) ? number.toFixed(1) : String(number);
    return before.startsWith('uint32') ? `uint32 ${digits}` : digits;
}

/** What is removed is kept in mind, so that it can be installed again as it was. */
const removedFlatpaks = new WeakMap<Computer, Computer['state']['flatpaks']>();

function flatpak(computer: Computer, argv: readonly string[]): void {
    const { state } = computer;
    const names = argv.slice(argv.indexOf('--') + 1);
    const isMeant = (each: { id: string; installation: string }) =>
        names.includes(each.id) && argv.includes(`--${each.installation}`);
    const order = (all: Computer['state']['flatpaks']) =>
        all.sort((one, other) => (`${one.id} ${one.installation}` < `${other.id} ${other.installation}` ? -1 : 1));
    if (argv[0] === 'uninstall') {
        removedFlatpaks.set(computer, state.flatpaks.filter(isMeant));
        state.flatpaks = state.flatpaks.filter(each => !isMeant(each));
    }
    if (argv[0] === 'install') state.flatpaks = order([...state.flatpaks, ...(removedFlatpaks.get(computer) ?? [])]);
    if (argv[0] === 'update') for (const each of state.flatpaks) if (isMeant(each)) each.isOld = false;
}

/** As gio(1) names what it moves there, the first time. */
function trash({ root }: Computer, path: string): void {
    const folder = join(root, '.local/share/Trash');
    const name = basename(path);
    if (existsSync(join(folder, 'info', `${name}.trashinfo`)))
        throw new NotThere('The trash has another file of this name');
    renameSync(path, join(folder, 'files', name));
    writeFileSync(join(folder, 'info', `${name}.trashinfo`), trashInfo(path));
}

function inputFile(root: string, bytes: Buffer): string {
    const path = join(root, 'proc/stdin');
    writeFileSync(path, bytes);
    return path;
}

function systemctl(computer: Computer, verb: string, name: string): void {
    if (['enable', 'disable', 'mask', 'unmask'].includes(verb)) {
        setUnitFile(computer, verb, name);
        return;
    }
    const member = { start: 'StartUnit', restart: 'RestartUnit', stop: 'StopUnit', kill: 'KillUnit' }[verb] ?? 'Reload';
    make(computer, { bus: 'system', ...manager, member, signature: '', arguments: [name] });
}

/** As systemctl(1) does: a mask hides whether the unit starts by itself, and leaves it as it is. */
function setUnitFile(computer: Computer, verb: string, name: string): void {
    const { unit } = computer.unit(name);
    const under = unmasked.get(unit) ?? 'disabled';
    if (verb === 'mask') unmasked.set(unit, unit.UnitFileState);
    unit.UnitFileState = { enable: 'enabled', disable: 'disabled', mask: 'masked' }[verb] ?? under;
}

/** What the mask of a unit hides. */
const unmasked = new WeakMap<object, unknown>();

function network(computer: Computer, argv: readonly string[]): boolean {
    const { state, root } = computer;
    if (argv.includes('hotspot')) {
        const name = argv.at(-1) ?? '';
        state.connections.push({
            id: name,
            uuid: 'f330dfdb-5cc1-4b4d-b738-21ade5a5e0b8',
            type: '802-11-wireless',
            mode: 'ap',
            isUp: true,
            isKept: false,
        });
        return true;
    }
    if (argv.includes('delete')) {
        state.connections = state.connections.filter(({ id }) => id !== argv.at(-1));
        return true;
    }
    if (argv.includes('modify') && argv[4]?.endsWith('.mtu') === true) {
        const changed = state.connections.find(({ uuid }) => uuid === argv[3]);
        if (changed !== undefined && argv[5] !== '0') changed.mtu = Number(argv[5]);
        else delete changed?.mtu;
        return true;
    }
    if (argv.includes('modify')) {
        const of = (name: string) => (argv[argv.indexOf(name) + 1] ?? '').split(',').filter(server => server !== '');
        const changed = state.connections.find(({ uuid }) => uuid === argv[3]);
        const servers = [...of('ipv4.dns'), ...of('ipv6.dns')];
        if (changed !== undefined && servers.length > 0) changed.servers = servers;
        else delete changed?.servers;
        return true;
    }
    if (argv.includes('reapply')) return true;
    const connection = state.connections.find(({ uuid }) => uuid === argv.at(-1));
    if (argv.includes('up')) activate(computer, connection);
    else if (argv.includes('down') && connection !== undefined) connection.isUp = false;
    else if (argv.includes('reload') || argv.includes('load')) {
        const kept = readdirSync(join(root, profiles)).map(name => readFileSync(join(root, profiles, name), 'utf8'));
        const isThere = (of: Connection) => !of.isKept || kept.includes(of.uuid);
        const gone = forgotten.get(computer) ?? [];
        const known = [...state.connections, ...gone];
        forgotten.set(
            computer,
            known.filter(of => !isThere(of)),
        );
        state.connections = known.filter(isThere).sort((one, other) => (one.uuid < other.uuid ? -1 : 1));
    }
    return true;
}

/** The connections whose files are somewhere else now. */
const forgotten = new WeakMap<Computer, Connection[]>();

function packages({ state }: Computer, argv: readonly string[]): boolean {
    const names = argv.slice(argv.indexOf('--') + 1);
    if (argv.includes('clean') || argv.includes('update')) return true;
    if (argv.includes('upgrade')) {
        Object.assign(state.packages, Object.fromEntries(newer(state)));
        return true;
    }
    if (argv.includes('--configure') || argv.includes('--fix-broken')) {
        state.unpacked = [];
        return true;
    }
    const install = (name: string, version: string) => {
        for (const needed of state.needs[name] ?? [])
            if (state.packages[needed] === undefined) install(needed, state.sources[needed]?.[0] ?? '1.0');
        state.packages[name] = version;
    };
    if (argv.includes('install'))
        for (const [name = '', version] of names.map(each => each.split('=')))
            if (!argv.includes('--reinstall')) install(name, version ?? state.sources[name]?.[0] ?? '1.0');
    const removed = argv.includes('--remove') ? argv.slice(argv.indexOf('--remove') + 1) : names;
    if (argv.includes('remove') || argv.includes('--remove'))
        state.packages = Object.fromEntries(Object.entries(state.packages).filter(([name]) => !removed.includes(name)));
    return true;
}

function printing({ state }: Computer, name: string, argv: readonly string[]): boolean {
    const queue = state.printers.find(each => each.name === argv.at(-1));
    if (name === 'lp' && argv.includes('-t')) return true;
    const job = state.printers.flatMap(({ jobs }) => jobs).find(({ id }) => id === Number(argv[1] ?? argv[0]));
    if (name === 'cancel')
        for (const printer of state.printers)
            printer.jobs = printer.jobs.filter(({ id }) => !argv.includes(String(id)));
    else if (name === 'lp' && job !== undefined) job.isHeld = argv.at(-1) === 'hold';
    else if (queue === undefined) return false;
    else if (name === 'cupsaccept' || name === 'cupsreject') queue.accepts = name === 'cupsaccept';
    else queue.isStopped = name === 'cupsdisable';
    return true;
}
