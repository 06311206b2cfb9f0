import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod';

import { joinCalls, stepsDone, type JoinedCall } from '../actions/joinedCalls.ts';
import { BusError, variant, type Connection } from '../dbus/connection.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { unitPath } from '../model/unitName.ts';
import type { BusCall, BusValue, Step } from '../model/proposal.ts';
import { filesOf } from '../machine/machine.ts';
import { readProcess } from '../machine/processes/processes.ts';
import { manager } from '../machine/units/systemd.ts';
import { readProperties } from '../machine/properties.ts';
import { followJob, queuesJob } from '../machine/units/unitJobs.ts';
import { log } from '../util/log.ts';
import { lazy } from '../util/lazy.ts';
import { safeText } from '../text/sanitise.ts';
import { jobFailure } from './jobResults.ts';

export type Execution = {
    /** refused: the system did not permit it, or the user did not give the password. */
    result: 'done' | 'failed' | 'refused' | 'cancelled';
    /** Whether the system has done, or begun, any of it. */
    begun: boolean;
    /** How many steps were finished. */
    done: number;
    /** What went wrong, in words; empty when done. */
    detail: string;
    /** Nobody saw how the step ended that follows those. */
    isUnsure?: true;
    /** It failed because the system has changed since the plan was made, and nothing was done. */
    isOutdated?: true;
};

/** `done`: how many steps of the call succeeded all the same. */
type Failure = Pick<Execution, 'result' | 'detail'> & { done?: number };
type Run = { signal: AbortSignal; progress: (line: string) => void; accepted: () => void };

export type RunOptions = {
    progress: (line: string) => void;
    signal: AbortSignal;
    record?: (done: number, calling: number) => void;
};

/** No user takes longer to type a password, and no unit of a desktop takes longer to start. Milliseconds. */
const longestStep = 10 * 60_000;

/**
 * The error that a caller gets when the user closes the password dialog, types it wrong too often, or nobody can be
 * asked: seen with systemd 257 and 262, which give AccessDenied for the first two alike, and
 * InteractiveAuthorizationRequired for the last. Other services pass on polkit's own names.
 */
const refusals =
    /^org\.freedesktop\.(DBus\.Error\.(AccessDenied|AuthFailed|InteractiveAuthorizationRequired)|PolicyKit1\.Error\..*)$|^org\.reevedesktop\.Reeve1\.Error\.NotAuthorized$/;

/** The programs of a unit, as ExecStart of org.freedesktop.systemd1(5) has them. */
const programs = lazy(() => z.object({ ExecStart: z.array(z.array(z.unknown())) }));
/** CLD_EXITED: si_code of sigaction(2). */
const exited = 1;
const readingLimit = 5000;

/** How long a program may take to end, and how often to look. Milliseconds. */
const ending = { limit: 10_000, interval: 100 };

/**
 * Carries out approved steps. Nothing else in the service makes a call that changes the system.
 *
 * The steps run on a bus connection of their own: leaving the bus is the only way to withdraw a password dialog that a
 * service has polkit show for us (polkitd ends the authentication when its subject leaves the bus).
 */
export class Executor {
    readonly open: (bus: BusCall['bus']) => Promise<Connection>;
    readonly #longestStep: number;

    /** @param dependencies.perStep how long to wait for each step that a call carries out, in milliseconds */
    constructor(dependencies: { open: (bus: BusCall['bus']) => Promise<Connection>; perStep?: number }) {
        this.open = dependencies.open;
        this.#longestStep = dependencies.perStep ?? longestStep;
    }

    /**
     * Runs the steps in order until one fails. What root does in a row is one call, which needs one password. Never throws for a
     * failing step; the result reports it.
     *
     * @param options.progress gets one line for each event
     * @param options.record puts on disk how many steps are done, and how many more the next call carries out
     * @param options.signal stops after the step that cannot be stopped, withdraws the password dialog, cancels the
     * running job
     */
    async run(steps: readonly Step[], { progress, signal, record }: RunOptions): Promise<Execution> {
        let begun = false;
        const run: Run = {
            signal,
            progress,
            accepted: () => {
                begun = true;
            },
        };
        let done = 0;
        for (const joined of joinCalls(steps)) {
            if (signal.aborted) return cancelled(begun, done);
            for (const { description } of joined.steps) progress(description);
            record?.(done, joined.steps.length);
            const failure = await this.#perform(joined, run);
            if (failure === null) await ended(joined.steps, signal);
            done += failure === null ? joined.steps.length : (failure.done ?? 0);
            record?.(done, 0);
            if (failure?.result === 'cancelled' && failure.detail === '') return cancelled(begun, done);
            if (failure !== null) return { ...failure, begun, done };
        }
        return { result: 'done', begun, done: steps.length, detail: '' };
    }

