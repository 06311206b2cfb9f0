/** What is left of a plan that ended halfway, and whether it can still be done. */

import * as z from 'zod';

import { onlyResets, unitOf } from '../actions/units/unitPlan.ts';
import { fileStanding } from '../execution/fileStanding.ts';
import { isRunning } from '../machine/units/unitState.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Plan, Proposal, Step } from '../model/proposal.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { sha256 } from '../util/sha256.ts';
import type { Reached } from './undoing.ts';

/** Whether a plan that ended after so many steps has left something behind that the rest of it, or undo, is for. */
export async function isPartlyDone({ steps }: Plan, done: number): Promise<boolean> {
    const [interrupted] = steps.slice(done);
    if (interrupted === undefined) return false;
    return !steps.slice(0, done).every(onlyResets) || (await hasChanged(interrupted));
}

/** Whether a step has changed its file, if it has one. */
async function hasChanged(step: Step): Promise<boolean> {
    const standing = await fileStanding(step);
    return standing === 'after' || standing === 'between';
}

/** The steps that Finish does. What may lose data is planned, shown and confirmed from the start instead. */
export function finishSteps({ plan, state, done, standing }: Reached & Pick<Proposal, 'state'>): Step[] {
    const canBe = state === 'partial' && standing.undone.length === 0 && plan.risk !== 'high';
    return canBe && done !== null ? plan.steps.slice(done) : [];
}

/** SHA-256, in hexadecimal, over the plan and those of its steps that are left; empty when none is. */
export function finishDigest(proposal: Proposal): string {
    const steps = finishSteps(proposal);
    if (steps.length === 0) return '';
    const text = canonicalJson(z.json().parse({ plan: proposal.digest, steps }));
    return sha256(text);
}

/**
 * Those of the steps that are still needed: a unit that runs by now is not restarted.
 *
 * @throws ReeveError PlanChanged when somebody has changed what the first steps did, or nothing is left
 */
export async function requireFinishable(proposal: Proposal, systemd: Systemd, signal: AbortSignal): Promise<Step[]> {
    const { plan, done } = proposal;
    for (const step of plan.steps.slice(0, done ?? 0)) {
        const change = step.file ?? step.permissions;
        if (change !== undefined && (await fileStanding(step)) !== 'after')
            throw new ReeveError('PlanChanged', _('{path} has changed again since then', { path: change.path }));
    }
    const steps = finishSteps(proposal);
    const running = await Promise.all(
        steps.map(async step => {
            if (step.call.member !== 'RestartUnit') return false;
            const { scope, name } = unitOf(step);
            if (plan.preconditions[`${name} state`] === 'active') return false;
            const unit = await systemd.unit(scope, name, { signal });
            return unit !== null && isRunning(unit);
        }),
    );
    const left = steps.filter((_step, index) => running[index] !== true);
    if (left.length === 0) throw new ReeveError('PlanChanged', _('Nothing of this plan is left to do'));
    return left;
}
