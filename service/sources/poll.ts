import type { Outlet, Surroundings } from './definition.ts';

/**
 * Polls together with all other regular polls, until `signal` aborts. There is no poll at the start: counts between two polls
 * then leave out what a login is busy with.
 *
 * @param onPoll gets the milliseconds that the computer was awake since the previous poll, or since the start
 */
export async function poll(
    { pollClock }: Pick<Surroundings, 'pollClock'>,
    outlet: Outlet,
    signal: AbortSignal,
    onPoll: (elapsed: number) => Promise<void>,
): Promise<void> {
    outlet.watching();
    let before = pollClock.clock();
    for (;;) {
        await pollClock.next(signal);
        if (signal.aborted) return;
        const now = pollClock.clock();
        await onPoll(now - before);
        before = now;
        await outlet.kept();
    }
}
