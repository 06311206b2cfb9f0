// Runs jobs side by side: one for each processor, and more while the processors have time to spare. Many jobs wait more than
// they work, for a desktop to answer or a limit to pass.
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

export type Job = {
    name: string;
    /** What must have ended before. */
    needs: readonly Job[];
    run: () => Promise<void>;
};

/** Part of the processors' time that is to spare when another job may start. */
const enoughToSpare = 0.15;
/** Milliseconds over which that is measured. */
const window = 2000;

type Options<T> = {
    /** How many run at a time whatever the processors do. */
    atLeast: number;
    atMost: number;
    began: (job: T) => void;
    ended: (job: T, seconds: number) => void;
};

/** In their order, except that a job which has to wait lets others pass. */
export async function runJobs<T extends Job>(
    jobs: readonly T[],
    { atLeast, atMost, began, ended }: Options<T>,
): Promise<void> {
    const waiting = new Set(jobs);
    const unfinished = new Set<Job>(jobs);
    const running = new Set<Promise<void>>();
    const start = async (job: T) => {
        const started = performance.now();
        began(job);
        await job.run();
        unfinished.delete(job);
        ended(job, (performance.now() - started) / 1000);
    };
    let meter = new IdleMeter();
    while (unfinished.size > 0) {
        const ready = [...waiting].filter(({ needs }) => !needs.some(need => unfinished.has(need)));
        const isIdle = meter.seconds * 1000 >= window && meter.idle >= enoughToSpare;
        const free = Math.max(atLeast - running.size, isIdle && running.size < atMost ? 1 : 0);
        for (const job of ready.slice(0, free)) {
            waiting.delete(job);
            const run = start(job).finally(() => running.delete(run));
            running.add(run);
        }
        // What was measured before a job started, or long ago, says little.
        if (free > 0 || meter.seconds * 1000 >= window) meter = new IdleMeter();
        const stopped = new AbortController();
        const tick = pause(window, undefined, { signal: stopped.signal }).catch(() => undefined);
        await Promise.race([...running, tick]);
        stopped.abort();
    }
}

/** Measures the processors from its construction on (proc_stat(5)). */
class IdleMeter {
    readonly #start = performance.now();
    readonly #before = totals();

    get seconds(): number {
        return (performance.now() - this.#start) / 1000;
    }

    /** Part of all processors' time in which they did nothing, from 0 to 1. */
    get idle(): number {
        const { idle, all } = totals();
        return (idle - this.#before.idle) / Math.max(1, all - this.#before.all);
    }
}

function totals(): { idle: number; all: number } {
    const times = cpus().map(cpu => cpu.times);
    const idle = times.reduce((sum, each) => sum + each.idle, 0);
    return { idle, all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) };
}
