import type { EventEmitter } from 'node:events';
import type { Status } from './status.ts';
import type { Database } from '../store/database.ts';

const idleAfter = 5000;
/**
 * By then, the messages of a login have been logged: units that start, and the Shell's first queries. Later on a busy
 * computer.
 */
const settledAfter = [60_000, 180_000];

/**
 * Frees memory once the service has started, one and three minutes later, and after each answer: V8 does that only when
 * memory runs short, so an idle service would keep for days what it needed for a second; and SQLite never does. Leaves
 * V8 alone unless Node runs with --expose-gc.
 */
export function releaseMemoryWhenIdle({
    requests,
    status,
    database,
}: {
    requests: EventEmitter<{ changed: [] }> & { count(kind: 'question' | 'change'): number };
    status: Status;
    database: Database;
}): Disposable {
    let pending: NodeJS.Timeout | undefined;
    const release = () => {
        database.releaseMemory();
        globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    };
    const postpone = () => {
        clearTimeout(pending);
        pending =
            requests.count('question') + requests.count('change') > 0 ? undefined : setTimeout(release, idleAfter);
    };
    requests.on('changed', postpone);
    // A source has often read a lot before it begins to watch.
    status.on('changed', postpone);
    postpone();
    const settling = settledAfter.map(after => setTimeout(release, after));
    return {
        [Symbol.dispose]: () => {
            requests.off('changed', postpone);
            status.off('changed', postpone);
            clearTimeout(pending);
            for (const timer of settling) clearTimeout(timer);
        },
    };
}
