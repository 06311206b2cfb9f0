/** Which run of a unit a repair left behind, so that undo does not stop what somebody has started since. */
import { stopsUnit, unitOf } from '../actions/units/unitPlan.ts';
import type { JournalReader } from '../journal/query.ts';
import { log } from '../util/log.ts';
import type { Proposal, Step, UndoStep } from '../model/proposal.ts';
import { findRestart } from '../machine/units/restarts.ts';
import type { Systemd, UnitDetails } from '../machine/units/systemd.ts';
import { isRestarting } from '../machine/units/unitState.ts';

/** By scope and unit, the invocation ID. A missing one is unknown. */
export type UnitRuns = Proposal['runs'];

/**
 * The state of a unit that undo would stop: stopped already; in the run that the repair left, as far as is known, or in
 * one that followed from it without anybody’s doing; in a later run; or in a run that cannot be attributed because the
 * journal is unreadable.
 */
export type RunState = 'stopped' | 'same' | 'later' | 'unknown';

/** A unit is wanted by one target, or few. */
const targetLimit = 8;

export async function readRuns(systemd: Systemd, steps: readonly UndoStep[], signal: AbortSignal): Promise<UnitRuns> {
    const runs: UnitRuns = {};
    for (const step of steps.filter(stopsUnit)) {
        const { scope, name } = unitOf(step);
        try {
            const unit = await systemd.unit(scope, name, { signal });
            const invocation = unit?.invocationId ?? null;
            if (invocation !== null) runs[key(step)] = invocation;
        } catch (error) {
            log('warning', 'Could not read the state of a unit after a fix', { unit: name, error: String(error) });
        }
    }
    return runs;
}

/**
 * Compares the unit with `runs`, which the repair left, since `applied`, when it was approved.
 *
 * @throws ReeveError Unavailable when the manager cannot be asked
 */
export async function runState(
    step: Step,
    { runs, applied }: Pick<Proposal, 'runs' | 'applied'>,
    { systemd, journal, signal }: { systemd: Systemd; journal: JournalReader; signal: AbortSignal },
): Promise<RunState> {
    const { scope, name } = unitOf(step);
    const unit = await systemd.unit(scope, name, { signal });
    if (unit === null || unit.activeState === 'inactive' || unit.activeState === 'failed') return 'stopped';
    const left = runs[key(step)];
    // A unit that keeps restarting is a new run each time; that alone changes nothing.
    if (left === undefined || left === unit.invocationId || isRestarting(unit)) return 'same';
    if (await wasStartedByTarget(systemd, unit, applied, signal)) return 'same';
    if (unit.process === null || unit.process.restarts === 0) return 'later';
    if (await wasRestarted(unit, left, journal, signal)) return 'same';
    const access = await journal.access();
    return access === 'system' || (access === 'own' && scope === 'user') ? 'later' : 'unknown';
}

/**
 * Whether systemd itself has restarted the unit, as Restart= says, from the run that the repair left to the present
 * one. systemd counts such restarts, and any other start resets the count: service_start() and service_enter_restart()
 * of systemd's src/core/service.c. So nothing else came in between when the count continues from the restart that
 * followed that run: it is not below its number, and no later restart had the same.
 */
async function wasRestarted(
    unit: UnitDetails,
    run: string,
    journal: JournalReader,
    signal: AbortSignal,
): Promise<boolean> {
    const first = await findRestart(journal, unit, { run }, signal);
    if (first === null || first.number > (unit.process?.restarts ?? 0)) return false;
    const last = await findRestart(journal, unit, { number: first.number }, signal);
    return last?.run === run;
}

/**
 * Whether the unit was started because a target was, such as when the computer started or the user logged in: after that target
 * was down for the last time, and before it was reached. A target is reached once what it wants is up, since it is ordered after
 * that (systemd.target(5), "Default Dependencies").
 *
 * @param since only a target that was reached after that, in microseconds since the Unix epoch
 */
async function wasStartedByTarget(
    systemd: Systemd,
    { scope, name }: UnitDetails,
    since: number,
    signal: AbortSignal,
): Promise<boolean> {
    const unit = await systemd.times(scope, name, { signal });
    const targets = unit.wantedBy.filter(wanting => wanting.endsWith('.target')).slice(0, targetLimit);
    const reached = await Promise.all(targets.map(target => systemd.times(scope, target, { signal })));
    return reached.some(
        target =>
            target.activeSince > since &&
            target.downMonotonic <= unit.begunMonotonic &&
            unit.begunMonotonic <= target.activeMonotonic,
    );
}

function key(step: Step): string {
    const { scope, name } = unitOf(step);
    return `${scope} ${name}`;
}
