// Says how far the tests are and how long they will take: in one line that is written over on a terminal, and in a line now
// and then elsewhere.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { durations as file } from '../desktop/cache.ts';
import type { Job } from './schedule.ts';

/** Milliseconds between two lines. */
const often = { terminal: 1000, otherwise: 60_000 };
/** Seconds, for a job that has never run here. */
const unknownDuration = 20;
/** Among the durations: how many jobs ran at a time, on average. */
const concurrency = 'jobs at a time';
/** So few say nothing about that. */
const fewJobs = 20;

/** Job → seconds that it took the last time. */
export function readDurations(): Map<string, number> {
    try {
        return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>));
    } catch {
        return new Map();
    }
}

function writeDurations(durations: ReadonlyMap<string, number>): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(Object.fromEntries(durations), undefined, 1));
}

export class Progress implements Disposable {
    readonly #jobs: readonly Job[];
    readonly #atATime: number;
    readonly #durations = readDurations();
    readonly #expected: Map<string, number>;
    /** Job → when it began. */
    readonly #running = new Map<Job, number>();
    readonly #ended = new Set<Job>();
    readonly #isTerminal = process.stdout.isTTY;
    readonly #timer: NodeJS.Timeout;
    readonly #log = console.log;
    readonly #started = performance.now();

    constructor(jobs: readonly Job[], atLeast: number) {
        this.#jobs = jobs;
        this.#atATime = this.#durations.get(concurrency) ?? atLeast;
        this.#expected = new Map(this.#durations);
        this.#timer = setInterval(
            () => {
                this.#draw();
            },
            this.#isTerminal ? often.terminal : often.otherwise,
        );
        if (!this.#isTerminal) return;
        console.log = (...values: unknown[]) => {
            this.#clear();
            this.#log(...values);
            this.#draw();
        };
    }

    began(job: Job): void {
        this.#running.set(job, performance.now());
        if (this.#isTerminal) this.#draw();
    }

    ended(job: Job, seconds: number): void {
        this.#running.delete(job);
        this.#ended.add(job);
        this.#durations.set(job.name, Math.round(seconds * 10) / 10);
        if (this.#isTerminal) this.#draw();
    }

    /** Keeps how long everything took, for the next time. */
    keep(): void {
        const all = [...this.#ended].reduce((sum, { name }) => sum + (this.#durations.get(name) ?? 0), 0);
        const atATime = (all * 1000) / (performance.now() - this.#started);
        if (this.#ended.size > fewJobs) this.#durations.set(concurrency, Math.round(atATime * 10) / 10);
        writeDurations(this.#durations);
    }

    [Symbol.dispose](): void {
        clearInterval(this.#timer);
        console.log = this.#log;
        this.#clear();
    }

    #draw(): void {
        const names = [...this.#running.keys()].map(({ name }) => name).join(', ');
        const line = `${this.#ended.size} of ${this.#jobs.length} done, ${inWords(this.#secondsLeft())} left: ${names}`;
        if (!this.#isTerminal) this.#log(line);
        else process.stdout.write(`\r\x1b[K${line.slice(0, process.stdout.columns - 1)}`);
    }

    #clear(): void {
        if (this.#isTerminal) process.stdout.write('\r\x1b[K');
    }

    /** As long as the longest job, or as all of them side by side. */
    #secondsLeft(): number {
        let longest = 0;
        let all = 0;
        for (const job of this.#jobs) {
            if (this.#ended.has(job)) continue;
            const began = this.#running.get(job);
            const gone = began === undefined ? 0 : (performance.now() - began) / 1000;
            const left = Math.max(0, (this.#expected.get(job.name) ?? unknownDuration) - gone);
            longest = Math.max(longest, left);
            all += left;
        }
        return Math.max(longest, all / this.#atATime);
    }
}

function inWords(seconds: number): string {
    if (seconds < 10) return 'a few seconds';
    return seconds < 60 ? `${Math.ceil(seconds / 10) * 10} s` : `${Math.ceil(seconds / 60)} min`;
}
