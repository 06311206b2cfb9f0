import { _ } from '../../i18n/i18n.ts';
import { readBootTime } from '../../tools/boots.ts';
import type { Condition } from '../care/care.ts';

const microsecondsPerMinute = 60_000_000;

/** For faults that only the log tells of: over when it has not told of them for a while. */
export function quietFor(minutes: number): Condition {
    return {
        about: minutes < 120 ? `it was not seen for ${minutes} minutes` : `it was not seen for ${minutes / 60} hours`,
        check({ incident, now, afterFix }) {
            const isQuiet = now - incident.lastSeen >= minutes * microsecondsPerMinute;
            if (isQuiet || afterFix) return { gone: true, detail: _('It has not happened again') };
            return { gone: false, detail: _('It happened a short while ago') };
        },
    };
}

/** For what only a start of the computer puts right. */
export const untilRestart: Condition = {
    about: 'the computer was started since',
    async check({ incident, machine }) {
        const boot = await readBootTime(machine);
        return boot !== null && boot.time > incident.lastSeen
            ? { gone: true, detail: _('The computer was started since') }
            : { gone: false, detail: _('The computer was not started since') };
    },
};

/** Both must hold. */
export function both(one: Condition, other: Condition): Condition {
    return {
        about: `${one.about}, and ${other.about}`,
        async check(place) {
            const first = await one.check(place);
            return first.gone ? await other.check(place) : first;
        },
    };
}

/** One of them is enough. */
export function either(one: Condition, other: Condition): Condition {
    return {
        about: `${one.about}, or ${other.about}`,
        async check(place) {
            const first = await one.check(place);
            return first.gone ? first : await other.check(place);
        },
    };
}
