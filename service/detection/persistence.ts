import type { LogEntry } from '../journal/logEntry.ts';
import type { Evidence } from '../model/incident.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { areNear, burstWindow, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import type { EntryReference } from './verdict.ts';

/** What is not reported again within this has stopped; the jobs of every night have not. Microseconds. */
export const longestGap = 25 * 3_600_000_000;
/** What is reported at every start, and not in between, is reported of the same attempt. Microseconds. */
const timeOfStart = 60_000_000;
const kept = 1024;
const burstsKept = 32;
const evidenceKept = 4;

/** How often, over how many seconds, and within how many, a sign has to be reported before it is a fault. */
export type Persistent = { times: number; over: number; within?: number };

/** Only the first bursts keep an entry. */
type Burst = Moment & { occurrence: string; evidence: Evidence | null };
type Sign = { family: string; about: string; bursts: Burst[]; last: Moment };
export type KnownSign = Readonly<Sign> & { readonly key: string };

/** Follows signs of faults until they persist. */
export class Persistence {
    /** Whether the next entries were taken before, so that those up to the last report of a sign are known. */
    isReplay = false;
    readonly #signs = new BoundedMap<string, Sign>(kept);
    /** What they are about, and some of what forgotten ones were about. */
    #subjects = new Set<string>();
    #changed = new Set<Sign>();

    /** @param known from an earlier run, the oldest first */
    constructor(known: readonly KnownSign[] = []) {
        for (const { key, family, about, bursts, last } of known) {
            this.#signs.getOrInsert(key, () => ({ family, about, bursts, last }));
            this.#subjects.add(about);
        }
    }

    /** Those that are not as they were when `clearChanged` was called. */
    changed(): readonly KnownSign[] {
        if (this.#changed.size === 0) return [];
        return this.#signs.entries().flatMap(([key, sign]) => (this.#changed.has(sign) ? [{ key, ...sign }] : []));
    }

    clearChanged(): void {
        this.#changed = new Set();
    }

    /**
     * @param key of the sign
     * @param of what the sign is about, empty if no success ends it, see `forget`, the occurrence of it, see `withdraw`, and whether the computer had just
     * started
     * @param evidence called only if it is kept
     * @returns the evidence of the earlier reports once it persists, after which it has to persist again; null until then
     */
    add(
        key: string,
        { times, over, within = Infinity }: Persistent,
        {
            family,
            about,
            occurrence,
            isAtStart = false,
        }: Pick<Sign, 'family' | 'about'> & Pick<EntryReference, 'occurrence'> & { isAtStart?: boolean },
        entry: LogEntry,
        evidence: () => Evidence,
    ): readonly Evidence[] | null {
        const now = momentOf(entry);
        const sign = this.#signs.getOrInsert(key, () => ({
            family,
            about,
            bursts: [],
            last: { clock: null, line: null },
        }));
        if (this.isReplay && isUpTo(sign.last, now)) return null;
        this.#note(sign);
        this.#subjects.add(about);
        if (this.#subjects.size > 2 * kept)
            this.#subjects = new Set(this.#signs.entries().map(([, known]) => known.about));
        if (timeBetween(sign.last, now) > longestGap) sign.bursts = [];
        sign.last = now;
        const previous = sign.bursts.at(-1);
        const isOfAnother = previous !== undefined && timeBetween(previous, now) > timeOfStart;
        if (isAtStart && isOfAnother && over * 1_000_000 >= timeOfStart) return null;
        if (within !== Infinity) {
            const isOld = (burst: Burst) => timeBetween(burst, now) > within * 1_000_000;
            if (sign.bursts.some(isOld)) sign.bursts = sign.bursts.filter(burst => !isOld(burst));
        }
        const { bursts } = sign;
        const latest = bursts.at(-1);
        // Also of reports without a pause, each window counts.
        const isNew = latest === undefined || !areNear(latest, now, burstWindow);
        if (isNew) {
            bursts.push({ ...now, occurrence, evidence: bursts.length < evidenceKept ? evidence() : null });
            if (bursts.length > burstsKept) bursts.splice(evidenceKept, 1);
        }
        const [first] = bursts;
        if (first === undefined || bursts.length < times || timeBetween(first, now) < over * 1_000_000) return null;
        sign.bursts = [];
        return (isNew ? bursts.slice(0, -1) : bursts).flatMap(burst => burst.evidence ?? []);
    }

    /** The occurrence turned out to be ordinary. */
    withdraw({ occurrence }: EntryReference): void {
        const isMeant = (burst: Burst) => burst.occurrence === occurrence && occurrence !== '';
        for (const [, sign] of this.#signs.entries())
            if (sign.bursts.some(isMeant)) this.#keepOnly(sign, burst => !isMeant(burst));
    }

    /** What the signs of these families were about works, as the entry says. */
    forget(about: string, families: readonly string[], entry: LogEntry): void {
        if (about === '' || !this.#subjects.has(about)) return;
        const now = momentOf(entry);
        for (const [, sign] of this.#signs.entries())
            if (sign.about === about && families.includes(sign.family) && sign.bursts.length > 0)
                this.#keepOnly(sign, burst => this.isReplay && !isUpTo(now, burst));
    }

    #keepOnly(sign: Sign, isWanted: (burst: Burst) => boolean): void {
        sign.bursts = sign.bursts.filter(isWanted);
        this.#note(sign);
    }

    #note(sign: Sign): void {
        // Nobody stores those of a text.
        if (this.#changed.size < kept) this.#changed.add(sign);
    }
}

function isUpTo(last: Moment, moment: Moment): boolean {
    return last.clock !== null && moment.clock !== null && moment.clock <= last.clock;
}

/** Microseconds; 0 in a log without times. */
function timeBetween(one: Moment, other: Moment): number {
    return one.clock === null || other.clock === null ? 0 : Math.abs(other.clock - one.clock);
}
