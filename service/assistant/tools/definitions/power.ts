import * as z from 'zod';

import { duration, percent } from '../figures.ts';
import { readInhibitors } from '../../../machine/hardware/inhibitors.ts';
import type { Outline } from '../outline.ts';
import { readPower } from '../../../machine/hardware/power.ts';
import type { Power } from '../../../machine/hardware/power.ts';
import { readProperties } from '../../../machine/properties.ts';
import { required, tool } from '../tool.ts';

/** power-profiles-daemon and tuned-ppd own both names; the interface is the same. */
const profiles = {
    destination: 'org.freedesktop.UPower.PowerProfiles',
    path: '/org/freedesktop/UPower/PowerProfiles',
    interface: 'org.freedesktop.UPower.PowerProfiles',
};
const profileSchema = z.object({ ActiveProfile: z.string().max(64) });

function describeSupply({ battery, plugged, evidence }: Power, out: Outline): void {
    out.cite(...evidence);
    if (battery === null) out.line('The computer has no battery.');
    else {
        const left = battery.remaining === null ? '' : `, ${duration(battery.remaining)} left`;
        out.line(`Battery: ${percent(battery.level)}, ${battery.state}${left}`);
        if (battery.health !== null)
            out.line(`Battery health: holds ${percent(battery.health)} of what it was made for`);
    }
    if (plugged !== null) out.line(plugged ? 'Plugged in' : 'Not plugged in');
}

export const power = tool({
    name: 'power',
    description:
        'Battery level, charging, health and time left; mains power; power profile; what keeps the computer awake.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const supply = await readPower(machine, signal);
        const held = await readInhibitors(machine, signal);
        required(supply ?? held, 'UPower and the kernel’s power supplies', 'org.freedesktop.UPower');
        if (supply !== null) describeSupply(supply, out);
        const { data } = profileSchema.safeParse(await readProperties(machine.system, profiles, signal));
        if (data !== undefined) out.line(`Power profile: ${data.ActiveProfile}`);
        out.cite(...(held ?? []).map(inhibitor => inhibitor.evidence));
        if (held !== null && held.length > 0)
            out.list(
                'Keep the computer from sleep',
                held,
                ({ who, why, what }) => `${who}: ${why || '?'} (${what})`,
                10,
            );
    },
});
