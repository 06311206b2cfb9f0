import { safeText } from '../../text/sanitise.ts';
import type { Machine } from '../machine.ts';
import { nativeManager, type NativeManager } from './packageManager.ts';

/**
 * From what was downloaded last, without asking the network: apt(8) list --upgradable, dnf(8) --cacheonly, pacman(8) -Qu.
 * Each line of an update begins with the package's name.
 */
const queries: readonly [NativeManager, string[], RegExp][] = [
    ['apt', ['-qq', 'list', '--upgradable'], /^([^\s/]+)\/\S+ (\S+) \S+ \[upgradable from: ([^\]]+)\]/],
    ['dnf', ['--cacheonly', '--quiet', 'check-update'], /^(\S+\.\S+)\s+(\S+)\s+\S+\s*$/],
    ['pacman', ['-Qu'], /^(\S+) (\S+) -> (\S+)/],
];

type PackageUpdate = { name: string; from: string; to: string };

type PackageUpdates = {
    manager: string;
    updates: PackageUpdate[];
    /** The question that was asked. */
    command: string;
};

/**
 * Updates that the package manager knows of already; null without a package manager. Throws `Unavailable` when it does
 * not answer.
 *
 * @param wanted the one to ask; by default that of this computer
 */
export async function readPackageUpdates(
    machine: Machine,
    signal: AbortSignal,
    wanted?: NativeManager,
): Promise<PackageUpdates | null> {
    const own = wanted ?? (await nativeManager(machine));
    for (const [manager, argv, pattern] of queries) {
        if (own !== null && own !== manager) continue;
        // pacman reports the lack of updates by its exit status alone; dnf without a cache fails with a reason.
        const options = { signal, timeout: 20_000, limit: 4_194_304, silentIsError: true };
        const output = await machine.run(manager, argv, options);
        if (output === null) continue;
        const updates = output.split('\n').flatMap((line): PackageUpdate[] => {
            const match = pattern.exec(line);
            if (match === null) return [];
            const [, name = '', ...versions] = match.map(text => safeText(text, 160));
            // pacman(8) names the old version first.
            const [to = '', from = ''] = manager === 'pacman' ? versions.reverse() : versions;
            return [{ name, from, to }];
        });
        return { manager, updates, command: [manager, ...argv].join(' ') };
    }
    return null;
}
