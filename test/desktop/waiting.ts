// Waiting for states, never for seconds.
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `probe` again until it answers something other than undefined, null or false.
 *
 * @param what for the error: "the desktop is drawn"
 * @throws Error after `timeout` milliseconds, with what the last probe threw
 */
export async function until<T>(
    what: string,
    probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
    { timeout = 20_000, every = 100 }: { timeout?: number; every?: number } = {},
): Promise<T> {
    const deadline = performance.now() + timeout;
    let lastError: unknown;
    for (;;) {
        try {
            const answer = await probe();
            if (answer !== undefined && answer !== null && answer !== false) return answer;
            lastError = undefined;
        } catch (error) {
            lastError = error;
        }
        if (performance.now() > deadline) {
            const why = lastError instanceof Error ? `: ${lastError.message}` : '';
            throw new Error(`Gave up after ${timeout} ms waiting until ${what}${why}`, { cause: lastError });
        }
        await pause(every);
    }
}
