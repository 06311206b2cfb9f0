import { homedir } from 'node:os';
import { join } from 'node:path';

import { ReeveError } from '../util/errors.ts';
import { BusError } from '../dbus/connection.ts';
import { entryDirectories } from '../machine/desktop/applicationName.ts';
import { findCrashes, isOfNamed } from '../machine/processes/crashes.ts';
import type { Crash } from '../machine/processes/crashes.ts';
import { listNames, ownerOf } from '../machine/machine.ts';
import type { Machine } from '../machine/machine.ts';
import { findPrograms } from '../machine/processes/programs.ts';
import type { Sources } from './tools/sources.ts';

/** The directories of programs that people start by name; see hier(7). Snap and Flatpak have places of their own. */
const commandDirectories = [
    '/usr/bin',
    '/usr/local/bin',
    '/usr/sbin',
    '/usr/games',
    '/snap/bin',
    join(homedir(), '.local/bin'),
];

/** The words, in lower case, that name a program on this computer: one to start, one that runs, or one that crashed. */
export async function knownPrograms(
    { machine, journal }: Pick<Sources, 'machine' | 'journal'>,
    words: readonly string[],
    isOfCrash: boolean,
    signal: AbortSignal,
): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    if (words.length === 0) return known;
    const applications = await applicationIds(machine);
    const crashes = isOfCrash ? await crashesOf(journal, signal) : [];
    for (const word of words) {
        const isKnown =
            applications.has(word) ||
            crashes.some(crash => isOfNamed(crash, [word])) ||
            (await isCommand(machine, word)) ||
            (await findPrograms(machine, [word], signal)).length > 0;
        if (isKnown) known.add(word);
    }
    return known;
}

async function isCommand(machine: Machine, word: string): Promise<boolean> {
    // The word comes from a question: it must not lead out of the directories.
    if (!/^[\w+.-]{2,64}$/.test(word)) return false;
    for (const directory of commandDirectories)
        if ((await ownerOf(machine, join(directory, word))) !== null) return true;
    return false;
}

/** The last parts of the names of desktop entries, such as “firefox” of org.mozilla.firefox.desktop. */
async function applicationIds(machine: Machine): Promise<ReadonlySet<string>> {
    const names = await Promise.all(entryDirectories().map(directory => listNames(machine, directory)));
    const ids = names.flat().filter(name => name.endsWith('.desktop'));
    return new Set(ids.map(name => name.toLowerCase().split('.').at(-2) ?? ''));
}

/** None where the journal cannot be asked: the answer says so itself. */
async function crashesOf(journal: Sources['journal'], signal: AbortSignal): Promise<Crash[]> {
    try {
        return (await journal.access()) === 'none' ? [] : await findCrashes(journal.query, null, signal);
    } catch (error) {
        if (error instanceof BusError || (error instanceof ReeveError && error.code === 'Unavailable')) return [];
        throw error;
    }
}
