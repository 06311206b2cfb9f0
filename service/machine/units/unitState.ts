import type { UnitDetails } from './unitDetails.ts';

/** A unit that systemd restarts by itself and that has not run for this long yet is still in trouble. Milliseconds. */
const shortestCalm = 10_000;

/**
 * Whether systemd itself keeps restarting the unit at the moment, in whichever phase of that it is: waiting (auto-restart),
 * starting, or up for a moment. A restart that is long past does not count.
 */
export function isRestarting(unit: UnitDetails): boolean {
    if (unit.subState.startsWith('auto-restart')) return true;
    if (unit.process === null || unit.process.restarts === 0 || unit.process.restart === 'no') return false;
    if (unit.activeState === 'activating') return true;
    const delay = (unit.process.restartDelay ?? 0) / 1000;
    return unit.activeState === 'active' && millisecondsActive(unit) < Math.max(shortestCalm, 2 * delay);
}

/** Whether the unit is up, or on its way, and not merely between two failures. */
export function isRunning(unit: UnitDetails): boolean {
    return unit.activeState !== 'inactive' && unit.activeState !== 'failed' && !isRestarting(unit);
}

/** systemd and Node both read CLOCK_MONOTONIC, which no change of the time of day disturbs. */
export function millisecondsActive(unit: UnitDetails): number {
    if (unit.activeSinceMonotonic === null) return 0;
    return Number(process.hrtime.bigint() / 1000n - BigInt(unit.activeSinceMonotonic)) / 1000;
}
