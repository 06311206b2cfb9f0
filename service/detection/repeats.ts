import type { LogEntry } from '../journal/logEntry.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { momentOf } from './moment.ts';
import type { Moment } from './moment.ts';

type Count = Moment & { times: number; lines: number[] };

/** Counts what is a fault only when it is reported often enough. */
export class Repeats {
    readonly #counts = new BoundedMap<string, Count>(2048);

    /**
     * @param limit how often, within how many seconds
     * @param weight how many occurrences the entry counts as
     * @returns the earlier lines of text that counted; null while it is not often enough
     */
    count(
        key: string,
        limit: { times: number; within: number },
        weight: number,
        entry: LogEntry,
    ): readonly number[] | null {
        const now = momentOf(entry);
        const known = this.#counts.getOrInsert(key, () => ({ ...now, times: 0, lines: [] }));
        const isOver =
            now.clock !== null && known.clock !== null && Math.abs(now.clock - known.clock) > limit.within * 1_000_000;
        if (isOver) Object.assign(known, { ...now, times: 0, lines: [] });
        known.times += weight;
        if (known.times < limit.times) {
            if (entry.line !== null) known.lines.push(entry.line);
            return null;
        }
        const earlier = known.lines;
        known.lines = [];
        return earlier;
    }
}
