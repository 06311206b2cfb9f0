import type { Systemd, UnitDetails } from '../../machine/units/systemd.ts';

/** How many units are followed on the way to the root; nobody could follow a longer way. */
const visitLimit = 64;

/** A unit that another cannot do without; null when there is no such unit. */
export type Dependency = { name: string; unit: UnitDetails | null };

/**
 * Follows the hard dependencies of a unit (Requires=, BindsTo=, Requisite=) to the broken unit at the bottom, through those
 * that only did not start because of it.
 *
 * @returns null when everything that `unit` needs is well
 */
export async function findFailedDependency(
    systemd: Systemd,
    unit: UnitDetails,
    signal: AbortSignal,
): Promise<Dependency | null> {
    const visited = new Set([unit.name]);
    let level = [unit];
    let deepest: Dependency | null = null;
    while (level.length > 0 && visited.size < visitLimit) {
        const needed = level.flatMap(({ requires, bindsTo, requisite }) => [...requires, ...bindsTo, ...requisite]);
        const fresh = [...new Set(needed)].filter(name => !visited.has(name)).slice(0, visitLimit - visited.size);
        for (const name of fresh) visited.add(name);
        const found = await Promise.all(
            fresh.map(async name => ({ name, unit: await systemd.unit(unit.scope, name, { signal }) })),
        );
        deepest = found.find(isBroken) ?? deepest;
        level = found.flatMap(({ unit: next }) => (next !== null && isDown(next) ? [next] : []));
    }
    return deepest;
}

/** Whether the unit itself is broken, rather than only waiting for another. */
function isBroken({ unit }: Dependency): boolean {
    return unit === null || unit.activeState === 'failed' || (isDown(unit) && unit.loadState !== 'loaded');
}

function isDown({ activeState }: UnitDetails): boolean {
    return activeState === 'failed' || activeState === 'inactive';
}
