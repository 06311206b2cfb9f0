/**
 * What keeps the process that runs a model from the user's files, the buses, other programs' sockets and the network. A model file
 * comes from strangers, and llama.cpp parses it. The worker needs its program, one model, and folders of its own.
 *
 * systemd.exec(5): in a user's service manager, these settings need a user namespace. With ProtectKernelLogs=, the unit does not
 * start there, and ProtectProc= and ProcSubset= do nothing (seen with systemd 257 and 262). The devices stay, for the GPU, whose
 * drivers also compile code and place their threads and memory.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

import { log } from '../../util/log.ts';

export type Paths = { reads: readonly string[]; writes: readonly string[] };

const settings = [
    'PrivateUsers=yes',
    // Only inside of a user namespace may a user's service manager drop them.
    'CapabilityBoundingSet=',
    'KeyringMode=private',
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
    'SystemCallFilter=~@clock @cpu-emulation @debug @module @mount @obsolete @privileged @raw-io @reboot @swap',
    'SystemCallErrorNumber=EPERM',
    'WorkingDirectory=/',
];

/** @param paths what the worker may read and write in spite of the settings; those that do not exist are left out */
export function isolation({ reads, writes }: Paths, home = homedir()): string[] {
    const isElsewhere = !/^\/(?:home|root)(?:\/|$)/.test(home);
    return [
        ...settings,
        ...(isElsewhere ? [`TemporaryFileSystem=${quoted(home)}`] : []),
        ...reads.map(path => `BindReadOnlyPaths=-${quoted(path)}`),
        ...writes.map(path => `BindPaths=-${quoted(path)}`),
    ];
}

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

/** Whether this computer lets a user's service manager do so: some allow no user namespaces. Does not throw. */
export async function canIsolate(): Promise<boolean> {
    const properties = isolation({ reads: [], writes: [] }).map(property => `--property=${property}`);
    try {
        await promisify(execFile)(
            'systemd-run',
            ['--user', '--quiet', '--wait', '--collect', '--service-type=exec', ...properties, '--', 'true'],
            { timeout: 10_000 },
        );
        return true;
    } catch (error) {
        log('warning', 'The process that runs models cannot be isolated', { error: String(error) });
        return false;
    }
}

/** As systemd reads lists of paths, in which spaces and colons separate. */
function quoted(path: string): string {
    return `"${path.replace(/["\\]/g, '\\$&')}"`;
}
