import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Scope } from '../../model/unit.ts';
import { isAbsence, listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { parseStalls } from './pressure.ts';
import type { Stalls } from './pressure.ts';

/** The control group of a unit, in the hierarchy of version 2 (cgroups(7), Documentation/admin-guide/cgroup-v2.rst). */
export type ControlGroup = {
    /** From the root of the hierarchy, such as "/system.slice/cups.service". */
    path: string;
    /** The unit that it belongs to. */
    unit: string;
    /** Whose manager has the unit. */
    scope: Scope;
};

const mount = '/sys/fs/cgroup';
/** No desktop has more units than this; the rest is left out. */
const groupLimit = 2000;
const processLimit = 1024;
const subgroupLimit = 64;
const atOnce = 32;

/** Whether control groups of version 2 separate the processes. */
export async function hasControlGroups(machine: Machine): Promise<boolean> {
    return (await readText(machine, `${mount}/cgroup.controllers`, 4096)) !== null;
}

/** Whether groups count their memory; some kernels of small computers have that switched off. */
export async function countsMemory(machine: Machine): Promise<boolean> {
    const controllers = await readText(machine, `${mount}/cgroup.controllers`, 4096);
    return controllers?.split(/\s/).includes('memory') ?? false;
}

/** The services and scopes of the system's manager, and of the user's own. @param uid whose; those of others stay one unit */
export async function listControlGroups(machine: Machine, uid: number): Promise<ControlGroup[]> {
    const found: ControlGroup[] = [];
    const folders: { path: string; scope: Scope }[] = [{ path: '', scope: 'system' }];
    for (const { path, scope } of folders) {
        for (const name of await listNames(machine, mount + path)) {
            const inside = `${path}/${name}`;
            if (name.endsWith('.slice')) folders.push({ path: inside, scope });
            else if (name === `user@${uid}.service`) folders.push({ path: inside, scope: 'user' });
            else if (/\.(?:service|scope)$/.test(name)) found.push({ path: inside, unit: name, scope });
        }
        if (found.length >= groupLimit || folders.length >= groupLimit) break;
    }
    return found.slice(0, groupLimit);
}

/** The group of a process that belongs to a unit. @param cgroup the text of /proc/PID/cgroup; @param uid as above */
export function groupOf(cgroup: string, uid: number): ControlGroup | null {
    const parts = /^0::(\/.*)$/m.exec(cgroup)?.[1]?.split('/') ?? [];
    const last = parts.findLastIndex(part => /\.(?:service|scope)$/.test(part));
    const unit = parts[last];
    if (unit === undefined) return null;
    const above = parts.slice(0, last);
    return { path: [...above, unit].join('/'), unit, scope: above.includes(`user@${uid}.service`) ? 'user' : 'system' };
}

/** Calls `read` for each group; those that end meanwhile, or for which it returns nothing, are left out. */
export async function eachGroup<Result>(
    groups: readonly ControlGroup[],
    read: (group: ControlGroup) => Promise<Result | null>,
): Promise<Result[]> {
    const results: Result[] = [];
    for (let index = 0; index < groups.length; index += atOnce) {
        const batch = await Promise.all(groups.slice(index, index + atOnce).map(read));
        results.push(...batch.filter(result => result !== null));
    }
    return results;
}

/** In microseconds: processor time that a group used, and how long something in it waited for a processor. */
export type ProcessorTime = { used: number; waited: number };

/**
 * Of a group and those in it; null when it is gone. The kernel counts both for every group, also without the controller
 * "cpu", and the waiting unless its pressure stall information is switched off.
 */
export async function readProcessorTime(machine: Machine, path: string): Promise<ProcessorTime | null> {
    const used = counter(await readText(machine, `${mount}${path}/cpu.stat`, 4096), 'usage_usec');
    if (used === null) return null;
    const pressure = (await readText(machine, `${mount}${path}/cpu.pressure`, 4096)) ?? '';
    return { used, waited: Number(/^some .* total=(\d+)$/m.exec(pressure)?.[1] ?? 0) };
}

/** Memory of a group that is not backed by files, in bytes; null where the controller "memory" is not at hand. */
export async function readAnonymous(machine: Machine, path: string): Promise<number | null> {
    return counter(await readText(machine, `${mount}${path}/memory.stat`, 8192), 'anon');
}

/** In bytes. */
export type MemoryUse = { held: number; limit: number };

/**
 * What a group holds, and what it may hold before the kernel lets it wait or ends it, if there is such a limit (memory.current,
 * memory.high and memory.max).
 */
export async function readMemoryUse(machine: Machine, path: string): Promise<MemoryUse | null> {
    const read = async (name: string) => Number((await readText(machine, `${mount}${path}/memory.${name}`, 64)) ?? NaN);
    // “max” stands for no limit, and is no number.
    const [held = NaN, ...limits] = await Promise.all(['current', 'high', 'max'].map(read));
    const limit = Math.min(...limits.filter(Number.isFinite));
    return Number.isFinite(held) && Number.isFinite(limit) ? { held, limit } : null;
}

function counter(text: string | null, name: string): number | null {
    const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text ?? '')?.[1];
    return value === undefined ? null : Number(value);
}

/** How long the processes of a group waited; null on kernels that do not count it. */
export async function readGroupStalls(
    machine: Machine,
    path: string,
    resource: 'memory' | 'io',
): Promise<Stalls | null> {
    const text = await readText(machine, `${mount}${path}/${resource}.pressure`, 4096);
    return text === null ? null : parseStalls(text);
}

/** The numbers of the processes in a group and those in it, so far as that can be had at a reasonable price. */
export async function processesOf(machine: Machine, path: string): Promise<number[]> {
    const folders = await listSubgroups(machine, path);
    const texts = await Promise.all(folders.map(folder => readText(machine, `${mount}${folder}/cgroup.procs`, 65_536)));
    return texts
        .flatMap(text => text?.split('\n') ?? [])
        .filter(line => line !== '')
        .slice(0, processLimit)
        .map(Number);
}

/** The group itself comes first. */
async function listSubgroups(machine: Machine, path: string): Promise<string[]> {
    const folders = [path];
    for (const folder of folders) {
        try {
            const entries = await readdir(join(machine.root, mount, folder), { withFileTypes: true });
            folders.push(...entries.filter(entry => entry.isDirectory()).map(({ name }) => `${folder}/${name}`));
        } catch (error) {
            if (!isAbsence(error)) throw error;
        }
        if (folders.length > subgroupLimit) break;
    }
    return folders.slice(0, subgroupLimit);
}
