import * as z from 'zod';

import { safeText } from '../../../text/sanitise.ts';
import { findBoots, readBootTime } from '../../../machine/time/boots.ts';
import { fact } from '../../../machine/evidence.ts';
import { duration, moment } from '../figures.ts';
import { tool } from '../tool.ts';
import { readUptime } from '../../../machine/time/uptime.ts';

export const boots = tool({
    name: 'boots',
    description: 'How long the computer has been on, how long startup took, what was slow, and earlier startups.',
    parameters: z.object({}),
    async run(_values, { machine, journal, clock, signal }, out) {
        const [uptime, started] = await Promise.all([readUptime(machine), readBootTime(machine)]);
        if (uptime !== null) {
            out.cite(uptime.evidence);
            out.line(`On for ${duration(uptime.seconds)}`);
        }
        if (started !== null) {
            out.cite(started.evidence);
            out.line(`Started ${moment(started.time, clock())}`);
        }
        // systemd-analyze(1): where the time of the last start went, and how long units took, slowest first.
        const time = await machine.run('systemd-analyze', ['time', '--no-pager'], { signal });
        if (time !== null && time.trim() !== '') {
            out.cite(fact('system', 'systemd-analyze time', safeText(time.trim(), 400)));
            out.line(safeText(time.trim().split('\n')[0] ?? '', 300));
        }
        const blame = await machine.run('systemd-analyze', ['blame', '--no-pager'], { signal });
        const slowest = (blame ?? '')
            .split('\n')
            .map(line => line.trim())
            .filter(line => /\ds? \S+\.\w+$/.test(line));
        if (slowest.length > 0) out.list('Slowest units of the start', slowest, line => line, 8);
        if ((await journal.access()) !== 'system') return;
        const earlier = await findBoots(machine, journal.query, { lines: 8 }, signal);
        out.cite(...earlier.map(({ evidence }) => evidence));
        out.list(
            'Starts that the journal knows',
            earlier,
            boot => `${moment(boot.time, clock())}${boot.current ? ' (this one)' : ''}`,
        );
    },
});
