import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readTimeZone } from '../../machine/time/timeZone.ts';
import { readTimedate } from '../../machine/time/timedate.ts';
import { readFacts } from './facts.ts';

/**
 * The kernel's state, from org.freedesktop.timedate1(5). If the clock is not meant to be synchronised, that it is not proves
 * nothing.
 */
export const isClockSynchronised: RecoveryCheck = {
    about: 'the clock is synchronised',
    async check({ machine, signal, afterFix }) {
        const clock = await readTimedate(machine.system, signal);
        if (clock === null) return unknown();
        if (clock.NTPSynchronized) return { gone: true, detail: _('The clock is synchronised') };
        const result = { gone: false, detail: _('The clock is not synchronised') };
        return clock.NTP || afterFix ? result : { ...result, isUnknown: true };
    },
};

/** What the hardware clock is taken for, by org.freedesktop.timedate1(5), if the log said what it was. */
export const isHardwareClockReadOtherwise: RecoveryCheck = {
    about: 'the setting for the hardware clock has changed',
    async check({ incident, machine, signal }) {
        const { local } = readFacts(incident.facts);
        const clock = await readTimedate(machine.system, signal);
        if (clock === null || local === undefined) return unknown();
        return clock.LocalRTC === (local === 'yes')
            ? { gone: false, detail: _('The setting of the hardware clock has not changed') }
            : { gone: true, detail: _('The setting of the hardware clock has changed') };
    },
};

export const isZoneSet: RecoveryCheck = {
    about: 'the configured time zone exists, or has changed',
    async check({ incident, machine }) {
        const set = await readTimeZone(machine);
        return set === null || set.isThere || set.zone !== incident.subject
            ? { gone: true, detail: _('The configured time zone exists') }
            : { gone: false, detail: _('The time zone {zone} still does not exist', { zone: set.zone }) };
    },
};
