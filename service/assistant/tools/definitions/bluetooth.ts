import * as z from 'zod';

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
