import type { Machine } from '../machine.ts';

/** What apt-get(8) would change. Names of packages may carry their architecture, as "libc6:i386". */
export type AptChanges = {
    installed: {
        name: string;
        /** The version that is there now; null when there is none. */
        from: string | null;
        to: string;
    }[];
    removed: string[];
};

/**
 * It reads the lists of all packages, which takes half a minute on a busy computer. Whoever waits for a plan allows it less than
 * that: see `limit` of Actions.plan. Milliseconds.
 */
export const patience = 35_000;

/** Names and versions as deb-control(5) and deb-version(7) have them, so that none is taken for an option. */
export const debianPackage = /^[a-z0-9][a-z0-9+.-]{1,127}$/;
/** With its architecture where that is another than the computer's. */
export const debianName = /^[a-z0-9][a-z0-9+.-]{1,127}(?::[a-z0-9-]{1,31})?$/;
export const debianVersion = /^\d[A-Za-z0-9.+:~-]{0,127}$/;

/**
 * By its own account, which it gives to everybody and without a lock: lines "Inst NAME [FROM] (TO ORIGIN [ARCH])" and
 * "Remv NAME [VERSION]", or "Purg" where apt.conf(5) has it remove settings as well (pkgSimulate of apt's apt-pkg/algorithms.cc).
 * Both are empty when it would do nothing or cannot.
 *
 * Throws `Unavailable` when it takes too long.
 */
export async function simulateApt(
    machine: Machine,
    argv: readonly string[],
    signal: AbortSignal,
    timeout = patience,
): Promise<AptChanges> {
    const options = { signal, timeout, limit: 16_777_216 };
    const output = (await machine.run('apt-get', ['--simulate', ...argv], options)) ?? '';
    return {
        installed: Array.from(
            output.matchAll(/^Inst (\S+) (?:\[([^\]\s]+)\] )?\((\S+) /gm),
            ([, name = '', from, to = '']) => ({ name, from: from ?? null, to }),
        ),
        removed: Array.from(output.matchAll(/^(?:Remv|Purg) (\S+)/gm), ([, name = '']) => name),
    };
}

/** The changes that would repair missing or conflicting packages: --fix-broken of apt-get(8). */
export const fixBroken = ['--fix-broken', 'install'];

export function isNothing({ installed, removed }: AptChanges): boolean {
    return installed.length === 0 && removed.length === 0;
}
