import * as z from 'zod';

import { amount } from '../amount.ts';
import { bytes, percent } from '../figures.ts';
import { heaviest, joined, type Usage } from '../../../usage/reading.ts';
import { required, tool } from '../tool.ts';

const hour = 3_600_000_000;
const rows = 24;

export const usage = tool({
    name: 'usage',
    description:
        'How busy this computer was in the past, oldest first: processor, memory, waiting, network, temperature, battery, heaviest programs.',
    parameters: z.object({
        hours: amount(8760).default(24).describe('how far back'),
    }),
    async run({ hours }, { usage: history, clock }, out) {
        const all = await required(history, 'The history of this computer', 'reeve').between(
            clock() - hours * hour,
            clock(),
        );
        const length = (hours * hour) / rows;
        const steps = Map.groupBy(all, ({ start }) => Math.floor(start / length));
        out.list(
            'Measured',
            [...steps.values()].flatMap(([first, ...rest]) => (first === undefined ? [] : [joined([first, ...rest])])),
            describe,
            rows + 1,
        );
    },
});

function describe(one: Usage): string {
    const share = (name: string, value: number | null) => (value === null ? [] : [`${name} ${percent(value)}`]);
    const programs = heaviest([one], () => 1).map(program => `${program.owner.name} ${percent(program.share)}`);
    return [
        new Date(one.start / 1000).toISOString(),
        ...share('processor', one.processor),
        ...share('memory', one.memory),
        ...share('waited for processor', one.waits.processor),
        ...share('waited for memory', one.waits.memory),
        ...share('waited for disk', one.waits.disk),
        `network ${bytes(one.network)}/s`,
        ...(one.celsius === null ? [] : [`${one.celsius} °C`]),
        ...share('battery', one.battery),
        ...(programs.length === 0 ? [] : [`programs: ${programs.join(', ')}`]),
    ].join('; ');
}
