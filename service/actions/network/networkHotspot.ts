import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { networkManager } from '../../machine/network/networkDevices.ts';
import { readProperties } from '../../machine/properties.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { hotspotPhrases, interfaceName, requireConnections, type Asked } from './connection.ts';

const { destination, interface: manager } = networkManager;
/** A name may have 32 bytes: IEEE 802.11, SSID. */
const parameters = z.strictObject({
    interface: interfaceName,
    name: z.string().regex(/^[A-Za-z0-9][\w .-]{0,31}$/),
});
/** As nmcli(1) and the settings call the one that they set up. */
const usual = 'Hotspot';

const devices = z.object({ Devices: z.array(z.string()).max(64) });
const device = z.object({ Interface: interfaceName, DeviceType: z.number() });
/** NM_DEVICE_TYPE_WIFI and NM_WIFI_DEVICE_CAP_AP of nm-dbus-interface.h. */
const wifiType = 2;
const canShare = 0x40;
const wireless = z.object({ WirelessCapabilities: z.number() });

/** Sets up a hotspot, where there is none yet: nmcli(1), device wifi hotspot. It makes up a password. */
export const networkHotspot = defineAction({
    name: 'network.hotspot',
    parameters,
    touches: ({ interface: of }) => [`interface ${of}`],
    wishes: [
        {
            phrases: hotspotPhrases,
            parameters: async (_slots, asked) =>
                (await requireConnections(asked)).some(({ kind }) => kind === 'hotspot')
                    ? []
                    : [{ interface: await requireRadio(asked), name: usual }],
        },
        {
            phrases: {
                en: ['(create|set up|make|start) [wifi|wi-fi] hotspot [called|named] {name}'],
                de: [
                    '(erstelle|richte) hotspot [namens] {name} [ein]',
                    'hotspot [namens] {name} (einrichten|erstellen)',
                ],
                ar: ['أنشئ نقطة اتصال [باسم] {name}'],
            },
            parameters: async ({ name }, asked) => {
                const { data } = parameters.shape.name.safeParse(name);
                return data === undefined ? [] : [{ interface: await requireRadio(asked), name: data }];
            },
        },
    ],
    async plan({ interface: of, name }, asked) {
        if ((await requireRadio(asked)) !== of)
            throw new ReeveError('InvalidState', _('This Wi-Fi adapter is not there any more'));
        const saved = await requireConnections(asked);
        if (saved.some(each => each.name === name))
            throw new ReeveError('InvalidState', _('A network called {name} is already saved', { name }));
        const title = _('Set up the hotspot {name}', { name });
        return {
            title,
            steps: [
                {
                    description: title,
                    ...programStep('user', [
                        ...(['nmcli', '--wait', '30', 'device', 'wifi', 'hotspot'] as const),
                        ...['ifname', of, 'con-name', name, 'ssid', name],
                    ]),
                },
            ],
            risk: 'medium',
            riskText: _(
                'A computer with one Wi-Fi adapter leaves its Wi-Fi network meanwhile. Who knows the password uses your connection to the internet. The password is in the Wi-Fi settings.',
            ),
            undo: {
                text: _('Removes the hotspot'),
                steps: [
                    {
                        description: _('Remove the hotspot {name}', { name }),
                        ...programStep('user', ['nmcli', '--wait', '10', 'connection', 'delete', 'id', name]),
                    },
                ],
            },
            authentication: false,
            preconditions: { hotspot: of },
        };
    },
    async verify({ name }, asked) {
        const found = (await requireConnections(asked)).find(each => each.kind === 'hotspot' && each.name === name);
        const gone = found?.state === 'up';
        return { gone, detail: gone ? '' : _('{name} did not connect', { name }) };
    },
});

/** @throws ReeveError InvalidState where no adapter can share its connection */
async function requireRadio({ machine, signal }: Asked): Promise<string> {
    const bus = machine?.system ?? null;
    const { data } = devices.safeParse(await readProperties(bus, networkManager, signal));
    for (const path of data?.Devices ?? []) {
        const read = async (of: string) => await readProperties(bus, { destination, path, interface: of }, signal);
        const { data: found } = device.safeParse(await read(`${manager}.Device`));
        if (found?.DeviceType !== wifiType) continue;
        const { data: radio } = wireless.safeParse(await read(`${manager}.Device.Wireless`));
        if (((radio?.WirelessCapabilities ?? 0) & canShare) !== 0) return found.Interface;
    }
    throw new ReeveError('InvalidState', _('No Wi-Fi adapter of this computer can make a hotspot'));
}
