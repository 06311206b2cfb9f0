import { readdir } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';

import { isAbsence, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/**
 * The installed kernels, except the running one and the newest, which the next boot takes. Leftovers of other packages
 * in a removed kernel's folder do not count; where no kernel is found, none is old.
 */
export async function findOldKernels(root: string): Promise<string[]> {
    // Not the one that changed last: a module may be built for an old one at any time.
    const [, ...others] = await installedKernels(root);
    return others.filter(name => name !== release());
}

/** The newest first. */
async function installedKernels(root: string): Promise<string[]> {
    const folders = await namesIn(join(root, 'usr/lib/modules'));
    const inBoot = new Set(await namesIn(join(root, 'boot')));
    const kernels: string[] = [];
    for (const version of folders) {
        const isKernel =
            inBoot.has(`vmlinuz-${version}`) ||
            (await namesIn(join(root, 'usr/lib/modules', version))).includes('vmlinuz');
        if (isKernel) kernels.push(version);
    }
    return kernels.sort((one, other) => compareVersions(other, one));
}

/** Versions that differ in nothing but their numbers are of the same kind of kernel, such as that for real time. */
const kindOf = (version: string) => version.replace(/\d+(?:\.\d+)*/g, '0');

/** The kernel that runs, whether its modules are gone, and the newest of its kind when that is another; in a container neither. */
export async function readKernels(
    machine: Machine,
): Promise<{ running: string; isGone: boolean; newer: string | null }> {
    const running = (await readText(machine, '/proc/sys/kernel/osrelease'))?.trim() ?? release();
    const installed = await installedKernels(machine.root);
    const newest = installed.find(version => kindOf(version) === kindOf(running)) ?? null;
    const isGone = newest !== null && !(await namesIn(join(machine.root, 'usr/lib/modules'))).includes(running);
    return { running, isGone, newer: newest !== null && compareVersions(newest, running) > 0 ? newest : null };
}

/** As such versions are, so that none is taken for a pattern or an option. */
const plainVersion = /^\d[\w.+-]{1,63}$/;
/** What Debian and its kin call the packages of one version of the kernel. */
const ofKernel = /^linux-[a-z-]{1,40}-\d[\w.+-]*$/;

/** Both programs read the lists of all packages, which takes long where the disk is busy. This is for the two together. Milliseconds. */
const patience = 35_000;

/**
 * The packages that apt-get(8) would remove with the old kernels; empty for none, or when it would remove more than
 * these.
 */
export async function oldKernelPackages(machine: Machine, signal: AbortSignal): Promise<string[]> {
    const old = (await findOldKernels(machine.root)).filter(version => plainVersion.test(version));
    if (old.length === 0) return [];
    const until = performance.now() + patience;
    const ask = async (program: string, ...argv: string[]) => {
        // A timeout of 0 would be none.
        const timeout = Math.max(1, Math.ceil(until - performance.now()));
        return (await machine.run(program, argv, { signal, timeout, limit: 16_777_216 })) ?? '';
    };
    const paths = old.map(version => `*/lib/modules/${version}/*`);
    // dpkg-query(1): "PACKAGE, PACKAGE: PATH" a line.
    const owners = await ask('dpkg-query', '--search', ...paths);
    const names = owners
        .split('\n')
        .flatMap(line => /^([a-z0-9][\w.+:, -]*): \//.exec(line)?.[1]?.split(', ') ?? [])
        .map(name => name.replace(/:\w+$/, ''));
    const isOfOld = (name: string) => ofKernel.test(name) && old.some(version => name.endsWith(`-${version}`));
    const packages = [...new Set(names)].filter(isOfOld).sort();
    if (packages.length === 0) return [];
    const simulated = await ask('apt-get', '--simulate', 'remove', '--', ...packages);
    const removed = [...simulated.matchAll(/^Remv (\S+)/gm)].map(([, name = '']) => name.replace(/:\w+$/, ''));
    return removed.every(isOfOld) ? [...new Set(removed)].sort() : [];
}

/**
 * Compares versions of kernels by number: 6.1.0-10 comes after 6.1.0-9. A collator would do the same, but hold 2.5 MB
 * for good.
 */
function compareVersions(one: string, other: string): number {
    const parts: readonly string[] = one.match(/\d+|\D+/g) ?? [];
    const others: readonly string[] = other.match(/\d+|\D+/g) ?? [];
    for (let index = 0; index < Math.max(parts.length, others.length); index++) {
        const [part = '', against = ''] = [parts[index], others[index]];
        // No number, and so not true, unless both are digits.
        const difference = Number(part) - Number(against) || (part < against ? -1 : Number(part > against));
        if (difference !== 0) return difference;
    }
    return 0;
}

async function namesIn(path: string): Promise<string[]> {
    try {
        return await readdir(path);
    } catch (error) {
        if (isAbsence(error)) return [];
        throw error;
    }
}
