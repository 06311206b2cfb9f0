import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { managedObjects } from '../../../machine/managedObjects.ts';
import { required, tool } from '../tool.ts';

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

export const bluetooth = tool({
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
    async run(_values, { machine, signal }, out) {
        const objects = required(
            await managedObjects(machine.system, { destination: bluez, path: '/' }, signal),
            'BlueZ, the Bluetooth service,',
            bluez,
        );
        const adapters: string[] = [];
        const devices: string[] = [];
        for (const [, interfaces] of objects) {
            const { data: adapter } = adapterSchema.safeParse(interfaces[`${bluez}.Adapter1`]);
            if (adapter !== undefined)
                adapters.push(`${safeText(adapter.Alias, 64)}: switched ${adapter.Powered ? 'on' : 'off'}`);
            const { data: device } = deviceSchema.safeParse(interfaces[`${bluez}.Device1`]);
            if (device === undefined) continue;
            const { data: battery } = batterySchema.safeParse(interfaces[`${bluez}.Battery1`]);
            const flags = (['Paired', 'Trusted', 'Blocked', 'Connected'] as const).filter(flag => device[flag]);
            const level = battery === undefined ? '' : `, battery ${battery.Percentage} %`;
            devices.push(
                `${safeText(device.Alias, 64)} (${safeText(device.Icon, 32)}): ${flags.join(', ').toLowerCase() || 'seen'}${level}`,
            );
        }
        out.cite(fact('system', bluez, `${adapters.length} adapters, ${devices.length} devices`));
        out.list('Adapters', adapters, row => row);
        out.list('Devices', devices, row => row, 20);
    },
});
