import type { LogEntry } from '../journal/logEntry.ts';
import type { Evidence } from '../model/incident.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { isInBurst, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import type { EntryReference } from './verdict.ts';

/** What is not reported again within this has stopped; the jobs of every night have not. Microseconds. */
const longestGap = 25 * 3_600_000_000;
const evidenceKept = 4;
const kept = 1024;

/** How often, over how many seconds, and within how many, a sign has to be reported before it is a fault. */
export type Persistent = { times: number; over: number; within?: number };

type Sign = { first: Moment; last: Moment; bursts: number; evidence: Evidence[]; about: string };

/** Follows signs of faults until they persist. */
export class Persistence {
    readonly #signs = new BoundedMap<string, Sign>(kept);
    /** What they are about, and some of what forgotten ones were about. */
    #subjects = new Set<string>();

    /**
     * @param key of the sign
     * @param about what the sign is about, see `forget`
     * @param evidence called only if it is kept
     * @returns the evidence of the earlier reports once it persists; null until then
     */
    add(
        key: string,
        { times, over, within = Infinity }: Persistent,
        about: string,
        entry: LogEntry,
        evidence: () => Evidence,
    ): readonly Evidence[] | null {
        const now = momentOf(entry);
        const fresh = (): Sign => ({ first: now, last: now, bursts: 1, evidence: [], about });
        const sign = this.#signs.getOrInsert(key, fresh);
        this.#subjects.add(about);
        if (this.#subjects.size > 2 * kept)
            this.#subjects = new Set(this.#signs.entries().map(([, known]) => known.about));
        const isOver = timeBetween(sign.last, now) > longestGap || timeBetween(sign.first, now) > within * 1_000_000;
        if (sign.bursts === 0 || isOver) Object.assign(sign, fresh());
        else if (!isInBurst(sign.last, entry)) sign.bursts += 1;
        sign.last = now;
        if (sign.bursts >= times && timeBetween(sign.first, now) >= over * 1_000_000) return sign.evidence.splice(0);
        if (sign.evidence.length < evidenceKept) sign.evidence.push(evidence());
        return null;
    }

    /** The entry turned out to be ordinary. */
    withdraw({ line, occurrence }: EntryReference): void {
        for (const [, sign] of this.#signs.entries()) {
            const { length } = sign.evidence;
            sign.evidence = sign.evidence.filter(one =>
                line === null ? one.cursor !== occurrence : one.line !== line,
            );
            if (sign.evidence.length < length) sign.bursts -= 1;
        }
    }

    /** What the signs were about works now. */
    forget(about: string): void {
        if (!this.#subjects.delete(about)) return;
        for (const [, sign] of this.#signs.entries()) if (sign.about === about) sign.bursts = 0;
    }
}

/** Microseconds; 0 in a log without times. */
function timeBetween(one: Moment, other: Moment): number {
    return one.clock === null || other.clock === null ? 0 : Math.abs(other.clock - one.clock);
}
