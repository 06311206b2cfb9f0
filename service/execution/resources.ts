/** What a plan changes, by name: two changes to the same thing must neither overlap nor be undone in the wrong order. */
import { isUnitStep, onlyResets, unitOf } from '../actions/units/unitPlan.ts';
import type { Plan, Step } from '../model/proposal.ts';

/** dpkg and its like make one change at a time, whatever the package; dpkg(1), "lock-frontend". */
const packages = 'packages';

/** The files and units of its steps, and of what undoes them, and what its action says that it touches besides. */
export function resourcesOf({ action, touches, steps, undo }: Plan): Set<string> {
    const all: readonly Step[] = [...steps, ...(undo?.steps ?? [])];
    const named = all.flatMap(resourceOf);
    const isNamed = all.every(step => onlyResets(step) || resourceOf(step).length > 0);
    return new Set([...named, ...(touches ?? (isNamed ? [] : [familyOf(action)]))]);
}

/** What nobody else may change while a plan is carried out. */
export function lockedBy(plan: Plan): Set<string> {
    const family = familyOf(plan.action);
    return new Set([...resourcesOf(plan), ...(family === packages ? [family] : [])]);
}

/** The file or unit of a step; none where its call does not tell. */
function resourceOf(step: Step): string[] {
    const change = step.file ?? step.permissions;
    if (change !== undefined) return [change.path];
    if (!isUnitStep(step)) return [];
    const { scope, name } = unitOf(step);
    return [scope === 'user' ? `${name} (user)` : name];
}

/** "printer" of "printer.resume": actions of one name change things of one sort. */
function familyOf(action: string): string {
    return action.split('.', 1)[0] ?? action;
}
