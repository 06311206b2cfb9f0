import type { Change } from '../../../model/timelineEntry.ts';
import { eachGroup } from '../../../machine/processes/controlGroups.ts';
import type { ControlGroup } from '../../../machine/processes/controlGroups.ts';
import type { Machine } from '../../../machine/machine.ts';
import { ownerOf } from '../../../machine/owner.ts';
import { readStalls, relieved } from '../../../machine/processes/pressure.ts';
import type { ReportOnce } from '../../../sources/reportOnce.ts';

/**
 * Shares of the last five minutes in which nothing that had something to do could go on, for want of a resource ("full" of
 * Documentation/accounting/psi.rst), and for how many polls in a row this must have been so. A user who copies much to a slow
 * stick, and does nothing else, waits for it nearly all the time; a shortage of memory is felt at once.
 */
export const thresholds = {
    memory: { share: 0.1, polls: 1 },
    io: { share: 0.6, polls: 2 },
} as const;
/** Below this part of the threshold it is over, and is reported again the next time. */
const over = 0.5;

/** How long everything waits for one resource, and whether that is reported. */
export class Waiting {
    /** Share of the last five minutes, at the last poll. */
    share = 0;
    readonly #reports: ReportOnce;
    readonly #resource: keyof typeof thresholds;
    /** Polls in a row at which it was too long. */
    #polls = 0;

    constructor(reports: ReportOnce, resource: keyof typeof thresholds) {
        this.#reports = reports;
        this.#resource = resource;
    }

    get isOver(): boolean {
        return this.share < thresholds[this.#resource].share * over;
    }

    /** Polls it. @returns whether it is to be reported */
    async isDue(machine: Machine): Promise<boolean> {
        const { share, polls } = thresholds[this.#resource];
        const full = (await readStalls(machine, this.#resource))?.full;
        this.share = full?.fiveMinutes ?? 0;
        const state = this.#reports.state(this.#resource);
        if (state === 'over') this.#polls = 0;
        this.#polls = this.share >= share ? this.#polls + 1 : 0;
        if (this.isOver || state === 'over') this.#reports.forget(this.#resource);
        if (state === 'reported' || this.#polls < polls) return false;
        // The five-minute average stays high long after the end; the incident's own check would close it at once.
        return full !== undefined && full.minute >= relieved[this.#resource];
    }

    report(change: Change): void {
        this.#reports.report(this.#resource, change);
    }
}

/** A unit or an application, and how much it holds or waits, as `findMost` was to measure it. */
export type Measured = { name: string; size: number };

/** The group with the largest `measure`; null if there is no value for any. */
export async function findMost(
    groups: readonly ControlGroup[],
    measure: (path: string) => Promise<number | null>,
): Promise<Measured | null> {
    const sized = await eachGroup(groups, async ({ path, unit }) => {
        const size = await measure(path);
        return size === null || size === 0 ? null : { name: ownerOf(`0::${path}`, unit).name, size };
    });
    return sized.sort((one, other) => other.size - one.size)[0] ?? null;
}
