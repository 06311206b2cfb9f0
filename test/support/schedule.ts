// Runs jobs side by side, as many as the processors have time for.

export type Job = {
    name: string;
    /** How many processors it keeps busy. */
    share: number;
    /** What must have ended before. */
    needs: readonly Job[];
    run: () => Promise<void>;
};

/** In their order, but that what has to wait lets others pass. */
export async function runJobs<T extends Job>(
    jobs: readonly T[],
    { capacity, began, ended }: { capacity: number; began: (job: T) => void; ended: (job: T, seconds: number) => void },
): Promise<void> {
    const waiting = new Set(jobs);
    const unfinished = new Set<Job>(jobs);
    const running = new Set<Promise<void>>();
    let taken = 0;
    const start = async (job: T) => {
        const started = performance.now();
        taken += job.share;
        began(job);
        await job.run();
        taken -= job.share;
        unfinished.delete(job);
        ended(job, (performance.now() - started) / 1000);
    };
    while (unfinished.size > 0) {
        const ready = [...waiting].filter(({ needs }) => !needs.some(need => unfinished.has(need)));
        for (const job of ready) {
            // One alone may be more than there is.
            if (taken > 0 && taken + job.share > capacity + 0.01) break;
            waiting.delete(job);
            const run = start(job).finally(() => running.delete(run));
            running.add(run);
        }
        await Promise.race(running);
    }
}
