import * as z from 'zod';

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
