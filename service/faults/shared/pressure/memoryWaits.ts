import { _ } from '../../../i18n/i18n.ts';
import type { Change } from '../../../model/timelineEntry.ts';
import {
    eachGroup,
    listControlGroups,
    readAnonymous,
    readGroupStalls,
    readMemoryUse,
} from '../../../machine/processes/controlGroups.ts';
import type { ControlGroup, MemoryUse } from '../../../machine/processes/controlGroups.ts';
import type { Machine } from '../../../machine/machine.ts';
import { hasEnough, readMemory } from '../../../machine/processes/memory.ts';
import { ownerOf } from '../../../machine/owner.ts';
import { relieved } from '../../../machine/processes/pressure.ts';
import type { Outlet, Surroundings } from '../../../sources/definition.ts';
import { ReportOnce } from '../../../sources/reportOnce.ts';
import { findMost, thresholds, Waiting } from './waiting.ts';
import type { Measured } from './waiting.ts';

/** From this share of its limit on, a unit has reached it: the kernel never lets it use all of it. */
const reached = 0.9;

/**
 * Checks at each call whether everything waits for memory: because it is short, or because a unit has reached its limit.
 *
 * @param uid the user whose units are watched besides the system's
 */
export async function followMemory(
    machine: Machine,
    uid: number,
    surroundings: Surroundings,
    outlet: Outlet,
): Promise<() => Promise<void>> {
    const memory = new Waiting(await ReportOnce.open('pressure', surroundings, outlet, 'memory'), 'memory');
    /** By control group: while one waits because of its own limit, the computer may become short of memory too. */
    const limits = await ReportOnce.open('pressure', surroundings, outlet, 'limits');
    return async () => {
        if (await memory.isDue(machine)) {
            const groups = await listControlGroups(machine, uid);
            const use = await readMemory(machine);
            // While memory is free, a wait for it comes from a limit, the unit's own or that of one that has ended.
            if (use !== null && hasEnough(use)) {
                const limited = await findLimited(machine, groups);
                if (limited !== null) limits.report(limited.group.path, changeOfLimit(limited));
            } else {
                memory.report(
                    changeOfMemory(memory.share, await findMost(groups, path => readAnonymous(machine, path))),
                );
            }
        }
        if (memory.isOver) limits.keepOnly(new Set());
    };
}

type Limited = MemoryUse & { group: ControlGroup; waits: number };

/** The unit that waits the most for memory because of its own limit: if few others have work, all that have work wait. */
async function findLimited(machine: Machine, groups: readonly ControlGroup[]): Promise<Limited | null> {
    const limited = await eachGroup(groups, async group => {
        const full = (await readGroupStalls(machine, group.path, 'memory'))?.full;
        const waits = full?.fiveMinutes ?? 0;
        if (full === undefined || waits < thresholds.memory.share || full.minute < relieved.memory) return null;
        const use = await readMemoryUse(machine, group.path);
        return use === null || use.held < use.limit * reached ? null : { ...use, group, waits };
    });
    return limited.sort((one, other) => other.waits - one.waits)[0] ?? null;
}

function changeOfLimit({ group: { path, unit, scope }, waits, limit }: Limited): Change {
    const { kind, name } = ownerOf(`0::${path}`, unit);
    const isService = kind === 'unit' && unit.endsWith('.service');
    const megabytes = String(Math.round(limit / 1_000_000));
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'memory-limited',
        subject: name,
        summary: _('{name} is stalled because it has reached its memory limit', { name }),
        detail: _('It waited for memory for {percent} % of the last five minutes', {
            percent: Math.round(waits * 100),
        }),
        facts: { scope, group: path, limit: megabytes, ...(isService && { service: unit }) },
    };
}

/** @param largest what holds the most, in bytes; null if units do not report it */
function changeOfMemory(waits: number, largest: Measured | null): Change {
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'memory-short',
        subject: 'memory',
        summary: _('Memory is so short that programs are stalled'),
        detail: _('Everything waited for memory for {percent} % of the last five minutes', {
            percent: Math.round(waits * 100),
        }),
        facts: largest === null ? {} : { name: largest.name, megabytes: String(Math.round(largest.size / 1_000_000)) },
    };
}
