import type { ParametersOf } from '../actions/actions.ts';
import type { UnitDetails } from '../machine/units/systemd.ts';
import { isRunning } from '../machine/units/unitState.ts';

export type Restart = ParametersOf<'file.revert'>['restart'];

/** How a unit is started again after what stopped it was taken back, and those that need it; null when it runs or cannot start. */
export function restartOf(unit: UnitDetails | null, needing: readonly UnitDetails[]): Restart {
    if (unit === null || isRunning(unit)) return null;
    const isUnusable = unit.loadState === 'bad-setting' || unit.loadState === 'error';
    const canStart = isUnusable || (unit.canStart && !unit.refusesManualStart && unit.loadState === 'loaded');
    if (!canStart) return null;
    const dependants = needing.map(({ name }) => name).filter(name => name !== unit.name);
    const start = { scope: unit.scope, unit: unit.name, reset: hasGivenUp(unit) };
    return dependants.length === 0 ? start : { ...start, dependants };
}

function hasGivenUp({ activeState, result, process }: UnitDetails): boolean {
    return activeState === 'failed' && (result === 'start-limit-hit' || (process?.restarts ?? 0) > 0);
}
