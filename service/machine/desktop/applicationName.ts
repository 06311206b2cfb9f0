import { homedir } from 'node:os';
import { join } from 'node:path';

import { safeText } from '../../text/sanitise.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/**
 * The name that an application has for people, from its desktop entry (Desktop Entry Specification, "Localized values for
 * keys"); null when it has none that we can find.
 *
 * @param languages codes with the preferred first, such as ["de_AT", "de"]
 */
export async function applicationName(
    machine: Machine,
    id: string,
    languages: readonly string[],
): Promise<string | null> {
    // The ID comes from a unit's name: it must not lead out of the directories.
    if (!/^[\w.-]+$/.test(id)) return null;
    for (const directory of entryDirectories()) {
        const text = await readText(machine, join(directory, `${id}.desktop`));
        const name = text === null ? null : entryName(text, languages);
        if (name !== null) return name;
    }
    return null;
}

/** Where desktop entries are. */
export function entryDirectories(): string[] {
    const home = process.env.XDG_DATA_HOME || join(homedir(), '.local/share');
    const shared = process.env.XDG_DATA_DIRS || '/usr/local/share:/usr/share';
    const flatpak = [join(home, 'flatpak/exports/share'), '/var/lib/flatpak/exports/share'];
    const data = [home, ...shared.split(':').filter(path => path.startsWith('/')), ...flatpak];
    return [...data.map(path => join(path, 'applications')), '/var/lib/snapd/desktop/applications'];
}

export function entryName(text: string, languages: readonly string[]): string | null {
    const group = /^\[Desktop Entry\]$([^]*?)(?=^\[|(?![^]))/m.exec(text)?.[1] ?? '';
    const names = new Map(
        Array.from(group.matchAll(/^Name(?:\[([^\]]+)\])?\s*=\s*(.+)$/gm), ([, language = '', name = '']) => [
            language,
            name,
        ]),
    );
    for (const language of [...languages, '']) {
        const name = names.get(language);
        if (name !== undefined) return safeText(name, 128);
    }
    return null;
}
