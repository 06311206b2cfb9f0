/** What undo does, when it is possible, and what must be undone before. */
import { stopsUnit, unitOf } from '../actions/units/unitPlan.ts';
import { fileStanding } from '../execution/fileStanding.ts';
import { resourcesOf } from '../execution/resources.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Proposal, Step, UndoStep } from '../model/proposal.ts';
import type { RunState } from './unitRuns.ts';

/** How far a plan got, and its undo. */
export type Reached = Pick<Proposal, 'plan' | 'done' | 'standing'>;

/** What undo will do, as far as that is known without reading files; steps that the plan never reached are left out. */
export function undoSteps({ plan: { undo }, done, standing }: Reached): UndoStep[] {
    const left = (undo?.steps ?? []).filter((_step, index) => !standing.undone.includes(index));
    if (done === null) return left;
    // A step that was interrupted may have changed a file all the same.
    const files = new Set(left.filter(changesFile).map(({ undoes = 0 }) => undoes));
    const mayBeDone = (undoes: number) => standing.isUnsure || files.has(undoes);
    return left.filter(({ undoes = 0 }) => undoes < done || (undoes === done && mayBeDone(undoes)));
}

/** Whether an unfinished plan has changed, or may have changed, something that can be undone. */
export function canBeUndone(reached: Reached): boolean {
    const steps = undoSteps(reached);
    return reached.done === null ? steps.some(changesFile) : steps.length > 0;
}

function changesFile({ file, permissions }: Step): boolean {
    return file !== undefined || permissions !== undefined;
}

/**
 * The steps that undo needs now: none for what an unfinished fix never did. Undo of a file goes on without the stop of a unit
 * that was started again since.
 *
 * @param runState the state of a unit that a step would stop
 * @returns also the stops that are left out, whose units keep running
 * @throws ReeveError PlanChanged: undo must not destroy what somebody wrote, set or started after the fix
 */
export async function stepsLeft(
    proposal: Proposal,
    runState: (step: UndoStep) => Promise<RunState>,
): Promise<{ steps: UndoStep[]; spared: UndoStep[] }> {
    const steps = undoSteps(proposal);
    const isOfFile = steps.some(changesFile);
    const { done, standing } = proposal;
    const written = new Set<number>();
    const idle = new Set<UndoStep>();
    const spared: UndoStep[] = [];
    for (const step of steps) {
        const { file, permissions, undoes = 0 } = step;
        const change = file ?? permissions;
        if (change === undefined && stopsUnit(step)) {
            const state = await runState(step);
            if (isOfFile && (state === 'later' || state === 'unknown')) spared.push(step);
            else if (state === 'later') throw new ReeveError('PlanChanged', startedSince(step));
            else if (state === 'unknown') throw new ReeveError('PlanChanged', perhapsStartedSince(step));
            else if (state === 'stopped') idle.add(step);
        }
        if (change === undefined) continue;
        const held = await fileStanding(step);
        if (held === 'after') idle.add(step);
        else if (held === 'other') throw new ReeveError('PlanChanged', changedSince(change.path));
        else written.add(undoes);
    }
    // Steps that belong to a file, such as reloading it, are left out with it only if the fix never got there: an earlier
    // undo may have written the file and nothing else.
    const isNeeded = ({ undoes = 0 }: UndoStep) =>
        done === null || undoes < done || standing.isUnsure || written.has(undoes);
    const isLeft = (step: UndoStep) => !idle.has(step) && !spared.includes(step);
    return { steps: steps.filter(step => isLeft(step) && (changesFile(step) || isNeeded(step))), spared };
}

function changedSince(path: string): string {
    return _('{path} has changed again since then', { path });
}

function startedSince(step: UndoStep): string {
    return _('{unit} has been started again since then, so it is not stopped. To stop it anyway: {command}', {
        unit: unitOf(step).name,
        command: step.command,
    });
}

function perhapsStartedSince(step: UndoStep): string {
    return _(
        '{unit} is not stopped: it may have been started again since then, and you cannot read the log that would show it. To stop it anyway: {command}',
        { unit: unitOf(step).name, command: step.command },
    );
}

/**
 * Those of `applied` that came after a proposal, change the same things and can be undone: they must be undone first, the last
 * one first.
 */
export function undoneBefore(proposal: Proposal, applied: readonly Proposal[]): Proposal[] {
    const own = resourcesOf(proposal.plan);
    return applied
        .filter(other => other.id !== proposal.id && other.applied > proposal.applied)
        .filter(other => canBeUndone(other) && [...resourcesOf(other.plan)].some(thing => own.has(thing)))
        .sort((one, other) => other.applied - one.applied);
}
