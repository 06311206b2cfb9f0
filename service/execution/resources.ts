/** What a plan changes, by name: two changes to the same thing must neither overlap nor be undone in the wrong order. */
import { isUnitStep, onlyResets, unitOf } from '../actions/units/unitPlan.ts';
import { partsOf } from '../actions/several.ts';
import type { Plan, SinglePlan, Step } from '../model/proposal.ts';

/** dpkg and its like make one change at a time, whatever the package; dpkg(1), "lock-frontend". */
const packages = 'packages';

/** The files and units of its steps, and of what undoes them, and what its action says that it touches besides. */
export function resourcesOf(plan: Plan): Set<string> {
    return new Set(partsOf(plan).flatMap(resourcesOfPart));
}

function resourcesOfPart({ action, touches, steps, undo }: SinglePlan): string[] {
    const all: readonly Step[] = [...steps, ...(undo?.steps ?? [])];
    const named = all.flatMap(resourceOf);
    const isNamed = all.every(step => onlyResets(step) || resourceOf(step).length > 0);
    return [...named, ...(touches ?? (isNamed ? [] : [familyOf(action)]))];
}

/** What nobody else may change while a plan is carried out. */
export function lockedBy(plan: Plan): Set<string> {
    const families = partsOf(plan).map(({ action }) => familyOf(action));
    return new Set([...resourcesOf(plan), ...families.filter(family => family === packages)]);
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
