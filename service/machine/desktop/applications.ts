import { basename, join } from 'node:path';

import { safeText } from '../../text/sanitise.ts';
import { listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { ownerOf } from '../owner.ts';
import { listControlGroups } from '../processes/controlGroups.ts';
import { applicationName, entryDirectories, entryName } from './applicationName.ts';

export type Application = {
    /** Of its desktop entry, without the suffix. */
    id: string;
    path: string;
    /** In the person's language. */
    name: string;
    /** All that people may call it, in lower case. */
    called: readonly string[];
    /** The name of its program's file; empty where that runs many applications. */
    program: string;
    /** Whether D-Bus starts it, by its ID as a name; DBusActivatable of the Desktop Entry Specification. */
    isActivatable: boolean;
};

/** What is in a menu of applications, by the Desktop Entry Specification. @param languages as for `applicationName` */
export async function listApplications(machine: Machine, languages: readonly string[]): Promise<Application[]> {
    const found = new Map<string, Application | null>();
    for (const directory of entryDirectories()) {
        for (const file of await listNames(machine, directory)) {
            const id = /^([A-Za-z0-9_][\w.-]*)\.desktop$/.exec(file)?.[1];
            // The first directory that has an entry counts, even where it hides the entry.
            if (id === undefined || found.has(id)) continue;
            const path = join(directory, file);
            const text = (await readText(machine, path)) ?? '';
            found.set(id, readEntry(id, path, text, languages));
        }
    }
    return [...found.values()].filter(application => application !== null);
}

/** A name on a bus that its owner chose; D-Bus Specification, "Bus names". */
const busName = /^[A-Za-z_-][\w-]*(?:\.[A-Za-z_-][\w-]*)+$/;

/** Programs that run others. */
const runners =
    /^(?:env|sh|bash|dash|flatpak|snap|java|gjs(?:-console)?|python[\d.]*|perl|node|electron\d*|wine|gapplication|gio|sudo|pkexec)$/;

function readEntry(id: string, path: string, text: string, languages: readonly string[]): Application | null {
    const entry = /^\[Desktop Entry\]$([^]*?)(?=^\[|(?![^]))/m.exec(text)?.[1] ?? '';
    const value = (key: string) => new RegExp(`^${key}\\s*=\\s*(.+)$`, 'm').exec(entry)?.[1]?.trim();
    const name = entryName(text, languages);
    const isHidden = value('NoDisplay') === 'true' || value('Hidden') === 'true';
    if (name === null || isHidden || value('Type') !== 'Application') return null;
    const program = basename(/^"?([^"\s]+)/.exec(value('Exec') ?? '')?.[1] ?? '');
    const own = runners.test(program) ? '' : program;
    const called = [name, entryName(text, []), value('GenericName'), id.split('.').at(-1), own];
    const names = called.flatMap(each => (each ? [safeText(each, 128).toLowerCase()] : []));
    const isActivatable = value('DBusActivatable') === 'true' && busName.test(id);
    return { id, path, name, called: names, program: own, isActivatable };
}

/** An application that runs, by the unit in which the desktop started it. */
export type RunningApplication = { id: string; name: string; pid: number };

/** The applications of the user that run, each once for each unit. */
export async function runningApplications(
    machine: Machine,
    uid: number,
    languages: readonly string[],
): Promise<RunningApplication[]> {
    const groups = (await listControlGroups(machine, uid)).filter(({ scope }) => scope === 'user');
    const found = await Promise.all(
        groups.map(async ({ path }) => {
            const { kind, name: id } = ownerOf(`0::${path}`, '');
            if (kind !== 'application') return null;
            const [first = ''] = ((await readText(machine, `/sys/fs/cgroup${path}/cgroup.procs`, 4096)) ?? '').split(
                '\n',
            );
            if (first === '') return null;
            return { id, name: (await applicationName(machine, id, languages)) ?? id, pid: Number(first) };
        }),
    );
    return found.filter(application => application !== null);
}
