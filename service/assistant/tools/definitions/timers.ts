import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { moment } from '../figures.ts';
import { parseJson } from '../../../machine/run.ts';
import { notHere, tool } from '../tool.ts';

/** systemctl(1), list-timers --output=json: times in microseconds since the Unix epoch, 0 or null for never. */
const timerList = z.array(
    z.object({
        next: z.number().nullish(),
        last: z.number().nullish(),
        unit: z.string(),
        activates: z.string().nullish(),
    }),
);

export const timers = tool({
    name: 'timers',
    description: 'Timers of systemd: what is started regularly, when it ran last and when it runs next.',
    parameters: z.object({}),
    async run(_values, { machine, clock, signal }, out) {
        let found = 0;
        for (const scope of ['system', 'user'] as const) {
            const argv = [`--${scope}`, 'list-timers', '--all', '--no-pager', '--output=json'];
            const output = await machine.run('systemctl', argv, { signal });
            // Without its manager systemctl prints nothing and says so with its exit status.
            if (output === null || output.trim() === '') continue;
            const list = parseJson('systemctl', timerList, output);
            found += 1;
            out.cite(fact('systemd', `systemctl ${argv.join(' ')}`, `${list.length} timers`));
            out.list(
                scope === 'system' ? 'Timers of the system' : 'Timers of the user',
                list,
                ({ unit, activates, next, last }) => {
                    const time = (value: number | null | undefined) => (value ? moment(value, clock()) : 'never');
                    return `${unit} starts ${activates ?? '?'}: last ${time(last)}, next ${time(next)}`;
                },
                15,
            );
        }
        if (found === 0) throw notHere('systemd', 'systemctl');
    },
});
