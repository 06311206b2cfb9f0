/** Which run of a unit a repair left behind, so that undo does not stop what somebody has started since. */
import { isUnitStep, unitOf } from '../actions/unitPlan.ts';
import { log } from '../log.ts';
import type { Proposal, Step, UndoStep } from '../model/proposal.ts';
import type { Systemd } from '../system/systemd.ts';
import { isRestarting } from '../system/unitState.ts';

/** By scope and unit, the invocation ID. What is missing is not known. */
export type UnitRuns = Proposal['runs'];

/** How a unit is that undo would stop: stopped already; in the run that the repair left, as far as is known; or in a later one. */
export type RunState = 'stopped' | 'same' | 'later';

/** Whether a step stops a unit, which takes with it whatever that does by now. */
export function stopsUnit(step: Step): boolean {
    return isUnitStep(step) && step.call.member === 'StopUnit';
}

export async function readRuns(systemd: Systemd, steps: readonly UndoStep[], signal: AbortSignal): Promise<UnitRuns> {
    const runs: UnitRuns = {};
    for (const step of steps.filter(stopsUnit)) {
        const { scope, name } = unitOf(step);
        try {
            const unit = await systemd.unit(scope, name, { signal });
            const invocation = unit?.invocationId ?? null;
            if (invocation !== null) runs[key(step)] = invocation;
        } catch (error) {
            log('warning', 'It could not be seen how a repair left a unit', { unit: name, error: String(error) });
        }
    }
    return runs;
}

/** @throws ReeveError Unavailable when the manager cannot be asked */
export async function runState(systemd: Systemd, step: Step, runs: UnitRuns, signal: AbortSignal): Promise<RunState> {
    const { scope, name } = unitOf(step);
    const unit = await systemd.unit(scope, name, { signal });
    if (unit === null || unit.activeState === 'inactive' || unit.activeState === 'failed') return 'stopped';
    const left = runs[key(step)];
    // A unit that is being restarted over and over is a new run each time; that alone changes nothing.
    return left === undefined || left === unit.invocationId || isRestarting(unit) ? 'same' : 'later';
}

function key(step: Step): string {
    const { scope, name } = unitOf(step);
    return `${scope} ${name}`;
}
