import type { LogEntry } from '../journal/logEntry.ts';
import type { Evidence } from '../model/incident.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { areNear, burstWindow, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import type { EntryReference } from './verdict.ts';

/** What is not reported again within this has stopped; the jobs of every night have not. Microseconds. */
const longestGap = 25 * 3_600_000_000;
const kept = 1024;
const burstsKept = 32;
const evidenceKept = 4;

/** How often, over how many seconds, and within how many, a sign has to be reported before it is a fault. */
export type Persistent = { times: number; over: number; within?: number };

/** Only the first bursts keep an entry. */
type Burst = Moment & { evidence: Evidence | null };
type Sign = { family: string; about: string; bursts: Burst[]; last: Moment };

/** Follows signs of faults until they persist. */
export class Persistence {
    readonly #signs = new BoundedMap<string, Sign>(kept);
    /** What they are about, and some of what forgotten ones were about. */
    #subjects = new Set<string>();

    /**
     * @param key of the sign
     * @param of what the sign is about, see `forget`
     * @param evidence called only if it is kept
     * @returns the evidence of the earlier reports once it persists, after which it has to persist again; null until then
     */
    add(
        key: string,
        { times, over, within = Infinity }: Persistent,
        of: Pick<Sign, 'family' | 'about'>,
        entry: LogEntry,
        evidence: () => Evidence,
    ): readonly Evidence[] | null {
        const now = momentOf(entry);
        const sign = this.#signs.getOrInsert(key, () => ({ ...of, bursts: [], last: now }));
        this.#subjects.add(of.about);
        if (this.#subjects.size > 2 * kept)
            this.#subjects = new Set(this.#signs.entries().map(([, known]) => known.about));
        if (timeBetween(sign.last, now) > longestGap) sign.bursts = [];
        sign.last = now;
        const isOld = (burst: Burst) => timeBetween(burst, now) > within * 1_000_000;
        if (within !== Infinity && sign.bursts.some(isOld)) sign.bursts = sign.bursts.filter(burst => !isOld(burst));
        const { bursts } = sign;
        const latest = bursts.at(-1);
        // Also of reports without a pause, each window counts.
        const isNew = latest === undefined || !areNear(latest, now, burstWindow);
        if (isNew) {
            bursts.push({ ...now, evidence: bursts.length < evidenceKept ? evidence() : null });
            if (bursts.length > burstsKept) bursts.splice(evidenceKept, 1);
        }
        const [first] = bursts;
        if (first === undefined || bursts.length < times || timeBetween(first, now) < over * 1_000_000) return null;
        sign.bursts = [];
        return (isNew ? bursts.slice(0, -1) : bursts).flatMap(burst => burst.evidence ?? []);
    }

    /** The entry turned out to be ordinary. */
    withdraw({ line, occurrence }: EntryReference): void {
        const isMeant = ({ evidence }: Burst) =>
            evidence !== null && (line === null ? evidence.cursor === occurrence : evidence.line === line);
        for (const [, sign] of this.#signs.entries())
            if (sign.bursts.some(isMeant)) sign.bursts = sign.bursts.filter(burst => !isMeant(burst));
    }

    /** What the signs of these families were about works now. */
    forget(about: string, families: readonly string[]): void {
        if (!this.#subjects.has(about)) return;
        for (const [, sign] of this.#signs.entries())
            if (sign.about === about && families.includes(sign.family)) sign.bursts = [];
    }
}

/** Microseconds; 0 in a log without times. */
function timeBetween(one: Moment, other: Moment): number {
    return one.clock === null || other.clock === null ? 0 : Math.abs(other.clock - one.clock);
}
