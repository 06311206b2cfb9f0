import * as z from 'zod';
import { BusError } from '../../dbus/connection.ts';
import type { Connection } from '../../dbus/connection.ts';
import type { BusCall } from '../../model/proposal.ts';
import { manager } from './systemd.ts';

/** JobRemoved: number, path, unit, result. */
const jobRemoved = z.tuple([z.int(), z.string(), z.string(), z.string()]);
const jobReply = z.tuple([z.string().startsWith('/org/freedesktop/systemd1/job/')]);

/** Methods of the manager that only queue a job; JobRemoved reports its outcome. */
const queueing = new Set(['StartUnit', 'StopUnit', 'RestartUnit', 'ReloadUnit', 'StartTransientUnit']);

export function queuesJob(call: BusCall): boolean {
    return call.interface === manager.interface && queueing.has(call.member);
}

/**
 * Makes a call that queues a job, and waits until the job has ended.
 *
 * Aborting while the job runs asks the manager to cancel it: that is allowed to the connection that queued it, without
 * another password (bus_job_method_cancel() in systemd's src/core/dbus-job.c). A start that is under way may go on all
 * the same.
 *
 * @param connection one of its own, which is closed afterwards: it asks the manager for signals
 * @param make makes the call
 * @returns job_result_table in systemd's src/core/job.c: done, canceled, timeout, failed, dependency, skipped, invalid,
 * assert, unsupported, collected, once, …
 * @throws BusError as the manager answered, or Disconnected; the reason of `signal`
 */
export async function followJob(
    connection: Connection,
    make: () => Promise<unknown[]>,
    { queued, signal }: { queued: () => void; signal: AbortSignal },
): Promise<string> {
    // The job may end before the reply to the call brings its path.
    const ended = new Map<string, string>();
    const waiting = Promise.withResolvers<string>();
    let job: string | null = null;
    await using resources = new AsyncDisposableStack();
    const removals = await connection.subscribe(
        { sender: manager.destination, path: manager.path, interface: manager.interface, member: 'JobRemoved' },
        ({ body }) => {
            const [, path, , result] = jobRemoved.parse(body);
            ended.set(path, result);
            if (path === job) waiting.resolve(result);
        },
    );
    resources.use(removals);
    await connection.call({ ...manager, member: 'Subscribe', signal });
    [job] = jobReply.parse(await make());
    queued();
    const known = ended.get(job);
    if (known !== undefined) return known;
    const path = job;
    const cancel = () => {
        const cancelled = connection.call({
            ...manager,
            path,
            interface: 'org.freedesktop.systemd1.Job',
            member: 'Cancel',
        });
        const give = () => {
            waiting.reject(signal.reason as Error);
        };
        // The manager may refuse because the job has just ended; JobRemoved reports that, and the caller gave up
        // anyway.
        cancelled.then(give, give);
    };
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    void connection.closed.then(() => {
        waiting.reject(
            new BusError('org.freedesktop.DBus.Error.Disconnected', 'The bus went away while a job was running'),
        );
    });
    try {
        return await waiting.promise;
    } finally {
        signal.removeEventListener('abort', cancel);
    }
}
