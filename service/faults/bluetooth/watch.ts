import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { busSource, propertyRule, readProperty } from '../../sources/signals/busSource.ts';

const device = 'org.bluez.Device1';
const values = z.object({ Connected: z.boolean().optional() });
const adapter = z.object({ Powered: z.boolean().optional() });

/** Bluetooth devices that connect and disconnect, and the radio itself. */
export const bluetooth = busSource({
    name: 'bluetooth',
    bus: 'system',
    service: 'org.bluez',
    make: () => [
        propertyRule({ pathNamespace: '/org/bluez', interface: device }, async (changed, signal, connection) => {
            const { Connected: isConnected } = values.parse(changed);
            if (isConnected === undefined) return null;
            const name = safeText(await readProperty(connection, signal, device, 'Alias'), 128);
            const summary = isConnected
                ? _('{device} was connected', { device: name })
                : _('{device} was disconnected', { device: name });
            const event = isConnected ? 'added' : 'removed';
            return {
                kind: 'device',
                event,
                subject: name,
                summary,
                facts: { subsystem: 'bluetooth', path: signal.path },
            };
        }),
        propertyRule({ pathNamespace: '/org/bluez', interface: 'org.bluez.Adapter1' }, (changed, { path }) => {
            const { Powered: isOn } = adapter.parse(changed);
            if (isOn === undefined) return null;
            const summary = isOn ? _('Bluetooth was turned on') : _('Bluetooth was turned off');
            return {
                kind: 'device',
                event: isOn ? 'online' : 'offline',
                subject: 'bluetooth',
                summary,
                facts: { path },
            };
        }),
    ],
});
