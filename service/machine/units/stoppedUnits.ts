import type { Scope } from '../../model/unit.ts';
import type { Systemd, UnitDetails } from './systemd.ts';
import { isRunning } from './unitState.ts';

/** How many units a fix starts beside the one that they need. */
export const dependantsLimit = 8;

/** How many units a fix stops beside the one that it means. */
const stoppedLimit = 3;

/**
 * The running units that stop with the unit, and with those; each before what it stops. null when they are too many for anybody
 * to foresee what a stop does.
 */
export async function stoppedWith(
    systemd: Systemd,
    unit: UnitDetails,
    signal: AbortSignal,
): Promise<UnitDetails[] | null> {
    const found = new Map([[unit.name, unit]]);
    for (const { scope, name } of found.values()) {
        const names = await systemd.stoppedWith(scope, name, { signal });
        for (const other of await Promise.all(names.map(each => systemd.unit(scope, each, { signal }))))
            if (other !== null && isRunning(other) && !found.has(other.name)) found.set(other.name, other);
        if (found.size > stoppedLimit + 1) return null;
    }
    return [...found.values()].slice(1);
}

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
