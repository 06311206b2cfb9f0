import { BusError } from '../bus/connection.ts';
import type { Connection } from '../bus/connection.ts';
import { _ } from '../i18n/i18n.ts';
import type { BusCall, Step } from '../model/proposal.ts';
import { followJob, queuesJob } from '../system/unitJobs.ts';
import { safeText } from '../text/sanitise.ts';
import { jobFailure } from './jobResults.ts';

export type Execution = {
    /** refused: the system did not permit it, or the user did not give the password. */
    result: 'done' | 'failed' | 'refused' | 'cancelled';
    /** How many of the steps were carried out in full. */
    completed: number;
    /** What went wrong, in words; empty when done. */
    detail: string;
};

/** Nobody types a password for longer, and no unit of a desktop takes longer to start. */
const longestStep = 10 * 60_000;

/**
 * What a caller is told when the user closes the password dialog, types it wrong too often, or nobody can be asked: seen
 * with systemd 257 and 262, which give AccessDenied for the first two alike, and InteractiveAuthorizationRequired for the
 * last. Other services pass on polkit's own names.
 */
const refusals =
    /^org\.freedesktop\.(DBus\.Error\.(AccessDenied|AuthFailed|InteractiveAuthorizationRequired)|PolicyKit1\.Error\..*)$/;

/**
 * Carries out steps that were approved. Nothing else in the service makes a call that changes the system.
 *
 * The steps run on a bus connection of their own: leaving the bus is the only way to withdraw a password dialog that a
 * service has polkit show for us (polkitd ends the authentication when its subject leaves the bus).
 */
export class Executor {
    readonly #open: (bus: BusCall['bus']) => Promise<Connection>;

    constructor({ open }: { open: (bus: BusCall['bus']) => Promise<Connection> }) {
        this.#open = open;
    }

    /**
     * Runs the steps in order until one fails. Never throws for what a step can do; the result says it.
     *
     * @param options.progress gets one line for each thing that happens
     * @param options.signal stops after what cannot be stopped, withdraws the password dialog, cancels the running job
     */
    async run(
        steps: readonly Step[],
        { progress, signal }: { progress: (line: string) => void; signal: AbortSignal },
    ): Promise<Execution> {
        let completed = 0;
        for (const step of steps) {
            if (signal.aborted) return { result: 'cancelled', completed, detail: cancelledText(completed) };
            progress(step.description);
            const failure = await this.#perform(step.call, progress, signal);
            if (failure !== null) {
                const detail = failure.result === 'cancelled' ? cancelledText(completed) : failure.detail;
                return { ...failure, completed, detail };
            }
            completed += 1;
        }
        return { result: 'done', completed, detail: '' };
    }

    async #perform(
        call: BusCall,
        progress: (line: string) => void,
        signal: AbortSignal,
    ): Promise<Pick<Execution, 'result' | 'detail'> | null> {
        const limit = AbortSignal.timeout(longestStep);
        const either = AbortSignal.any([signal, limit]);
        try {
            await using connection = await this.#open(call.bus);
            const make = () => connection.call({ ...call, interactive: true, timeout: Infinity, signal: either });
            if (!queuesJob(call)) {
                await make();
                return null;
            }
            const queued = () => {
                progress(_('Accepted; waiting for it to finish'));
            };
            const result = await followJob(connection, make, { queued, signal: either });
            return result === 'done' ? null : { result: 'failed', detail: jobFailure(result, call.arguments[0]) };
        } catch (error) {
            if (signal.aborted) return { result: 'cancelled', detail: '' };
            if (limit.aborted) return { result: 'failed', detail: _('It took too long and was given up') };
            return describeError(error);
        }
    }
}

function describeError(error: unknown): Pick<Execution, 'result' | 'detail'> {
    if (!(error instanceof BusError)) throw error;
    if (refusals.test(error.errorName)) {
        return { result: 'refused', detail: _('The password was not given, or this user is not allowed to do that') };
    }
    const answer = safeText(error.message, 512) || safeText(error.errorName, 256);
    return { result: 'failed', detail: _('The system answered: {answer}', { answer }) };
}

function cancelledText(completed: number): string {
    return completed === 0
        ? _('Cancelled before anything was changed')
        : _('Cancelled; the steps before it had been carried out');
}
