import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { item, plain } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { managedObjects } from '../../../machine/managedObjects.ts';
import { required, toldTool } from '../tool.ts';

const bluez = 'org.bluez';
/** org.bluez.Adapter(5), org.bluez.Device(5), org.bluez.Battery(5). */
const adapterSchema = z.object({ Alias: z.string(), Powered: z.boolean(), Discovering: z.boolean().default(false) });
const deviceSchema = z.object({
    Alias: z.string(),
    Icon: z.string().default('unknown kind'),
    Paired: z.boolean().default(false),
    Trusted: z.boolean().default(false),
    Blocked: z.boolean().default(false),
    Connected: z.boolean().default(false),
});
const batterySchema = z.object({ Percentage: z.number() });

type Adapter = z.output<typeof adapterSchema>;
type Device = z.output<typeof deviceSchema> & { charge: number | null };

export const bluetooth = toldTool({
    name: 'bluetooth',
    description: 'Bluetooth adapters, whether switched on, and known devices: paired, connected, battery.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                'is bluetooth (on|off|enabled)',
                '(which|what) bluetooth devices are (paired|connected|known|there)',
                '(what|which devices) (is|are) (connected|paired) (by|over|via|through) bluetooth',
                '[list|show] [my] [paired|connected] bluetooth devices',
                '(is|are) [my] (headphones|headset|mouse|keyboard|speaker|earbuds|controller) connected (by|over|via|through) bluetooth',
                '(battery|battery level|charge) of [my] bluetooth (mouse|headset|headphones|keyboard|device)',
                'does [this|my] [computer|laptop] have bluetooth',
                'is there [a] bluetooth (adapter|device)',
            ],
            de: [
                'ist bluetooth (an|aus|eingeschaltet)',
                'welche geräte sind (per|über|mit) bluetooth (verbunden|gekoppelt)',
                'welche bluetooth geräte sind (gekoppelt|verbunden|bekannt)',
                '(sind|ist) [meine|mein] (kopfhörer|headset|maus|tastatur|lautsprecher) (per|über|mit) bluetooth verbunden',
                'wie voll ist der akku [meiner|meines|von] bluetooth (maus|tastatur|kopfhörer|headsets)',
                '[gekoppelte|verbundene] bluetooth geräte',
                'hat [mein] (rechner|laptop|computer) bluetooth',
            ],
            ar: [
                'هل البلوتوث (مشغل|مفعل)',
                '(ما|ما هي) (اجهزة|الاجهزة) (البلوتوث|بلوتوث) (المقترنة|المتصلة)',
                'هل (سماعتي|السماعة|الفارة) متصلة (بالبلوتوث|عبر البلوتوث)',
            ],
        },
        example: () => _('Which Bluetooth devices are connected?'),
    },
    absent: source =>
        _('Bluetooth is not available: its service, BlueZ, is not installed or not running ({source}).', { source }),
    async find(_values, { machine, signal }, cite) {
        const objects = required(
            await managedObjects(machine.system, { destination: bluez, path: '/' }, signal),
            'BlueZ, the Bluetooth service,',
            bluez,
        );
        const adapters: Adapter[] = [];
        const devices: Device[] = [];
        for (const [, interfaces] of objects) {
            const { data: adapter } = adapterSchema.safeParse(interfaces[`${bluez}.Adapter1`]);
            if (adapter !== undefined) adapters.push({ ...adapter, Alias: safeText(adapter.Alias, 64) });
            const { data: device } = deviceSchema.safeParse(interfaces[`${bluez}.Device1`]);
            if (device === undefined) continue;
            const { data: battery } = batterySchema.safeParse(interfaces[`${bluez}.Battery1`]);
            devices.push({
                ...device,
                Alias: safeText(device.Alias, 64),
                Icon: safeText(device.Icon, 32),
                charge: battery?.Percentage ?? null,
            });
        }
        cite(fact('system', bluez, `${adapters.length} adapters, ${devices.length} devices`));
        return { adapters, devices };
    },
    write({ adapters, devices }, out) {
        out.list('Adapters', adapters, ({ Alias, Powered }) => `${Alias}: switched ${Powered ? 'on' : 'off'}`);
        out.list(
            'Devices',
            devices,
            device => {
                const flags = (['Paired', 'Trusted', 'Blocked', 'Connected'] as const).filter(flag => device[flag]);
                const level = device.charge === null ? '' : `, battery ${device.charge} %`;
                return `${device.Alias} (${device.Icon}): ${flags.join(', ').toLowerCase() || 'seen'}${level}`;
            },
            20,
        );
    },
    *tell({ adapters, devices }, format) {
        if (adapters.length === 0) {
            yield `${_('This computer has no Bluetooth adapter.')}\n`;
            return;
        }
        const connected = devices.filter(({ Connected }) => Connected);
        const count = connected.length;
        if (!adapters.some(({ Powered }) => Powered)) yield `${_('Bluetooth is off.')}\n\n`;
        else if (count === 0) yield `${_('Bluetooth is on, and no device is connected.')}\n\n`;
        else
            yield `${ngettext('Bluetooth is on, and {count} device is connected:', 'Bluetooth is on, and {count} devices are connected:', count, { count })}\n\n`;
        for (const { Alias, charge } of connected)
            yield item(
                charge === null
                    ? plain(Alias)
                    : _('{device}, battery at {charge}', {
                          device: plain(Alias),
                          charge: format.percent(charge / 100),
                      }),
            );
        const others = devices.filter(({ Connected, Paired }) => Paired && !Connected).map(({ Alias }) => plain(Alias));
        if (others.length > 0) yield item(_('Paired, but not connected: {devices}', { devices: format.list(others) }));
    },
});
