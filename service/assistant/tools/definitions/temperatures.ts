import * as z from 'zod';

import { readTemperatures } from '../../../machine/hardware/temperatures.ts';
import { notHere, tool } from '../tool.ts';

export const temperatures = tool({
    name: 'temperatures',
    description: 'Temperatures of processor, drives and other sensors, hottest first.',
    parameters: z.object({}),
    async run(_values, { machine }, out) {
        const sensors = await readTemperatures(machine);
        if (sensors.length === 0) throw notHere('A temperature sensor', '/sys/class/hwmon');
        out.cite(...sensors.map(({ evidence }) => evidence));
        out.list(
            'Sensors',
            sensors,
            ({ chip, label, celsius, critical }) => {
                const limit = critical === null ? '' : ` (critical from ${Math.round(critical)} °C)`;
                return `${`${chip} ${label}`.trim()}: ${Math.round(celsius)} °C${limit}`;
            },
            20,
        );
    },
});
