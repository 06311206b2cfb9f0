/** The command lines that confine a command: bubblewrap, or Landlock where there are no user namespaces. */
import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

import { programForRoot } from '../actions/programStep.ts';

/** What a command may see and do. */
export type Confined = {
    argv: readonly string[];
    /** It begins there: in one of the folders. */
    directory: string;
    /** Folders that it may change, each with the copy that it gets instead. */
    folders: readonly { folder: string; copy: string }[];
    home: string;
    /** A folder of its own, which is empty. */
    scratch: string;
    network: boolean;
};

export const sandboxKinds = ['bubblewrap', 'landlock'] as const;
export type SandboxKind = (typeof sandboxKinds)[number];

/** Programs and their libraries, and settings: hier(7), file-hierarchy(7); the last are those of NixOS and Guix. */
const readable = ['/usr', '/etc', '/opt', '/nix/store', '/run/current-system', '/gnu/store'];
/** Links into /usr, or folders where the two are not merged: file-hierarchy(7). */
const merged = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** /etc/resolv.conf is a link into one of them: systemd-resolved.service(8), NetworkManager.conf(5). */
const resolvers = ['/run/systemd/resolve', '/run/NetworkManager'];

/** The kernel lets root change them in any namespace: proc_sys(5), proc_sysrq-trigger(5). */
const kernelSettings = ['/proc/sys', '/proc/sysrq-trigger'];

/** Of what a command keeps in memory instead of on disk: /tmp, its home. Bytes. */
const scratchSize = 256 * 1024 * 1024;

export function confinedBy(kind: SandboxKind, confined: Confined): string[] {
    return kind === 'bubblewrap' ? bubblewrapped(confined) : landlocked(confined);
}

/** Nothing of the service manager's own environment: /proc/1/environ would show it, too. */
function cleanEnvironment(home: string, scratch: string, ...options: string[]): string[] {
    const path = '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games';
    const set = [`PATH=${path}`, `HOME=${home}`, `TMPDIR=${scratch}`, 'LANG=C.UTF-8', 'TERM=dumb'];
    return [programForRoot('env'), '--ignore-environment', ...options, ...set];
}

/**
 * bwrap(1). The root is an empty filesystem in memory, on which is only what is named here. There are no capabilities in it, also for
 * root, and `--disable-userns` keeps a command from getting some in a namespace of its own.
 */
function bubblewrapped({ argv, directory, folders, home, network }: Confined): string[] {
    const inMemory = (path: string) => ['--size', String(scratchSize), '--tmpfs', path];
    return [
        ...cleanEnvironment(home, '/tmp'),
        programForRoot('bwrap'),
        ...['--unshare-user', '--unshare-all', '--disable-userns', '--cap-drop', 'ALL'],
        ...(network ? ['--share-net'] : []),
        ...['--die-with-parent', '--new-session', '--hostname', 'sandbox'],
        ...[...readable, ...(network ? resolvers : [])].flatMap(path => ['--ro-bind-try', path, path]),
        ...merged.flatMap(asItIs),
        ...['--proc', '/proc', ...kernelSettings.flatMap(path => ['--ro-bind-try', path, path]), '--dev', '/dev'],
        ...inMemory('/tmp'),
        ...['--dir', '/var', '--symlink', '/tmp', '/var/tmp'],
        ...inMemory(home),
        ...folders.flatMap(({ folder, copy }) => ['--bind', copy, folder]),
        ...['--remount-ro', '/', '--chdir', directory, '--', ...argv],
    ];
}

function asItIs(path: string): string[] {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** The rights of landlock(7) that setpriv(1) names, to read and run. */
const reading = ['execute', 'read-file', 'read-dir'];
const changing = [
    ...reading,
    ...['write-file', 'truncate', 'remove-dir', 'remove-file', 'make-dir', 'make-reg', 'make-sym', 'refer'],
];
const devices = ['null', 'zero', 'full', 'random', 'urandom'];

/**
 * setpriv(1) of util-linux 2.41. Landlock confines files only; the unit keeps such a command from sockets, signals and other
 * processes (`sandboxUnit.ts`). It cannot put a copy in the place of a folder, so the command runs in the copy.
 */
function landlocked({ argv, directory, folders, scratch }: Confined): string[] {
    const allow = (rights: readonly string[], path: string) => [
        '--landlock-rule',
        `path-beneath:${rights.join(',')}:${path}`,
    ];
    const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    const started = folders.find(({ folder }) => directory === folder || directory.startsWith(`${folder}/`));
    if (started === undefined) throw new TypeError('a command begins in a folder that it may change');
    const inCopy = join(started.copy, directory.slice(started.folder.length));
    return [
        ...cleanEnvironment(scratch, scratch, `--chdir=${inCopy}`),
        programForRoot('setpriv'),
        ...['--no-new-privs', '--landlock-access', 'fs'],
        ...[...readable, ...merged].filter(isThere).flatMap(path => allow(reading, path)),
        ...devices.flatMap(name => allow(['read-file', 'write-file'], `/dev/${name}`)),
        ...[...folders.map(({ copy }) => copy), scratch].flatMap(path => allow(changing, path)),
        '--',
        ...argv,
    ];
}
