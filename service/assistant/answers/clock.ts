import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../../machine/evidence.ts';
import { readTimedate, timedate } from '../../machine/time/timedate.ts';
import type { Timedate } from '../../machine/time/timedate.ts';
import type { Answer } from '../answer.ts';
import { item } from '../markup.ts';
import { describeIncident, openIncidents } from './incidents.ts';

/** The kernel also reports “synchronised” for other programs than systemd's own, as in a virtual machine. */
function whyNot({ CanNTP, NTP }: Timedate): string {
    if (!CanNTP) return _('No program that sets it over the network is installed.');
    return NTP
        ? _('Network time is turned on, but no time server has answered yet.')
        : _('It is not set over the network. To change this, open Settings → System → Date & Time.');
}

export const clock: Answer = {
    id: 'clock',
    phrases: {
        en: [
            'does the clock use ntp',
            'what time is it',
            'what is the [current] time',
            'what is [today] [the] date [today]',
            'which day is it',
            '[is] [the] (clock|time) (right|correct|wrong|synchronised|synchronized)',
            '(which|what) (timezone|time zone) (is set|am i in|do i have)',
            'did the clock change',
            'is (ntp|time synchronisation) (working|on|active)',
        ],
        de: [
            'wie spät ist es',
            '(welches datum|welcher tag) ist [heute]',
            'geht die uhr richtig',
            '[ist] die uhr (falsch|richtig|synchronisiert)',
            'welche zeitzone (ist eingestellt|habe ich|gilt)',
            'wie viel uhr ist es',
        ],
        ar: [
            'هل الساعة مضبوطة',
            'ما المنطقة الزمنية المضبوطة',
            'كم الساعة [الان]',
            'ما تاريخ اليوم',
            'ما المنطقة الزمنية',
            'هل الساعة (صحيحة|متزامنة)',
        ],
    },
    examples: () => [_('Is the clock right?')],
    async *answer(question) {
        const { format, clock: now, machine, signal, cite } = question;
        const data = await readTimedate(machine.system, signal);
        if (data === null) {
            yield `${_('This computer’s clock shows {time}. Whether it is right is not known, because systemd-timedated is not available.', { time: format.clock(now()) })}\n`;
            return;
        }
        cite(fact('system', timedate.interface, JSON.stringify(data)));
        const values = { time: format.clock(now(), data.Timezone), zone: safeText(data.Timezone, 64) };
        yield `${
            data.NTPSynchronized
                ? data.NTP
                    ? _('The clock is right: it shows {time} in {zone} and is synchronised with a time server.', values)
                    : _('The clock is right: it shows {time} in {zone} and is kept synchronised.', values)
                : _('The clock shows {time} in {zone}. Nothing confirms that this is right.', values)
        }\n\n`;
        if (!data.NTPSynchronized) yield item(whyNot(data));
        if (data.LocalRTC) yield item(_('The hardware clock uses local time, which causes errors twice a year.'));
        for (const incident of openIncidents(question))
            if (incident.family === 'time') yield `\n${describeIncident(question, incident)}`;
    },
};
