import type { Requests } from './bus/requests.ts';
import type { Status } from './status.ts';

const idleAfter = 5000;
/** By then, what comes with a login has been said: units that start, and what the Shell asks once. */
const settledAfter = 60_000;

/**
 * Gives memory back once the service has started, a minute later, and after each answer: V8 does that only when memory runs
 * short, so a service that idles would keep for days what it needed for a second. Does nothing unless Node runs with
 * --expose-gc.
 */
export function releaseMemoryWhenIdle({ requests, status }: { requests: Requests; status: Status }): Disposable {
    let pending: NodeJS.Timeout | undefined;
    const release = () => {
        // The flavor also drops compiled code that has not run lately; it costs some tens of milliseconds.
        globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    };
    const postpone = () => {
        clearTimeout(pending);
        pending =
            requests.count('question') + requests.count('change') > 0 ? undefined : setTimeout(release, idleAfter);
    };
    requests.on('changed', postpone);
    // A source that has begun to watch has often looked through a lot first.
    status.on('changed', postpone);
    postpone();
    const settling = setTimeout(release, settledAfter);
    return {
        [Symbol.dispose]: () => {
            requests.off('changed', postpone);
            status.off('changed', postpone);
            clearTimeout(pending);
            clearTimeout(settling);
        },
    };
}
