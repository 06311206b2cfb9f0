import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code, item, plain } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { askMethod } from '../../../machine/properties.ts';
import { required, toldTool } from '../tool.ts';

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

export const displays = toldTool({
    name: 'displays',
    description: 'Monitors: connector, model, resolution, refresh rate, scale, which is the primary one.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(what|which) scale [factor] is [set|used]',
                'does my (display|screen|monitor) support {number} hz',
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
                'هل تم التعرف على الشاشة [الثانية]',
                '(ما|كم) [هي] دقة الشاشة',
                '(ما|ما هي|كم) الشاشات (المتصلة|الموصولة)',
                '(كم|ما) معدل (تحديث|تحديث) الشاشة',
            ],
        },
        example: () => _('Which monitors are connected?'),
    },
    absent: source => _('GNOME cannot be asked for the monitors here ({source}).', { source }),
    async find(_values, { machine, signal }, cite) {
        const reply = await askMethod(machine.session, displayObject, 'GetCurrentState', signal);
        const [, monitors, logical] = required(
            stateSchema.safeParse(reply).data,
            'GNOME’s display service',
            displayConfig,
        );
        cite(fact('system', displayConfig, `${monitors.length} monitors, ${logical.length} in use`));
        return monitors.map(([[connector, vendor, product], modes]) => {
            const current = modes.find(([, , , , , , properties]) => properties['is-current'] === true);
            const view = logical.find(([, , , , , shown]) => shown.some(([name]) => name === connector));
            return {
                connector: safeText(connector, 32),
                name: safeText(`${vendor} ${product}`, 80),
                size: current === undefined ? null : `${current[1]}×${current[2]}`,
                rate: current?.[3] ?? 0,
                scale: view?.[2] ?? null,
                isPrimary: view?.[4] === true,
                modes: modes.length,
            };
        });
    },
    write(monitors, out) {
        out.list('Monitors', monitors, ({ connector, name, size, rate, scale, isPrimary, modes }) => {
            const picture = size === null ? 'switched off' : `${size} at ${rate.toFixed(1)} Hz`;
            const place = scale === null ? '' : `, scale ${scale}${isPrimary ? ', primary' : ''}`;
            return `${connector}: ${name}, ${picture}${place}, ${modes} modes`;
        });
    },
    *tell(monitors, format) {
        const count = monitors.length;
        yield count === 0
            ? `${_('No monitor is connected.')}\n`
            : `${ngettext('{count} monitor is connected:', '{count} monitors are connected:', count, { count })}\n\n`;
        for (const { connector, name, size, rate, scale, isPrimary } of monitors) {
            const monitor = _('{monitor} at {connector}', { monitor: plain(name), connector: code(connector) });
            if (size === null || scale === null) {
                yield item(_('{monitor}: switched off', { monitor }));
                continue;
            }
            const values = { monitor, size, rate: format.number(rate), scale: format.percent(scale) };
            yield item(
                isPrimary
                    ? _('{monitor}: {size} at {rate} Hz, scaled to {scale}, the main one', values)
                    : _('{monitor}: {size} at {rate} Hz, scaled to {scale}', values),
            );
        }
    },
});
