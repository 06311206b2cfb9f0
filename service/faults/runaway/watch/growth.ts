import { env } from 'node:process';

import { languages } from '../../../i18n/locale.ts';
import { _ } from '../../../i18n/i18n.ts';
import type { Change } from '../../../model/timelineEntry.ts';
import { span } from '../../../text/span.ts';
import { applicationName } from '../../../machine/desktop/applicationName.ts';
import {
    countsMemory,
    eachGroup,
    groupOf,
    listControlGroups,
    processesOf,
    readAnonymous,
} from '../../../machine/processes/controlGroups.ts';
import { filesOf, readText } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { readMemory } from '../../../machine/processes/memory.ts';
import {
    listProcesses,
    parseStatus,
    readExecutable,
    readOwner,
    readProcess,
    readProcesses,
} from '../../../machine/processes/processes.ts';
import type { Process } from '../../../machine/processes/processes.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';
import { poll } from '../../../sources/poll.ts';
import { ReportOnce } from '../../../sources/reportOnce.ts';
import type { WrittenFacts } from '../facts.ts';

/** What a process holds is its memory that is not backed by files, swapped out or not, as a share of the machine's memory. */

/** Smaller ones are not followed: there can be at most twenty others. */
const followedShare = 0.05;
/** Above this, a leak hurts. */
const largeShare = 0.25;
/** It must have grown by this much from each poll to the next, */
const leastGrowth = 0.01;
/** this many times in a row, */
const timesNeeded = 3;
/** and in the end by no less than half of its first growth: what warms up or fills a cache grows more and more slowly. */
const steadiness = 0.5;
/** The memory of a virtual machine is managed by its own system. */
const virtualMachine = /^(?:qemu|VBox|vmware-vmx|crosvm|firecracker)/;
/** More processes than this are not examined if groups do not report their memory. */
const processLimit = 2000;

type Known = {
    /** In bytes, the oldest first, and how many milliseconds passed between them. */
    sizes: number[];
    times: number[];
};

/** Programs that take more and more memory. */
export const growth: SourceDefinition = growthSource(process.getuid?.() ?? 0);

/** @param uid the user whose units are watched besides the system's */
export function growthSource(uid: number): SourceDefinition {
    return {
        name: 'growth',
        async run(surroundings, outlet, signal) {
            const machine = filesOf(surroundings.root);
            const reports = await ReportOnce.open('growth', surroundings, outlet);
            let known: ReadonlyMap<string, Known> = new Map();
            await poll(surroundings, outlet, signal, async elapsed => {
                const next = new Map<string, Known>();
                const memory = await readMemory(machine);
                if (memory === null) return;
                const { total, available } = memory;
                // No process can hold much as long as nearly all memory is free.
                const isUnused = available / total > 1 - followedShare;
                const large = isUnused ? [] : await findLarge(machine, uid, total * followedShare, signal);
                outlet.watching(large === null ? _('There are too many processes to check each of them') : '');
                for (const pid of large ?? []) {
                    const found = await measure(machine, pid);
                    if (found === null || found.size < total * followedShare) continue;
                    const state = reports.state(found.key);
                    if (state === 'over') reports.forget(found.key);
                    const before = state === 'over' ? undefined : known.get(found.key);
                    const sizes = [...(before?.sizes ?? []), found.size].slice(-timesNeeded - 1);
                    const times = [...(before?.times ?? []), elapsed].slice(-timesNeeded);
                    next.set(found.key, { sizes, times });
                    if (state === 'reported' || !isLeak(sizes, total)) continue;
                    if (virtualMachine.test(found.process.name)) continue;
                    reports.report(found.key, await toChange(machine, uid, found.process, { sizes, times }));
                }
                reports.keepOnly(next);
                known = next;
            });
        },
    };
}

/** Processes of the units that hold much; if units do not report it, all processes, and null when there are too many. */
async function findLarge(machine: Machine, uid: number, least: number, signal: AbortSignal): Promise<number[] | null> {
    if (!(await countsMemory(machine))) {
        if ((await listProcesses(machine)).length > processLimit) return null;
        const processes = await readProcesses(machine, signal);
        return processes.filter(({ reserved }) => reserved >= least).map(({ pid }) => pid);
    }
    const groups = await listControlGroups(machine, uid);
    const large = await eachGroup(groups, async group => {
        const held = await readAnonymous(machine, group.path);
        return held !== null && held >= least ? group.path : null;
    });
    return (await Promise.all(large.map(path => processesOf(machine, path)))).flat();
}

async function measure(machine: Machine, pid: number) {
    const held = parseStatus((await readText(machine, `/proc/${pid}/status`, 4096)) ?? '');
    if (held === null) return null;
    const process = await readProcess(machine, pid);
    return process === null ? null : { process, key: `${pid} ${process.started}`, size: held.resident + held.swapped };
}

function isLeak(sizes: readonly number[], total: number): boolean {
    const last = sizes.at(-1) ?? 0;
    if (sizes.length <= timesNeeded || last < total * largeShare) return false;
    const steps = sizes.slice(1).map((size, index) => size - (sizes[index] ?? 0));
    const [first = 0] = steps;
    return steps.every(step => step >= total * leastGrowth) && (steps.at(-1) ?? 0) >= first * steadiness;
}

const megabytes = (size = 0) => Math.round(size / 1_000_000);

async function toChange(machine: Machine, uid: number, process: Process, { sizes, times }: Known): Promise<Change> {
    const { pid, started, name: program } = process;
    const owner = await readOwner(machine, process);
    const executable = await readExecutable(machine, pid);
    const group = groupOf((await readText(machine, `/proc/${pid}/cgroup`, 8192)) ?? '', uid);
    const isService = owner.kind === 'unit' && group?.unit.endsWith('.service') === true;
    const title = owner.kind === 'application' ? await applicationName(machine, owner.name, languages(env)) : null;
    const [from, to] = [megabytes(sizes[0]), megabytes(sizes.at(-1))];
    const time = span(times.reduce((sum, each) => sum + each, 0) * 1000);
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'grew',
        subject: owner.name,
        summary: _('{name} uses more and more memory, {size} MB so far', { name: title ?? owner.name, size: to }),
        detail: _('{program} (process {pid}): from {from} MB to {to} MB in {time}', { program, pid, from, to, time }),
        facts: {
            scope: group?.scope ?? 'system',
            program,
            pid: String(pid),
            started: String(started),
            size: String(sizes.at(-1)),
            ...(isService && { service: group.unit }),
            ...(executable !== null && { executable }),
        } satisfies WrittenFacts,
    };
}
