import type { Outlet, Surroundings } from './definition.ts';

/**
 * Looks with everything else that has to be looked at regularly, until `signal` aborts. There is no look at the start: what
 * is counted between two looks then leaves out what a login is busy with.
 *
 * @param look is given the milliseconds that the computer was awake since the look before, or since the start
 */
export async function poll(
    { pollClock }: Pick<Surroundings, 'pollClock'>,
    outlet: Outlet,
    signal: AbortSignal,
    look: (elapsed: number) => Promise<void>,
): Promise<void> {
    outlet.watching();
    let before = pollClock.clock();
    for (;;) {
        await pollClock.next(signal);
        if (signal.aborted) return;
        const now = pollClock.clock();
        await look(now - before);
        before = now;
        await outlet.kept();
    }
}
