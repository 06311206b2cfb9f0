import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Machine } from '../machine.ts';
import { debianPackage, patience } from './aptSimulation.ts';

/** A package that apt knows, with the one line that describes it. */
export type KnownPackage = { name: string; summary: string };

const outputLimit = 4 * 1_048_576;

/** Packages in whose name or description every word occurs; apt-cache(8), search. Words are taken literally. */
export async function searchPackages(
    machine: Machine,
    words: readonly string[],
    signal: AbortSignal,
): Promise<KnownPackage[]> {
    const patterns = words.map(word => word.replaceAll(/[^\p{L}\p{N}-]/gu, '.'));
    if (patterns.length === 0) return [];
    const options = { signal, timeout: patience, limit: outputLimit };
    const listed = await machine.run('apt-cache', ['search', '--', ...patterns], options);
    if (listed === null) throw new ReeveError('InvalidState', _('No known package manager is installed'));
    return listed.split('\n').flatMap(line => {
        const { name = '', summary = '' } = /^(?<name>\S+) - (?<summary>.*)$/.exec(line)?.groups ?? {};
        return debianPackage.test(name) ? [{ name, summary }] : [];
    });
}

/** Whether a package is installed, and not just known by the settings that it left; dpkg-query(1). */
export async function isInstalled(machine: Machine, name: string, signal: AbortSignal): Promise<boolean> {
    const argv = ['--show', '--showformat=${db:Status-Status}\\n', '--', name];
    const states = await machine.run('dpkg-query', argv, { signal, timeout: patience });
    if (states === null) throw new ReeveError('InvalidState', _('No known package manager is installed'));
    return states.split('\n').includes('installed');
}
