import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import type { Connection } from '../../../dbus/connection.ts';
import { readBatteries, renewed, worn } from '../../../machine/hardware/batteries.ts';
import type { Surroundings } from '../../../sources/definition.ts';
import type { ChangeDraft } from '../../../sources/signals/busSource.ts';
import { busSource, propertyRule } from '../../../sources/signals/busSource.ts';
import { readState } from '../../../store/stored.ts';

/** Of org.freedesktop.UPower.Device: 1 none, 2 discharging (of a UPS), 3 low, 4 critical, 5 action. */
const warnings: Record<number, { event: string; summary: () => string }> = {
    3: { event: 'low', summary: () => _('The battery is low') },
    4: { event: 'critical', summary: () => _('The battery is nearly empty') },
    5: { event: 'action', summary: () => _('The battery is empty: the computer is about to be suspended') },
};
const daemon = z.object({ OnBattery: z.boolean().optional() });
const device = z.object({ WarningLevel: z.int().optional() });

/** Reported again when it has become worse by this much. */
const step = 0.1;
const wornKey = 'batteries-worn';
/** How many worn batteries are remembered; some may be in a drawer. */
const rememberedLimit = 16;

/** Mains and battery. It follows only all batteries together: each single one reports its charge every other minute. */
export const power = busSource({
    name: 'power',
    bus: 'system',
    service: 'org.freedesktop.UPower',
    make: () => [
        propertyRule({ path: '/org/freedesktop/UPower', interface: 'org.freedesktop.UPower' }, values => {
            const { OnBattery: isOn } = daemon.parse(values);
            if (isOn === undefined) return null;
            const summary = isOn
                ? _('The computer is running on battery power')
                : _('The computer is running on mains power');
            return toChange(isOn ? 'on-battery' : 'on-mains', summary);
        }),
        propertyRule(
            { path: '/org/freedesktop/UPower/devices/DisplayDevice', interface: 'org.freedesktop.UPower.Device' },
            values => {
                const { WarningLevel: level } = device.parse(values);
                const warning = warnings[level ?? 0];
                return warning === undefined ? null : toChange(warning.event, warning.summary());
            },
        ),
    ],
    greet: wornBatteryChanges,
});

/** The wear of batteries changes within months, so it is queried once whenever UPower or Reeve is started. */
async function wornBatteryChanges(
    { database, incidentStatus }: Surroundings,
    connection: Connection,
): Promise<ChangeDraft[]> {
    const batteries = await readBatteries(connection, AbortSignal.timeout(30_000));
    if (batteries === null) return [];
    const reported = readState(database, wornKey, z.record(z.string(), z.number())) ?? {};
    const changes: ChangeDraft[] = [];
    for (const { name, serial, health } of batteries) {
        const key = `${name} ${serial}`;
        const before = reported[key];
        if (health >= renewed) Reflect.deleteProperty(reported, key);
        if (health >= worn) continue;
        const share = String(Math.round(health * 100));
        const summary = _('The battery holds only {share} % of what it held when new', { share });
        const change = { kind: 'power', event: 'worn', subject: name, summary, facts: { capacity: share } } as const;
        const isOver = incidentStatus({ ...change, source: 'power', time: Date.now() * 1000, detail: '' }) === 'over';
        if (before !== undefined && before - health < step && !isOver) continue;
        reported[key] = health;
        changes.push(change);
    }
    const kept = Object.entries(reported).slice(-rememberedLimit);
    database.setState(wornKey, JSON.stringify(Object.fromEntries(kept)));
    return changes;
}

function toChange(event: string, summary: string): ChangeDraft {
    return { kind: 'power', event, subject: 'battery', summary, facts: {} };
}
