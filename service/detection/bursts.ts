import type { LogEntry } from '../journal/logEntry.ts';
import type { Scope } from '../model/unit.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { isInBurst, occurrenceOf } from './moment.ts';
import type { Moment } from './moment.ts';

/** The first lines of an occurrence are evidence; the rest only move its end, at this interval. Microseconds. */
const evidenceLines = 6;
const renewal = 60_000_000;

/** Entries close together that report one occurrence of a fault. */
export type Burst = Moment & {
    occurrence: string;
    reported: number;
    renewed: number | null;
    /** Whether all its entries so far are only signs of the fault. */
    onlySigns: boolean;
    /** The unit whose process one of its entries is about. */
    unit: { scope: Scope; name: string } | null;
};

/** Puts entries that report the same fault into bursts. */
export class Bursts {
    readonly #bursts = new BoundedMap<string, Burst>(2048);

    /** The occurrence that the entry would belong to. */
    occurrenceOf(key: string, entry: LogEntry): string {
        const known = this.#bursts.get(key);
        return known !== undefined && isInBurst(known, entry) ? known.occurrence : occurrenceOf(entry);
    }

    /**
     * @param key of the fault
     * @param of.isOwnOccurrence whether the entry begins a burst however close it is to the last
     */
    place(
        key: string,
        entry: LogEntry,
        { isOwnOccurrence, isSign }: { isOwnOccurrence: boolean; isSign: boolean },
    ): { burst: Burst; isNew: boolean; /** Whether it adds anything to be reported. */ isDue: boolean } {
        const known = this.#bursts.get(key);
        const isNew = known === undefined || isOwnOccurrence || !isInBurst(known, entry);
        const burst = this.#bursts.getOrInsert(key, () => newBurst(entry));
        if (isNew && known !== undefined) Object.assign(burst, newBurst(entry));
        burst.clock = entry.clock();
        burst.line = entry.line;
        burst.reported += 1;
        const isRenewed = burst.clock !== null && burst.renewed !== null && burst.clock - burst.renewed >= renewal;
        const isFirstReport = burst.onlySigns && !isSign;
        burst.onlySigns &&= isSign;
        const isDue = burst.reported <= evidenceLines || isFirstReport || isRenewed;
        if (isDue) burst.renewed = burst.clock;
        return { burst, isNew, isDue };
    }
}

function newBurst(entry: LogEntry): Burst {
    return {
        occurrence: occurrenceOf(entry),
        clock: null,
        line: null,
        reported: 0,
        renewed: null,
        onlySigns: true,
        unit: null,
    };
}
