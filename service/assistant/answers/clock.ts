import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../../tools/evidence.ts';
import { readTimedate, timedate } from '../../tools/timedate.ts';
import type { Answer } from '../answer.ts';
import { item } from '../markup.ts';
import { describeIncident, openIncidents } from './incidents.ts';

export const clock: Answer = {
    id: 'clock',
    keys: [['clock']],
    also: ['state', 'healthy', 'failure', 'broken', 'change'],
    examples: () => [_('Is the clock right?')],
    async *answer(question) {
        const { format, clock: now, machine, signal, cite } = question;
        const data = await readTimedate(machine.system, signal);
        if (data === null) {
            yield `${_('This computer’s clock shows {time}. Whether it is right is not known: systemd-timedated is not here.', { time: format.clock(now()) })}\n`;
            return;
        }
        cite(fact('system', timedate.interface, JSON.stringify(data)));
        const values = { time: format.clock(now()), zone: safeText(data.Timezone, 64) };
        yield `${
            data.NTPSynchronized
                ? _('The clock is right: it shows {time} in {zone}, in step with a time server.', values)
                : _('The clock shows {time} in {zone}; nothing confirms that this is right.', values)
        }\n\n`;
        if (!data.CanNTP) yield item(_('No program that sets it over the network is installed.'));
        else if (!data.NTP)
            yield item(_('It is not set over the network; Settings → System → Date & Time changes that.'));
        else if (!data.NTPSynchronized)
            yield item(_('It is to be set over the network, but no time server has answered yet.'));
        if (data.LocalRTC) yield item(_('The hardware clock runs on local time, which causes errors twice a year.'));
        for (const incident of openIncidents(question))
            if (incident.family === 'time') yield `\n${describeIncident(question, incident)}`;
    },
};
