import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { plain, strong } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { readProperties } from '../../../machine/properties.ts';
import { listed } from '../listed.ts';
import { notHere, required, toldTool } from '../tool.ts';

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

const shown = 15;

/** The name is empty where the network hides it; the strength is in percent, the frequency in MHz. */
type Point = { ssid: string; strength: number; frequency: number; active: boolean };

export const wifi = toldTool({
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
    absent: source => _('There is no Wi-Fi device here, or NetworkManager does not run ({source}).', { source }),
    async find(_values, { machine, signal }, cite) {
        const read = (path: string, of: string) =>
            readProperties(machine.system, { destination: name, path, interface: of }, signal);
        const manager = managerSchema.safeParse(await read('/org/freedesktop/NetworkManager', name)).data;
        const { Devices, WirelessEnabled } = required(manager, 'NetworkManager', name);
        const radios: { rate: number; points: Point[] }[] = [];
        for (const device of Devices) {
            const { data: radio } = wirelessSchema.safeParse(await read(device, `${name}.Device.Wireless`));
            if (radio === undefined) continue;
            const points: Point[] = [];
            for (const path of radio.AccessPoints.slice(0, pointsRead)) {
                const { data: point } = pointSchema.safeParse(await read(path, `${name}.AccessPoint`));
                if (point === undefined) continue;
                const ssid = safeText(Uint8Array.from(point.Ssid), 64);
                const active = path === radio.ActiveAccessPoint;
                points.push({ ssid, strength: point.Strength, frequency: point.Frequency, active });
            }
            points.sort((a, b) => Number(b.active) - Number(a.active) || b.strength - a.strength);
            const rate = radio.Bitrate / 1000;
            cite(fact('system', `${name} ${device}`, `${points.length} access points, ${rate} Mbit/s`));
            radios.push({ rate, points });
        }
        if (radios.length === 0) throw notHere('A Wi-Fi device', name);
        return { isOn: WirelessEnabled, radios };
    },
    write({ isOn, radios }, out) {
        out.line(`Wi-Fi is switched ${isOn ? 'on' : 'off'}`);
        for (const { rate, points } of radios)
            out.list(
                'Networks, strongest first',
                points,
                ({ ssid, strength, frequency, active }) =>
                    `${ssid || '(hidden)'}: signal ${strength} %, ${frequency} MHz${active ? `, CONNECTED at ${rate} Mbit/s` : ''}`,
                shown,
            );
    },
    *tell({ isOn, radios }, format) {
        if (!isOn) {
            yield `${_('Wi-Fi is off.')}\n`;
            return;
        }
        const title = ({ ssid }: Point) => (ssid === '' ? _('a hidden network') : plain(ssid));
        const signal = ({ strength }: Point) => format.percent(strength / 100);
        for (const { rate, points } of radios) {
            const active = points.find(point => point.active);
            yield active === undefined
                ? `${_('Wi-Fi is on, but not connected.')}\n\n`
                : `${_('Wi-Fi is connected to {network}: signal {signal}, {rate} Mbit/s.', { network: strong(title(active)), signal: signal(active), rate: format.number(rate) })}\n\n`;
            // A network of several access points is told once, by its strongest.
            const near = points.filter((point, index) => points.findIndex(({ ssid }) => ssid === point.ssid) === index);
            const others = near.filter(({ ssid }) => ssid !== active?.ssid);
            yield* listed(others, shown, format, point =>
                _('{network}, signal {signal}', { network: title(point), signal: signal(point) }),
            );
        }
    },
});
