import type { Scope } from '../../model/unit.ts';
import type { Systemd, UnitDetails } from './systemd.ts';
import { isRunning } from './unitState.ts';

/** How many units a fix starts beside the one that they need. */
export const dependantsLimit = 8;

/** Those of the units that could be started and are not running. */
export async function stoppedUnits(
    systemd: Systemd,
    scope: Scope,
    names: readonly string[],
    signal: AbortSignal,
): Promise<UnitDetails[]> {
    const units = await Promise.all(names.slice(0, dependantsLimit).map(name => systemd.unit(scope, name, { signal })));
    return units.filter(
        unit =>
            unit !== null &&
            unit.loadState === 'loaded' &&
            unit.canStart &&
            !unit.refusesManualStart &&
            !isRunning(unit),
    ) as UnitDetails[];
}
