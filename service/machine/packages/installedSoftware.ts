import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import type { Machine } from '../machine.ts';

export type Software = {
    /** Of a package or an application's ID. */
    name: string;
    /** Its name for people; empty for a package. */
    title: string;
    version: string;
    manager: string;
};

export type InstalledSoftware = {
    software: Software[];
    /** The managers that exist here and were asked. */
    managers: string[];
    evidence: Evidence[];
};

/** What each prints are lines of name, version and title, separated by `separator`; dpkg also lists what was removed. */
const queries: readonly { manager: string; program: string; argv: string[]; separator: RegExp; header?: true }[] = [
    // dpkg-query(1), rpm(8), pacman(8), flatpak-list(1); `snap list` prints a table under a header.
    {
        manager: 'dpkg',
        program: 'dpkg-query',
        argv: ['-W', '-f', '${binary:Package}\\t${Version}\\t\\t${db:Status-Status}\\n'],
        separator: /\t/,
    },
    {
        manager: 'rpm',
        program: 'rpm',
        argv: ['-qa', '--queryformat', '%{NAME}\\t%{VERSION}-%{RELEASE}\\n'],
        separator: /\t/,
    },
    { manager: 'pacman', program: 'pacman', argv: ['-Q'], separator: / / },
    {
        manager: 'flatpak',
        program: 'flatpak',
        argv: ['list', '--app', '--columns=application,version,name'],
        separator: /\t/,
    },
    { manager: 'snap', program: 'snap', argv: ['list'], separator: / +/, header: true },
];

/**
 * The software that package managers know to be installed; software from other ways of installing is missing.
 *
 * @throws ReeveError Unavailable when a manager does not answer
 */
export async function readInstalledSoftware(machine: Machine, signal: AbortSignal): Promise<InstalledSoftware> {
    const found: InstalledSoftware = { software: [], managers: [], evidence: [] };
    for (const { manager, program, argv, separator, header } of queries) {
        const output = await machine.run(program, argv, { signal, timeout: 15_000, limit: 4_194_304 });
        if (output === null) continue;
        const lines = output.split('\n').filter(line => line !== '');
        const software = lines.slice(header ? 1 : 0).flatMap((line): Software[] => {
            const [name = '', version = '', title = '', status = 'installed'] = line.split(separator);
            if (name === '' || (manager === 'dpkg' && status !== 'installed')) return [];
            return [
                {
                    name: safeText(name.replace(/:[a-z0-9-]+$/, ''), 128),
                    title: manager === 'flatpak' ? safeText(title, 128) : '',
                    version: safeText(version, 64),
                    manager,
                },
            ];
        });
        found.software.push(...software);
        found.managers.push(manager);
        found.evidence.push(fact('system', `${program} ${argv[0] ?? ''}`, `${software.length} installed`));
    }
    return found;
}

/**
 * The software that words of a person mean: of that name, else what begins with it, as firefox-esr and python3 do, else what
 * has them in its name.
 *
 * @param words in lower case
 */
export function matchSoftware(software: readonly Software[], words: readonly string[]): Software[] {
    if (words.length === 0) return [];
    const fits = software.map(each => ({ each, fit: fitOf(each, words) })).filter(({ fit }) => fit > 0);
    const best = Math.max(0, ...fits.map(({ fit }) => fit));
    return fits
        .filter(({ fit }) => fit === best)
        .map(({ each }) => each)
        .sort((one, other) => one.name.length - other.name.length);
}

/** Whether the words are its name, and not only in it: git-man does not make git installed. */
export function isMeant(software: Software, words: readonly string[]): boolean {
    return fitOf(software, words) === exact;
}

const exact = 3;

function fitOf({ name, title }: Software, words: readonly string[]): number {
    const joined = words.join('-');
    const known = name.toLowerCase();
    if (known === joined || title.toLowerCase() === words.join(' ')) return exact;
    if (known.startsWith(joined) && /^(?:-|[\d.]+$)/.test(known.slice(joined.length))) return 2;
    const parts = known.split(/[-._+]/);
    return words.every(word => parts.includes(word)) ? 1 : 0;
}
