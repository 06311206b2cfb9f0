import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Connection } from '../../bus/connection.ts';
import type { Surroundings } from '../definition.ts';
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

/** Of org.freedesktop.UPower.Device; Type 2 is a battery, and PowerSupply tells the computer's own from that of a mouse. */
const battery = z.object({
    Type: z.int(),
    PowerSupply: z.boolean(),
    IsPresent: z.boolean(),
    /** How much it can still take of what it could when it was new, in percent; 0 when that is not known. */
    Capacity: z.number(),
    Vendor: z.string(),
    Model: z.string(),
    Serial: z.string(),
});
/** “A capacity value less than 75% is usually a sign that you should renew your battery”: org.freedesktop.UPower.Device.xml. */
const worn = 75;
/** Told again when it has become worse by so much. */
const step = 10;
const wornKey = 'batteries-worn';
const batteriesLimit = 16;

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
    greet: tellWorn,
});

/** How worn the batteries are changes within months, so it is asked for once whenever UPower or Reeve is started. */
async function tellWorn({ database }: Surroundings, connection: Connection, owner: string): Promise<Told[]> {
    const ask = async (path: string, of: string, member: string, ...values: string[]) =>
        await connection.call({
            destination: owner,
            path,
            interface: of,
            member,
            ...(values.length > 0 && { signature: 's', arguments: values }),
            autoStart: false,
            timeout: 10_000,
        });
    const upower = 'org.freedesktop.UPower';
    const paths = z
        .tuple([z.array(z.string())])
        .parse(await ask('/org/freedesktop/UPower', upower, 'EnumerateDevices'))[0];
    const known = z.record(z.string(), z.number()).parse(JSON.parse(database.getState(wornKey) ?? '{}'));
    const told: Told[] = [];
    const now: Record<string, number> = {};
    for (const path of paths.slice(0, batteriesLimit)) {
        const properties = await ask(path, 'org.freedesktop.DBus.Properties', 'GetAll', `${upower}.Device`);
        const [found] = z.tuple([battery]).parse(properties);
        const { Type: type, PowerSupply: isOwn, IsPresent: isPresent, Capacity: capacity } = found;
        if (type !== 2 || !isOwn || !isPresent || capacity <= 0 || capacity >= worn) continue;
        const name = safeText([found.Vendor, found.Model].filter(text => text !== '').join(' '), 64) || 'battery';
        const key = safeText(`${name} ${found.Serial}`, 128);
        const before = known[key] ?? worn + step;
        now[key] = before - capacity >= step ? capacity : before;
        if (now[key] === before) continue;
        const share = String(Math.round(capacity));
        const summary = _('The battery takes only {share} % of what it took when it was new', { share });
        told.push({ kind: 'power', event: 'worn', subject: name, summary, facts: { capacity: share } });
    }
    database.setState(wornKey, JSON.stringify(now));
    return told;
}

function tell(event: string, summary: string): Told {
    return { kind: 'power', event, subject: 'battery', summary, facts: {} };
}
