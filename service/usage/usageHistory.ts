import type { Config } from '../config/schema.ts';
import type { Machine } from '../machine/machine.ts';
import type { PollClock } from '../sources/pollClock.ts';
import type { Database } from '../store/database.ts';
import { messageOf } from '../util/errors.ts';
import { log } from '../util/log.ts';
import type { Reading, Usage } from './reading.ts';

const second = 1_000_000;
const hour = 3600 * second;
const day = 24 * hour;
/** Older than this, an hour is one row. */
const fineFor = 7 * day;
/** Older than this is forgotten. */
const keptFor = 366 * day;
/** Milliseconds from one measurement to the next, at least. */
const pause = 300_000;
/** The same when somebody asks. */
const shortest = 10_000;
/** Up to when hours are one row. */
const joinedKey = 'usage-joined';

type Parts = {
    machine: Machine;
    database: Database;
    pollClock: PollClock;
    settings: () => Config['usage'];
    /** Microseconds since the Unix epoch. */
    clock?: () => number;
};

/**
 * What this computer was busy with, for a year. It has no timer: it measures with the polls of others, when the journal has woken the
 * service anyway, and when somebody asks; each measurement is of the time since the one before.
 */
export class UsageHistory {
    readonly #parts: Parts;
    readonly #clock: () => number;
    #last: Reading | null = null;
    #measuring: Promise<void> | null = null;
    #signal: AbortSignal | null = null;

    constructor(parts: Parts) {
        this.#parts = parts;
        this.#clock = parts.clock ?? (() => Date.now() * 1000);
    }

    /** Until `signal` aborts. Never rejects. */
    async run(signal: AbortSignal): Promise<void> {
        this.#signal = signal;
        for (;;) {
            await this.#parts.pollClock.next(signal);
            if (signal.aborted) break;
            await this.#measure(pause / 2);
        }
        await this.#measuring;
        this.#signal = null;
        this.#last = null;
    }

    /** The service is awake. It measures if that is due, and costs nothing else. */
    async woken(): Promise<void> {
        const isDue = this.#last === null || this.#parts.pollClock.clock() - this.#last.awake >= pause;
        if (isDue && this.#signal?.aborted === false) await this.#measure(pause);
    }

    /** The user may have turned it off: then nothing stays, and nothing is measured. */
    get isEnabled(): boolean {
        return this.#parts.settings().enabled;
    }

    reconsider(): void {
        if (!this.isEnabled) this.forget();
    }

    forget(): void {
        this.#last = null;
        const { database } = this.#parts;
        database.connection.prepare('DELETE FROM usage').run();
        database.setState(joinedKey, '0');
    }

    /** What was measured between two moments, and up to now, oldest first. @param since, until microseconds since the Unix epoch */
    async between(since: number, until: number): Promise<Usage[]> {
        if (this.#signal !== null) await this.#measure(shortest);
        return this.#read(since, until);
    }

    /** Never rejects: what cannot be measured or stored now is at the next time. */
    async #measure(atLeast: number): Promise<void> {
        this.#measuring ??= this.#measureOnce(atLeast)
            .catch((error: unknown) => {
                if (this.#signal?.aborted === false)
                    log('warning', 'Could not measure the load of this computer', { reason: messageOf(error) });
            })
            .finally(() => {
                this.#measuring = null;
            });
        await this.#measuring;
    }

    async #measureOnce(atLeast: number): Promise<void> {
        const { machine, pollClock, settings } = this.#parts;
        const awake = pollClock.clock();
        const signal = this.#signal;
        if (signal === null || !settings().enabled) return;
        if (this.#last !== null && awake - this.#last.awake < atLeast) return;
        const { takeReading, usageBetween } = await import('./reading.ts');
        const before = this.#last;
        const after = await takeReading(machine, { time: this.#clock(), awake }, signal);
        const usage = before === null ? null : await usageBetween(machine, before, after);
        if (signal.aborted || !settings().enabled) return;
        this.#last = after;
        if (usage !== null) await this.keep(usage);
    }

    /** Stores what was measured, and makes room: minutes become hours, and what is older than a year is forgotten. */
    async keep(usage: Usage): Promise<void> {
        const { joined } = await import('./reading.ts');
        const { database, settings } = this.#parts;
        // It may have been turned off meanwhile, and what was kept is gone.
        if (!settings().enabled) return;
        database.transaction(() => {
            this.#insert(usage);
            const limit = Math.floor((usage.start - fineFor) / hour) * hour;
            const done = Number(database.getState(joinedKey) ?? 0);
            // A clock that ran ahead may have left a time that is yet to come.
            const begin = done > limit + hour ? 0 : done;
            if (limit <= begin || !this.#isTrusted(usage.start)) return;
            const old = this.#read(begin, limit);
            database.connection.prepare('DELETE FROM usage WHERE start >= ? AND start < ?').run(begin, limit);
            for (const [first, ...rest] of Map.groupBy(old, ({ start }) => Math.floor(start / hour)).values())
                if (first !== undefined) this.#insert(joined([first, ...rest]));
            database.connection
                .prepare('DELETE FROM usage WHERE start < ? OR start > ?')
                .run(usage.start - keptFor, usage.start + hour);
            database.setState(joinedKey, String(limit));
        });
    }

    /**
     * Whether measurements of more than a week agree with the clock. Before a computer has asked a time server, its clock may be years off,
     * and by such a time nothing is to be deleted.
     */
    #isTrusted(time: number): boolean {
        const first = this.#parts.database.connection
            .prepare('SELECT min(start) AS start FROM usage WHERE start >= ? AND start <= ?')
            .get(time - keptFor, time)?.start;
        return Number(first ?? time) < time - fineFor;
    }

    #insert({ start, seconds, processor, waits, ...usage }: Usage): void {
        const { memory, swap, network, celsius, battery, drained, programs } = usage;
        this.#parts.database.connection
            .prepare(
                `INSERT OR REPLACE INTO usage (start, seconds, processor, wait_processor, wait_memory, wait_disk, memory, swap,
                    network, celsius, battery, drained, programs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            )
            .run(
                ...[start, seconds, processor, waits.processor, waits.memory, waits.disk, memory, swap],
                ...[network, celsius, battery, drained],
                JSON.stringify(programs.map(({ owner, share }) => [owner.kind, owner.name, share])),
            );
    }

    #read(since: number, until: number): Usage[] {
        const number = (value: unknown) => (value === null ? null : Number(value));
        return this.#parts.database.connection
            .prepare('SELECT * FROM usage WHERE start + seconds * 1000000 > ? AND start < ? ORDER BY start')
            .all(since, until)
            .map(row => ({
                start: Number(row.start),
                seconds: Number(row.seconds),
                processor: number(row.processor),
                waits: {
                    processor: number(row.wait_processor),
                    memory: number(row.wait_memory),
                    disk: number(row.wait_disk),
                },
                memory: number(row.memory),
                swap: number(row.swap),
                network: Number(row.network),
                celsius: number(row.celsius),
                battery: number(row.battery),
                drained: Number(row.drained),
                programs: (
                    JSON.parse(String(row.programs)) as [Usage['programs'][number]['owner']['kind'], string, number][]
                ).map(([kind, name, share]) => ({ owner: { kind, name }, share })),
            }));
    }
}
