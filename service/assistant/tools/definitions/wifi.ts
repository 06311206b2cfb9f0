import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { readProperties } from '../../../machine/properties.ts';
import { notHere, required, tool } from '../tool.ts';

const name = 'org.freedesktop.NetworkManager';
const managerSchema = z.object({ Devices: z.array(z.string()).max(256), WirelessEnabled: z.boolean() });
/** nm-dbus-interface.h and the introspection of Device.Wireless and AccessPoint. */
const wirelessSchema = z.object({
    ActiveAccessPoint: z.string(),
    AccessPoints: z.array(z.string()),
    Bitrate: z.number(),
});
const pointSchema = z.object({
    Ssid: z.union([z.instanceof(Uint8Array), z.array(z.number())]),
    Strength: z.number(),
    Frequency: z.number(),
});
const pointsRead = 60;

export const wifi = tool({
    name: 'wifi',
    description:
        'Wi-Fi networks in reach with signal strength, and the one that is connected. Does not start a new scan.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(which|what) (wifi|wireless) (networks|hotspots|access points) (are|can you see|are there|are visible|are available|are in range) [around|nearby|near|here|available]',
                '(wifi|wireless) networks [nearby|around|in range|available]',
                'how (strong|good|weak) is [my] (wifi|wireless) [signal|reception]',
                '[my] (wifi|wireless) (signal|strength|reception|signal strength)',
                '(what|which) (wifi|wireless network|wifi network) am i (on|connected to|using)',
                'is [the] (2.4|5|6) (ghz|gigahertz) [wifi] network (visible|there|available)',
                'is [my] (wifi|wireless) (on|off|enabled)',
            ],
            de: [
                'welche (wlan|wlans|wlan netze|wlan netzwerke|netze) (sind|gibt es|siehst du) [in der nähe|hier|in reichweite|verfügbar]',
                'wie (gut|stark|schlecht) ist [mein] (wlan|wlan signal|wlan empfang|wlan verbindung)',
                '(wlan empfang|wlan signal|signalstärke)',
                'in welchem (wlan|wlan netz|funknetz) bin ich',
                'ist [mein] wlan (an|aus|eingeschaltet)',
            ],
            ar: [
                '(ما|ما هي) شبكات (الواي فاي|الوايفاي|واي فاي) [القريبة|المتاحة]',
                '(ما|كم) قوة (اشارة|شبكة) (الواي فاي|الوايفاي|واي فاي)',
                '(باي|اي) (واي فاي|شبكة واي فاي) انا متصل',
            ],
        },
        example: () => _('Which Wi-Fi networks are near?'),
    },
    async run(_values, { machine, signal }, out) {
        const read = (path: string, of: string) =>
            readProperties(machine.system, { destination: name, path, interface: of }, signal);
        const manager = managerSchema.safeParse(await read('/org/freedesktop/NetworkManager', name)).data;
        const { Devices, WirelessEnabled } = required(manager, 'NetworkManager', name);
        out.line(`Wi-Fi is switched ${WirelessEnabled ? 'on' : 'off'}`);
        let radios = 0;
        for (const device of Devices) {
            const { data: radio } = wirelessSchema.safeParse(await read(device, `${name}.Device.Wireless`));
            if (radio === undefined) continue;
            radios += 1;
            const points: { ssid: string; strength: number; frequency: number; active: boolean }[] = [];
            for (const path of radio.AccessPoints.slice(0, pointsRead)) {
                const { data: point } = pointSchema.safeParse(await read(path, `${name}.AccessPoint`));
                if (point === undefined) continue;
                const ssid = safeText(Uint8Array.from(point.Ssid), 64) || '(hidden)';
                const active = path === radio.ActiveAccessPoint;
                points.push({ ssid, strength: point.Strength, frequency: point.Frequency, active });
            }
            points.sort((a, b) => Number(b.active) - Number(a.active) || b.strength - a.strength);
            out.cite(
                fact('system', `${name} ${device}`, `${points.length} access points, ${radio.Bitrate / 1000} Mbit/s`),
            );
            out.list(
                'Networks, strongest first',
                points,
                ({ ssid, strength, frequency, active }) => {
                    return `${ssid}: signal ${strength} %, ${frequency} MHz${active ? `, CONNECTED at ${radio.Bitrate / 1000} Mbit/s` : ''}`;
                },
                15,
            );
        }
        if (radios === 0) throw notHere('A Wi-Fi device', name);
    },
});
