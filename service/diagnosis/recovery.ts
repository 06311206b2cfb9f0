import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../i18n/i18n.ts';
import type { Incident } from '../model/incident.ts';
import type { CheckResult } from '../model/proposal.ts';
import type { Machine } from '../machine/machine.ts';
import { readBootTime } from '../machine/time/boots.ts';
import type { Systemd } from '../machine/units/systemd.ts';

/** The computer that an incident is about. */
export type Place = {
    incident: Incident;
    machine: Machine;
    systemd: Systemd;
    /** The check follows a change that should have fixed it. */
    afterFix: boolean;
    /** Microseconds since the Unix epoch. */
    now: number;
    signal: AbortSignal;
};

/** Decides whether a fault is over. */
export type RecoveryCheck = {
    /** When the fault counts as gone, for the documentation. */
    about: string;
    check(place: Place): Promise<CheckResult> | CheckResult;
};

/** Minutes. */
export const day = 24 * 60;
const microsecondsPerMinute = 60_000_000;

/** For faults without any state that could be checked. */
export function unknown(): CheckResult {
    return { gone: false, detail: _('There is no way to check this automatically'), isUnknown: true };
}

/**
 * For faults that only the log reports: over once the log has not reported them for a while. Right after a fix, silence proves
 * nothing yet.
 */
export function quietFor(minutes: number): RecoveryCheck {
    return {
        about:
            minutes < 120
                ? `it has not been logged for ${minutes} minutes`
                : `it has not been logged for ${minutes / 60} hours`,
        check({ incident, now, afterFix }) {
            const isQuiet = now - incident.lastSeen >= minutes * microsecondsPerMinute;
            if (afterFix)
                return {
                    gone: false,
                    detail: _('It is resolved once it has not happened again for a while'),
                    isUnknown: true,
                };
            if (isQuiet) return { gone: true, detail: _('It has not happened again') };
            return { gone: false, detail: _('It happened a short while ago') };
        },
    };
}

/** For faults that only a restart of the computer fixes. */
export const untilRestart: RecoveryCheck = {
    about: 'the computer has been restarted since',
    async check({ incident, machine }) {
        const boot = await readBootTime(machine);
        return boot !== null && boot.time > incident.lastSeen
            ? { gone: true, detail: _('The computer has been restarted since then') }
            : { gone: false, detail: _('The computer has not been restarted since then'), isUnknown: true };
    },
};

/** Milliseconds; a check as a whole may take fifteen seconds. */
const patience = 10_000;
const pause = 500;

/** For fixes that only start something, such as a network that has to assign an address first. */
export function inTime(check: RecoveryCheck): RecoveryCheck {
    return {
        about: check.about,
        async check(place) {
            const until = performance.now() + (place.afterFix ? patience : 0);
            for (;;) {
                const result = await check.check(place);
                if (result.gone || performance.now() >= until) return result;
                await delay(pause, undefined, { signal: place.signal });
            }
        },
    };
}

/** Both must hold. */
export function both(one: RecoveryCheck, other: RecoveryCheck): RecoveryCheck {
    return {
        about: `${one.about}, and ${other.about}`,
        async check(place) {
            const first = await one.check(place);
            return first.gone ? await other.check(place) : first;
        },
    };
}

/**
 * One of them is enough. If the fault lasts, the details come from the first; a check that knows the answer precedes one that
 * does not.
 */
export function either(one: RecoveryCheck, other: RecoveryCheck): RecoveryCheck {
    return {
        about: `${one.about}, or ${other.about}`,
        async check(place) {
            const first = await one.check(place);
            if (first.gone) return first;
            const second = await other.check(place);
            return second.gone || first.isUnknown === true ? second : first;
        },
    };
}

/** The second counts only if the first has no answer. */
export function whereUnknown(one: RecoveryCheck, other: RecoveryCheck): RecoveryCheck {
    return {
        about: `${one.about}; if that is unknown, ${other.about}`,
        async check(place) {
            const first = await one.check(place);
            return first.isUnknown === true ? await other.check(place) : first;
        },
    };
}
