import * as z from 'zod';

import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { moment } from '../figures.ts';
import { readTimedate, timedate } from '../../../machine/time/timedate.ts';
import { tool } from '../tool.ts';

export const clock = tool({
    name: 'clock',
    description: 'Date, time and time zone, and whether the clock is synchronised over the network (NTP).',
    parameters: z.object({}),
    async run(_values, { machine, clock: now, signal }, out) {
        out.line(`Local time: ${moment(now(), now()).replace(/ \(.*/, '')}`);
        const data = await readTimedate(machine.system, signal);
        if (data === null) {
            const zone = new Date(now() / 1000).getTimezoneOffset();
            out.line(
                `${Math.abs(zone)} minutes ${zone > 0 ? 'behind' : 'ahead of'} UTC; systemd-timedated is not here`,
            );
            return;
        }
        out.cite(fact('system', timedate.interface, JSON.stringify(data)));
        out.line(`Time zone: ${safeText(data.Timezone, 64)}`);
        out.line(`Set over the network: ${data.CanNTP ? (data.NTP ? 'on' : 'off') : 'no program for it is installed'}`);
        out.line(`In step with a time server: ${data.NTPSynchronized ? 'yes' : 'no'}`);
        if (data.LocalRTC) out.line('The hardware clock runs on local time, which causes errors twice a year.');
    },
});
