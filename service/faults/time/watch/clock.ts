import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { busSource, propertyRule } from '../../../sources/signals/busSource.ts';

const values = z.object({
    Timezone: z.string().optional(),
    NTP: z.boolean().optional(),
    LocalRTC: z.boolean().optional(),
});

/** The time zone, and whether the clock is set by the network: org.freedesktop.timedate1(5). */
export const clock = busSource({
    name: 'clock',
    bus: 'system',
    service: 'org.freedesktop.timedate1',
    make: () => [
        propertyRule({ path: '/org/freedesktop/timedate1', interface: 'org.freedesktop.timedate1' }, changed => {
            const { Timezone: zone, NTP: isSynchronised, LocalRTC: isLocal } = values.parse(changed);
            const toChange = (event: string, summary: string) => {
                return { kind: 'time' as const, event, subject: 'clock', summary, facts: {} };
            };
            if (zone !== undefined)
                return toChange('zone', _('The time zone is {zone} now', { zone: safeText(zone, 64) }));
            if (isSynchronised === true) return toChange('synchronised', _('The clock is set by the network now'));
            if (isSynchronised === false) return toChange('alone', _('The clock is no longer set by the network'));
            return isLocal === undefined ? null : toChange('rtc', _('The setting of the hardware clock has changed'));
        }),
    ],
});
