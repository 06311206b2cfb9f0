// Waiting for states, never for seconds.
import { setTimeout as pause } from 'node:timers/promises';
import { Deadline } from '../support/patience.ts';

/** Milliseconds: a poll starts programs in the desktop, which takes time from what it waits for. */
const longestPause = 1000;

/**
 * Asks `probe` again until it answers something other than undefined, null or false.
 *
 * Polls the less often the longer it waits: every tenth of the time so far.
 *
 * @param what for the error: "the desktop is drawn"
 * @param options.timeout milliseconds, which stretch while the machine is busy
 * @param options.every milliseconds, at the least
 * @throws Error after that, with what the last probe threw
 */
export async function until<T>(
    what: string,
    probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
    { timeout = 20_000, every = 50 }: { timeout?: number; every?: number } = {},
): Promise<T> {
    const started = performance.now();
    const deadline = new Deadline(timeout);
    let lastError: unknown;
    for (;;) {
        try {
            const answer = await probe();
            if (answer !== undefined && answer !== null && answer !== false) return answer;
            lastError = undefined;
        } catch (error) {
            lastError = error;
        }
        if (deadline.left === 0) {
            const waited = Math.round(performance.now() - started);
            const why = lastError instanceof Error ? `: ${lastError.message}` : '';
            throw new Error(`Gave up after ${waited} ms waiting until ${what}${why}`, { cause: lastError });
        }
        const waited = performance.now() - started;
        await pause(Math.max(every, Math.min(waited / 10, longestPause)));
    }
}
