import { _ } from '../../i18n/i18n.ts';
import type { Change } from '../../model/timelineEntry.ts';
import {
    eachGroup,
    listControlGroups,
    readAnonymous,
    readGroupStalls,
    readMemoryUse,
    type ControlGroup,
    type MemoryUse,
} from '../../tools/controlGroups.ts';
import { filesOf } from '../../tools/machine.ts';
import type { Machine } from '../../tools/machine.ts';
import { hasEnough, readMemory } from '../../tools/memory.ts';
import { ownerOf } from '../../tools/owner.ts';
import { readStalls, relieved } from '../../tools/pressure.ts';
import { SourceUnavailable } from '../definition.ts';
import type { SourceDefinition } from '../definition.ts';
import { lookRegularly } from './lookRegularly.ts';
import { Telling } from './telling.ts';

/**
 * Shares of the last five minutes in which nothing that had something to do could go on, for want of a resource ("full" of
 * Documentation/accounting/psi.rst), and how many looks in a row it must have been so. Whoever copies much to a slow stick, and
 * does nothing else, waits for it nearly all the time; memory that is short is felt at once.
 */
const thresholds = {
    memory: { share: 0.1, looks: 1 },
    io: { share: 0.6, looks: 2 },
} as const;
/** From this part of its limit on a unit has reached it: the kernel never lets it all be used. */
const reached = 0.9;
/** Below this part of the threshold it is over, and told of anew the next time. */
const over = 0.5;

type Resource = keyof typeof thresholds;

/** Memory and disks that everything waits for. */
export const pressure: SourceDefinition = pressureSource(process.getuid?.() ?? 0);

/** @param uid whose units are looked at besides the system's */
export function pressureSource(uid: number): SourceDefinition {
    return {
        name: 'pressure',
        async run(surroundings, outlet, signal) {
            const machine = filesOf(surroundings.root);
            if ((await readStalls(machine, 'memory')) === null)
                throw new SourceUnavailable(_('This kernel does not count how long programs wait (PSI)'));
            const memory = new Followed(await Telling.open('pressure', surroundings, outlet, 'memory'), 'memory');
            const disks = new Followed(await Telling.open('pressure', surroundings, outlet, 'io'), 'io');
            /** By control group: while one waits because of a limit of its own, the computer may become short of memory too. */
            const limits = await Telling.open('pressure', surroundings, outlet, 'limits');
            await lookRegularly(surroundings, outlet, signal, async () => {
                if (await memory.isDue(machine)) {
                    const groups = await listControlGroups(machine, uid);
                    const use = await readMemory(machine);
                    // While memory is at hand what waits for it does so because of a limit, its own or that of one that has ended.
                    if (use !== null && hasEnough(use)) {
                        const limited = await findLimited(machine, groups);
                        const path = limited?.group.path ?? '';
                        if (limited !== null && limits.state(path) !== 'told') limits.tell(path, tellOfLimit(limited));
                    } else {
                        memory.tell(tellOfMemory(memory.waits, await findLargest(machine, groups)));
                    }
                }
                if (memory.isOver) limits.keepOnly(new Set());
                if (await disks.isDue(machine)) {
                    const groups = await listControlGroups(machine, uid);
                    disks.tell(tellOfDisk(disks.waits, await findSlowest(machine, groups)));
                }
            });
        },
    };
}

/** How long everything waits for one resource, and whether that is told of. */
class Followed {
    /** Share of the last five minutes, at the last look. */
    waits = 0;
    readonly #telling: Telling;
    readonly #resource: Resource;
    /** Looks in a row at which it was too long. */
    #looks = 0;

    constructor(telling: Telling, resource: Resource) {
        this.#telling = telling;
        this.#resource = resource;
    }

    get isOver(): boolean {
        return this.waits < thresholds[this.#resource].share * over;
    }

    /** Looks at it. @returns whether it is to be told of */
    async isDue(machine: Machine): Promise<boolean> {
        const { share, looks } = thresholds[this.#resource];
        const full = (await readStalls(machine, this.#resource))?.full;
        this.waits = full?.fiveMinutes ?? 0;
        const state = this.#telling.state(this.#resource);
        if (state === 'over') this.#looks = 0;
        this.#looks = this.waits >= share ? this.#looks + 1 : 0;
        if (this.isOver || state === 'over') this.#telling.forget(this.#resource);
        if (state === 'told' || this.#looks < looks) return false;
        // Five minutes remember for long what is over; the incident's own check would close it at once.
        return full !== undefined && full.minute >= relieved[this.#resource];
    }

    tell(change: Change): void {
        this.#telling.tell(this.#resource, change);
    }
}

type Sized = { name: string; size: number };

/** What holds the most memory; null where units do not know. */
async function findLargest(machine: Machine, groups: readonly ControlGroup[]): Promise<Sized | null> {
    return findMost(groups, path => readAnonymous(machine, path));
}

/** What waits the most for disks; null where units do not know. */
async function findSlowest(machine: Machine, groups: readonly ControlGroup[]): Promise<Sized | null> {
    return findMost(groups, async path => (await readGroupStalls(machine, path, 'io'))?.some.fiveMinutes ?? null);
}

async function findMost(
    groups: readonly ControlGroup[],
    measure: (path: string) => Promise<number | null>,
): Promise<Sized | null> {
    const sized = await eachGroup(groups, async ({ path, unit }) => {
        const size = await measure(path);
        return size === null || size === 0 ? null : { name: ownerOf(`0::${path}`, unit).name, size };
    });
    return sized.sort((one, other) => other.size - one.size)[0] ?? null;
}

type Limited = MemoryUse & { group: ControlGroup; waits: number };

/**
 * What waits the most for memory because of a limit of its own: where little else has anything to do, all that has waits.
 */
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

function tellOfLimit({ group: { path, unit, scope }, waits, limit }: Limited): Change {
    const { kind, name } = ownerOf(`0::${path}`, unit);
    const isService = kind === 'unit' && unit.endsWith('.service');
    const megabytes = String(Math.round(limit / 1_000_000));
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'memory-limited',
        subject: name,
        summary: _('{name} stands still because it may not use more memory', { name }),
        detail: _('It waited for memory in {percent} % of the last five minutes', { percent: Math.round(waits * 100) }),
        facts: { scope, group: path, limit: megabytes, ...(isService && { service: unit }) },
    };
}

function tellOfMemory(waits: number, worst: Sized | null): Change {
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'memory-short',
        subject: 'memory',
        summary: _('Memory is so short that programs stand still'),
        detail: _('Everything waited for memory in {percent} % of the last five minutes', {
            percent: Math.round(waits * 100),
        }),
        facts: worst === null ? {} : { name: worst.name, megabytes: String(Math.round(worst.size / 1_000_000)) },
    };
}

function tellOfDisk(waits: number, worst: Sized | null): Change {
    const values = { name: worst?.name ?? '' };
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'disk-busy',
        subject: worst?.name ?? 'disk',
        summary:
            worst === null
                ? _('Programs wait for a disk nearly all the time')
                : _('{name} waits for a disk nearly all the time', values),
        detail: _('Everything waited for disks in {percent} % of the last five minutes', {
            percent: Math.round(waits * 100),
        }),
        facts: {},
    };
}
