import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import type { Told } from './busSource.ts';
import { busSource, propertyRule } from './busSource.ts';

/** Of org.freedesktop.UPower.Device: 1 none, 2 discharging (of a UPS), 3 low, 4 critical, 5 action. */
const warnings: Record<number, { event: string; summary: () => string }> = {
    3: { event: 'low', summary: () => _('The battery is low') },
    4: { event: 'critical', summary: () => _('The battery is nearly empty') },
    5: { event: 'action', summary: () => _('The battery is empty: the computer is about to be put to rest') },
};
const daemon = z.object({ OnBattery: z.boolean().optional() });
const device = z.object({ WarningLevel: z.int().optional() });

/** Mains and battery. Only of all batteries together: each single one tells of its charge every other minute. */
export const power = busSource({
    name: 'power',
    bus: 'system',
    service: 'org.freedesktop.UPower',
    make: () => [
        propertyRule({ path: '/org/freedesktop/UPower', interface: 'org.freedesktop.UPower' }, values => {
            const { OnBattery: isOn } = daemon.parse(values);
            if (isOn === undefined) return null;
            const summary = isOn ? _('The computer runs on battery') : _('The computer runs on mains power');
            return tell(isOn ? 'on-battery' : 'on-mains', summary);
        }),
        propertyRule(
            { path: '/org/freedesktop/UPower/devices/DisplayDevice', interface: 'org.freedesktop.UPower.Device' },
            values => {
                const { WarningLevel: level } = device.parse(values);
                const warning = warnings[level ?? 0];
                return warning === undefined ? null : tell(warning.event, warning.summary());
            },
        ),
    ],
});

function tell(event: string, summary: string): Told {
    return { kind: 'power', event, subject: 'battery', summary, facts: {} };
}
