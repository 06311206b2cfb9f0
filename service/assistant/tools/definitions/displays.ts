import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { askMethod } from '../../../machine/properties.ts';
import { required, tool } from '../tool.ts';

const displayConfig = 'org.gnome.Mutter.DisplayConfig';
const displayObject = { destination: displayConfig, path: '/org/gnome/Mutter/DisplayConfig', interface: displayConfig };
/** GetCurrentState in mutter's data/dbus-interfaces/org.gnome.Mutter.DisplayConfig.xml. */
const monitorId = z.tuple([z.string(), z.string(), z.string(), z.string()]);
const modeSchema = z.tuple([
    z.string(),
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    z.array(z.number()),
    z.record(z.string(), z.unknown()),
]);
const stateSchema = z.tuple([
    z.number(),
    z.array(z.tuple([monitorId, z.array(modeSchema), z.record(z.string(), z.unknown())])),
    z.array(
        z.tuple([
            z.number(),
            z.number(),
            z.number(),
            z.number(),
            z.boolean(),
            z.array(monitorId),
            z.record(z.string(), z.unknown()),
        ]),
    ),
    z.record(z.string(), z.unknown()),
]);

export const displays = tool({
    name: 'displays',
    description: 'Monitors: connector, model, resolution, refresh rate, scale, which is the primary one.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                'what [is the] resolution [is|of] [my] (screen|monitor|display)',
                '(which|what|how many) (monitors|screens|displays) (are|do i have) [connected|attached|plugged in]',
                'what is the refresh rate [of] [my] (screen|monitor|display)',
                '(which|what) (monitor|screen|display) is [the] primary',
                'is [the|my] (second|external|other) (monitor|screen|display) (detected|recognised|recognized|connected|found)',
                'how is [my] (screen|display|monitor) scaled',
                '(screen|monitor|display) (resolution|scale|scaling|refresh rate)',
                'how many hertz does [my] (screen|monitor|display) have',
            ],
            de: [
                'welche auflösung hat [mein] (bildschirm|monitor)',
                '(welche|wie viele) (monitore|bildschirme) (sind|habe ich) [angeschlossen|verbunden]',
                '(wie viel|welche) (hertz|hz|bildwiederholrate) hat [mein] (bildschirm|monitor)',
                '(wird|ist) [der|mein] (zweite|zweiter|externe|externer) (bildschirm|monitor) (erkannt|angeschlossen|verbunden)',
                '(bildschirmauflösung|bildwiederholrate)',
                'welcher (monitor|bildschirm) ist der primäre',
            ],
            ar: [
                '(ما|كم) [هي] دقة الشاشة',
                '(ما|ما هي|كم) الشاشات (المتصلة|الموصولة)',
                '(كم|ما) معدل (تحديث|تحديث) الشاشة',
            ],
        },
        example: () => _('Which monitors are connected?'),
    },
    async run(_values, { machine, signal }, out) {
        const reply = await askMethod(machine.session, displayObject, 'GetCurrentState', signal);
        const [, monitors, logical] = required(
            stateSchema.safeParse(reply).data,
            'GNOME’s display service',
            displayConfig,
        );
        out.cite(fact('system', displayConfig, `${monitors.length} monitors, ${logical.length} in use`));
        out.list('Monitors', monitors, ([[connector, vendor, product], modes]) => {
            const current = modes.find(([, , , , , , properties]) => properties['is-current'] === true);
            const view = logical.find(([, , , , , shown]) => shown.some(([name]) => name === connector));
            const size =
                current === undefined ? 'switched off' : `${current[1]}×${current[2]} at ${current[3].toFixed(1)} Hz`;
            const place = view === undefined ? '' : `, scale ${view[2]}${view[4] ? ', primary' : ''}`;
            return `${connector}: ${safeText(`${vendor} ${product}`, 80)}, ${size}${place}, ${modes.length} modes`;
        });
    },
});
