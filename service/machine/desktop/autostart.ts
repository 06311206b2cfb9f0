import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import { safeText } from '../../text/sanitise.ts';
import { isAbsence, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { findProgram, programOf } from '../processes/programFile.ts';
import { entryName } from './applicationName.ts';
import { keysOf } from './keyFile.ts';

/** A desktop entry that is to start with the session. */
export type AutostartEntry = {
    /** Its path, made safe. */
    path: string;
    /** For people; of an entry without a name, its file's. */
    name: string;
    /** The program, as the entry names it; "" for one that names none. */
    program: string;
    /** The program is not there, or not executable. */
    isMissing: boolean;
    /** Part of a desktop, which no settings program lists. */
    isHidden: boolean;
};

/** What starts at log-in, and how many entries are switched off; null where no folder of it can be read. */
export type Autostart = { entries: AutostartEntry[]; off: number; folders: string[] };

/**
 * The entries that the desktop starts at log-in, after the Desktop Application Autostart Specification: of two with one
 * file name the user's counts.
 *
 * @param languages as in `entryName`
 */
export async function readAutostart(
    machine: Machine,
    languages: readonly string[],
    environment: NodeJS.ProcessEnv = process.env,
): Promise<Autostart | null> {
    const files = new Map<string, string>();
    const folders: string[] = [];
    for (const folder of autostartFolders(environment)) {
        const names = await namesIn(machine, folder);
        if (names === null) continue;
        folders.push(folder);
        for (const name of names.slice(0, entriesRead)) if (!files.has(name)) files.set(name, join(folder, name));
    }
    if (folders.length === 0) return null;
    const entries: AutostartEntry[] = [];
    let off = 0;
    for (const [name, path] of files) {
        const text = await readText(machine, path);
        if (text === null) continue;
        const entry = keysOf(text, 'Desktop Entry');
        // What is meant for another desktop, or waits for a program that was never installed, is not switched off.
        if (isForOther(entry, environment) || (await isMissing(machine, programOf(entry('TryExec')), environment)))
            continue;
        if (entry('Hidden') === 'true' || entry('X-GNOME-Autostart-enabled') === 'false') {
            off += 1;
            continue;
        }
        const program = programOf(entry('Exec'));
        entries.push({
            path: safeText(path, 256),
            name: entryName(text, languages) ?? safeText(name.replace(/\.desktop$/, ''), 128),
            program: safeText(program ?? '', 256),
            isMissing: await isMissing(machine, program, environment),
            isHidden: entry('NoDisplay') === 'true',
        });
    }
    return { entries, off, folders };
}

const entriesRead = 200;

function autostartFolders(environment: NodeJS.ProcessEnv): string[] {
    const given = environment.XDG_CONFIG_HOME ?? '';
    const own = isAbsolute(given) ? given : join(environment.HOME ?? homedir(), '.config');
    const shared = (environment.XDG_CONFIG_DIRS || '/etc/xdg').split(':').filter(isAbsolute);
    return [own, ...shared].map(folder => join(folder, 'autostart'));
}

async function namesIn(machine: Machine, folder: string): Promise<string[] | null> {
    machine.onRead?.(folder);
    try {
        const names = await readdir(join(machine.root, folder));
        return names.filter(name => name.endsWith('.desktop')).sort();
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

function isForOther(entry: (key: string) => string, environment: NodeJS.ProcessEnv): boolean {
    const desktops = (environment.XDG_CURRENT_DESKTOP || 'GNOME').split(':');
    const lists = (key: string) =>
        entry(key)
            .split(';')
            .some(desktop => desktops.includes(desktop));
    return (entry('OnlyShowIn') !== '' && !lists('OnlyShowIn')) || lists('NotShowIn');
}

/** Whether a program is named and not there. */
async function isMissing(machine: Machine, program: string | null, environment: NodeJS.ProcessEnv): Promise<boolean> {
    return program !== null && (await findProgram(machine, program, environment)) === null;
}
