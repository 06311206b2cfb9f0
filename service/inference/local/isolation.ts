/**
 * What keeps the process that runs a model from the user's files, the buses, other programs' sockets and the network. A model file
 * comes from strangers, and llama.cpp parses it. The worker needs its program, one model, and folders of its own.
 *
 * systemd.exec(5): in a user's service manager, these settings need a user namespace. With ProtectKernelLogs=, the unit does not
 * start there, and ProtectProc= and ProcSubset= do nothing (seen with systemd 257 and 262). The devices stay, for the GPU, whose
 * drivers also compile code and place their threads and memory.
 *
 * Where there are no user namespaces, Landlock keeps files away, and a filter of system calls the buses and the network, which need
 * neither. Without Landlock, the filter alone is left.
 */
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

import { log } from '../../util/log.ts';

export type Paths = { reads: readonly string[]; writes: readonly string[] };
/** The ways to isolate it, the strongest first. */
export const isolationKinds = ['namespaces', 'landlock', 'filter'] as const;
export type IsolationKind = (typeof isolationKinds)[number];
/** Properties of its unit, and what the command line begins with. */
type Isolation = { properties: string[]; prefix: string[] };

/** What needs no namespace. */
const filter = [
    'KeyringMode=private',
    'SystemCallFilter=~@clock @cpu-emulation @debug @module @mount @obsolete @privileged @raw-io @reboot @swap',
    'SystemCallErrorNumber=EPERM',
    'WorkingDirectory=/',
];
/** Drivers talk over unix sockets and ask the kernel by netlink. */
export const families = 'AF_UNIX AF_NETLINK';

const settings = [
    'PrivateUsers=yes',
    // Only inside of a user namespace may a user's service manager drop them.
    'CapabilityBoundingSet=',
    'PrivateNetwork=yes',
    'PrivateIPC=yes',
    'PrivateTmp=yes',
    'ProtectSystem=strict',
    // /home, /root and /run/user.
    'ProtectHome=tmpfs',
    'InaccessiblePaths=-/run/dbus',
    'ProtectKernelTunables=yes',
    'ProtectKernelModules=yes',
    'ProtectControlGroups=yes',
    'ProtectHostname=yes',
];

/** @param paths what the worker may read and write; those that do not exist are left out */
export function isolation(kind: IsolationKind, paths: Paths, home = homedir()): Isolation {
    if (kind === 'namespaces')
        return { properties: [...filter, `RestrictAddressFamilies=${families}`, ...hiding(paths, home)], prefix: [] };
    // A socket of a bus is a file that Landlock leaves alone.
    const properties = [...filter, 'RestrictAddressFamilies=AF_NETLINK'];
    if (kind === 'filter') return { properties, prefix: [] };
    // setpriv(1) sets its capabilities, of which there are none, whatever it is asked for.
    return { properties: [...properties, 'SystemCallFilter=capset'], prefix: landlocked(paths) };
}

function hiding({ reads, writes }: Paths, home: string): string[] {
    const isElsewhere = !/^\/(?:home|root)(?:\/|$)/.test(home);
    return [
        ...settings,
        ...(isElsewhere ? [`TemporaryFileSystem=${quoted(home)}`] : []),
        ...reads.map(path => `BindReadOnlyPaths=-${quoted(path)}`),
        ...writes.map(path => `BindPaths=-${quoted(path)}`),
    ];
}

/** Programs, libraries, settings and what drivers read of the devices; the last three are those of NixOS and Guix. */
const system = [
    ...['/usr', '/bin', '/lib', '/lib32', '/lib64', '/etc', '/opt', '/proc', '/sys'],
    ...['/nix/store', '/run/opengl-driver', '/gnu/store'],
];
const reading = ['execute', 'read-file', 'read-dir'];
const changing = [...reading, 'write-file', 'truncate', 'remove-dir', 'remove-file', 'make-dir', 'make-reg', 'refer'];
/** All rights of landlock(7) that setpriv(1) of util-linux 2.41 names. */
const rights = [...changing, 'make-char', 'make-sock', 'make-fifo', 'make-block', 'make-sym'];

function landlocked({ reads, writes }: Paths): string[] {
    const isThere = (path: string) => existsSync(path);
    const allow = (what: readonly string[]) => (path: string) => [
        '--landlock-rule',
        // Of a file, the kernel takes no right that only a folder has: landlock(7), EINVAL.
        `path-beneath:${what.filter(right => statSync(path).isDirectory() || ofFiles.includes(right)).join(',')}:${path}`,
    ];
    return [
        ...['setpriv', '--no-new-privs', '--landlock-access', `fs:${rights.join(',')}`],
        ...[...system, ...reads].filter(isThere).flatMap(allow(reading)),
        // Devices of a GPU; and what a process says of itself to the kernel.
        ...['/dev', '/proc/self'].flatMap(allow(['read-file', 'read-dir', 'write-file'])),
        ...writes.filter(isThere).flatMap(allow(changing)),
        '--',
    ];
}

const ofFiles = ['execute', 'read-file', 'write-file', 'truncate'];

/** The folder of the program with the packages that it imports, and Node, which may be elsewhere. */
export function programPaths({ node, script }: { node: string; script: string }): string[] {
    let folder = dirname(script);
    while (!existsSync(join(folder, 'node_modules')) && folder !== dirname(folder)) folder = dirname(folder);
    return [folder === dirname(folder) ? dirname(script) : folder, node];
}

/** The absolute paths in the value of a variable such as LD_LIBRARY_PATH. */
export function pathsIn(value: string): string[] {
    return value.split(':').filter(part => isAbsolute(part));
}

/** The strongest way that works here, as some computers allow no user namespaces; null where none does. Does not throw. */
export async function strongestIsolation(): Promise<IsolationKind | null> {
    for (const kind of isolationKinds) {
        const { properties, prefix } = isolation(kind, { reads: [], writes: [] });
        const options = properties.map(property => `--property=${property}`);
        const argv = ['--user', '--quiet', '--wait', '--collect', '--service-type=exec', ...options];
        try {
            await promisify(execFile)('systemd-run', [...argv, '--', ...prefix, 'true'], { timeout: 10_000 });
            return kind;
        } catch (error) {
            log('warning', missing[kind], { error: String(error) });
        }
    }
    return null;
}

const missing: Readonly<Record<IsolationKind, string>> = {
    namespaces: 'The process that runs models has no namespaces of its own, as none are allowed here',
    landlock: 'Landlock does not keep the process that runs models from files',
    filter: 'The process that runs models cannot be isolated',
};

/** As systemd reads lists of paths, in which spaces and colons separate. */
function quoted(path: string): string {
    return `"${path.replace(/["\\]/g, '\\$&')}"`;
}
