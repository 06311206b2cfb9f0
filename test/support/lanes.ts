// Two things done side by side: test desktops wait more than they work, but more than two starve each other.
import { availableParallelism } from 'node:os';

const lanes = Math.min(2, availableParallelism());

/** Works through a queue in as many lanes as this machine has processors, at most two. */
export async function inLanes<T>(queue: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    // Shared by the lanes: each takes the next one.
    const items = queue.values();
    const lane = async () => {
        for (const item of items) await work(item);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
}