    /** @returns null when all of its steps succeeded */
    async #perform(joined: JoinedCall, { signal, progress, accepted }: Run): Promise<Failure | null> {
        const { call, steps } = joined;
        const [first] = steps;
        const limit = AbortSignal.timeout(this.#longestStep * steps.length);
        const either = AbortSignal.any([signal, limit]);
        // A job that starts programs can be cancelled, but they go on: what several of them have begun, they finish.
        const canStop = steps.length === 1;
        try {
            await using connection = await this.open(call.bus);
            const values = call.arguments.map(toWire);
            const options = { interactive: true, timeout: Infinity, signal: either };
            const make = () => connection.call({ ...call, ...options, arguments: values });
            if (!queuesJob(call)) {
                await make();
                accepted();
                return null;
            }
            let isQueued = false;
            const queued = () => {
                isQueued = true;
                accepted();
                progress(_('Accepted; waiting for it to finish'));
            };
            const job = followJob(connection, make, { queued, signal: canStop ? either : limit });
            const result = await job.catch((error: unknown) => {
                if (canStop || !isQueued || !limit.aborted) throw error;
                return null;
            });
            if (result === 'done') return null;
            if (canStop && signal.aborted) return { result: 'cancelled', detail: '' };
            const done = canStop ? 0 : stepsDone(joined, await succeeded(connection, call));
            if (result === null) return { result: 'failed', detail: tookTooLong(), done };
            const [failed = first] = steps.slice(done);
            return { result: 'failed', detail: jobFailure(result, failed), done };
        } catch (error) {
            if (signal.aborted) return { result: 'cancelled', detail: '' };
            if (limit.aborted) return { result: 'failed', detail: tookTooLong() };
            return describeError(error);
        }
    }
}

/** Waits until the processes that steps end have ended. One that its parent does not reap keeps its number, but nothing else. */
async function ended(steps: readonly Step[], signal: AbortSignal): Promise<void> {
    const ends = steps.flatMap(({ ends: process }) => process ?? []);
    const until = performance.now() + ending.limit;
    for (const { pid, started } of ends) {
        while (performance.now() < until && !signal.aborted) {
            const found = await readProcess(filesOf('/'), pid);
            if (found?.started !== started || ['Z', 'X'].includes(found.state)) break;
            await delay(ending.interval, undefined, { signal }).catch(() => undefined);
        }
    }
}

/** How many programs of a unit ended with success, each before the next was started; 0 when that is unknown. */
async function succeeded(connection: Connection, { arguments: [name] }: BusCall): Promise<number> {
    const path = unitPath(typeof name === 'string' ? name : '');
    const service = { destination: manager.destination, path, interface: 'org.freedesktop.systemd1.Service' };
    const properties = await readProperties(connection, service, AbortSignal.timeout(readingLimit), { start: true });
    const read = programs().safeParse(properties);
    if (!read.success) {
        log('warning', 'Could not read how far a plan got', { path });
        return 0;
    }
    // A manager that was reloaded in between no longer knows of those before.
    const last = read.data.ExecStart.findLastIndex(([, , , started]) => Number(started) > 0);
    const [code, status] = read.data.ExecStart[last]?.slice(8) ?? [];
    return last < 0 ? 0 : last + (Number(code) === exited && Number(status) === 0 ? 1 : 0);
}

function tookTooLong(): string {
    return _('It took too long, so Reeve stopped waiting');
}

function toWire(value: BusValue): unknown {
    if (typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(toWire);
    if ('base64' in value) return new Uint8Array(Buffer.from(value.base64, 'base64'));
    return variant(value.signature, toWire(value.value));
}

function describeError(error: unknown): Failure {
    if (error instanceof ReeveError) return { result: 'failed', detail: error.message };
    if (!(error instanceof BusError)) throw error;
    // systemd itself waits for polkit no longer than for any other call, 25 seconds, and passes on the time-out:
    // bus_verify_polkit_async() in its src/shared/bus-polkit.c; seen with 257, 262.
    if (error.errorName === 'org.freedesktop.DBus.Error.NoReply' && error.message === 'Method call timed out') {
        const detail = _('The password was not entered within 25 seconds. Try again');
        return { result: 'cancelled', detail };
    }
    if (refusals.test(error.errorName)) {
        return { result: 'refused', detail: _('The password was not entered, or you are not allowed to do this') };
    }
    const answer = safeText(error.message, 512) || safeText(error.errorName, 256);
    return { result: 'failed', detail: _('The system answered: {answer}', { answer }) };
}

function cancelled(begun: boolean, done: number): Execution {
    const detail = begun ? _('Cancelled while in progress') : _('Cancelled before anything was changed');
    return { result: 'cancelled', begun, done, detail };
}
