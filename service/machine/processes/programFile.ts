import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

import { isAbsence } from '../machine.ts';
import type { Machine } from '../machine.ts';

const folders = [
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
    '/usr/games',
    '/usr/local/games',
    '/snap/bin',
    '/var/lib/flatpak/exports/bin',
    '/nix/var/nix/profiles/default/bin',
    '/run/current-system/sw/bin',
];
const ofHome = ['.local/bin', 'bin', '.local/share/flatpak/exports/bin', '.nix-profile/bin'];

/**
 * The program of a command line, as Exec= of a desktop entry, a D-Bus service file or a unit has it; null for one that depends
 * on the moment: a variable, or a specifier of systemd.
 */
export function programOf(command: string): string | null {
    const words = command.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+/g) ?? [];
    const plain = words.map(word => word.replace(/^(["'])(.*)\1$/s, '$2'));
    // env(1) with its variables, in front of the program.
    while (plain[0] !== undefined && (/^(?:\/usr\/bin\/)?env$/.test(plain[0]) || /^\w+=/.test(plain[0]))) plain.shift();
    const [program = ''] = plain;
    return program === '' || /[$%*?`\\]/.test(program) || program.startsWith('-') ? null : program;
}

/**
 * Where a program is that can be run; null when there is none. A name without a folder is looked up where the session finds
 * programs, and where programs usually are: the service's own PATH may be shorter.
 */
export async function findProgram(
    machine: Machine,
    program: string,
    { HOME: home, PATH: path = '' }: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
    if (program.includes('/') && !program.startsWith('/')) return program;
    const own = home === undefined ? [] : ofHome.map(folder => join(home, folder));
    const given = path.split(':').filter(isAbsolute);
    const paths = program.startsWith('/')
        ? [program]
        : [...new Set([...own, ...folders, ...given])].map(folder => join(folder, program));
    for (const path of paths) if (await canRun(machine, path)) return path;
    return null;
}

/** Somebody may run it: a program of the system need not be this user's. */
async function canRun({ root }: Machine, path: string): Promise<boolean> {
    try {
        const status = await stat(join(root, path));
        return status.isFile() && (status.mode & 0o111) !== 0;
    } catch (error) {
        // It may well be in a folder that only others may enter.
        if ((error as NodeJS.ErrnoException).code === 'EACCES') return true;
        if (isAbsence(error)) return false;
        throw error;
    }
}
