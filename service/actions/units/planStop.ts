import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { stoppedWith } from '../../machine/units/stoppedUnits.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { isEssential } from '../essential.ts';
import type { Surroundings } from '../surroundings.ts';

type Stopping = {
    /** The units to stop, in this order. */
    steps: UnitDetails[];
    /** The same units in the order in which undo starts them. */
    inOrder: UnitDetails[];
    /** What stops with the unit, in words. */
    alsoStopped: string[];
    /** Whether all of them are there to be started again. */
    canStartAgain: boolean;
};

/**
 * What has to stop so that a unit stays stopped: what needs it, and what would start it again.
 *
 * @throws ReeveError InvalidState when too much depends on it
 */
export async function planStop(
    unit: UnitDetails,
    system: Pick<Surroundings, 'systemd'> & { signal: AbortSignal },
): Promise<Stopping> {
    const dependants = isOrdinary(unit) ? await stoppedWith(system.systemd, unit, system.signal) : null;
    const starting = dependants === null ? [] : await triggersOf([unit, ...dependants], system);
    if (dependants === null || ![...starting, ...dependants].every(isOrdinary))
        throw new ReeveError('InvalidState', _('Too much depends on {other} to stop it', { other: unit.name }));
    // A socket, timer or path would start its unit again: each stops before that, and starts before it, too.
    const inOrder = [...starting, unit, ...dependants];
    const names = (units: readonly UnitDetails[]) => units.map(({ name }) => name).join(', ');
    return {
        steps: [...starting, ...[unit, ...dependants].toReversed()],
        inOrder,
        alsoStopped: [
            ...(dependants.length === 0
                ? []
                : [_('This also stops what needs it: {units}.', { units: names(dependants) })]),
            ...(starting.length === 0
                ? []
                : [_('This also stops what would start it again: {units}.', { units: names(starting) })]),
        ],
        canStartAgain: !inOrder.some(isTransient),
    };
}

/** The other running units that start one of the units on demand. */
async function triggersOf(
    units: readonly UnitDetails[],
    { systemd, signal }: Pick<Surroundings, 'systemd'> & { signal: AbortSignal },
): Promise<UnitDetails[]> {
    const names = new Map(units.flatMap(({ scope: of, triggeredBy }) => triggeredBy.map(name => [name, of] as const)));
    const triggers = await Promise.all([...names].map(([name, of]) => systemd.unit(of, name, { signal })));
    return triggers
        .filter(unit => unit !== null)
        .filter(unit => isRunning(unit) && units.every(({ name }) => name !== unit.name));
}

/** Whether it can be stopped and started again by itself; a target or a slice stands for more than its name says. */
function isOrdinary(unit: UnitDetails): boolean {
    return (
        unit.canStart &&
        !unit.refusesManualStart &&
        !/\.(?:target|slice|scope|device|mount|swap)$/.test(unit.name) &&
        !isEssential(unit)
    );
}

/** Whether it is gone as soon as it has stopped: systemd-run(1), and systemd.unit(5) for the folder. */
function isTransient({ fragmentPath }: UnitDetails): boolean {
    return /^\/run\/(?:user\/\d+\/)?systemd\/transient\//.test(fragmentPath);
}
