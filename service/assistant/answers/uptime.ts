import { _ } from '../../i18n/i18n.ts';
import { findBoots, readBootTime } from '../../machine/time/boots.ts';
import { fact } from '../../machine/evidence.ts';
import { readRestartRequest, restartMark } from '../../machine/packages/restartRequest.ts';
import { readStartup } from '../../machine/units/startup.ts';
import { readUptime } from '../../machine/time/uptime.ts';
import type { Answer, Question } from '../answer.ts';
import { item } from '../markup.ts';

const bootsShown = 4;

export const uptime: Answer = {
    id: 'uptime',
    phrases: {
        en: [
            '[show] uptime',
            'how long (has|is) [this|the|my] (computer|system) [been] (on|up|running)',
            'how long have i been running',
            'when did (i|the computer|the system) [last] (boot|reboot|restart|start) [this|the computer]',
            'when was [this|the|my] (machine|computer) [last] (rebooted|restarted|booted|started)',
            '[when was] [the] last (boot|reboot|restart)',
            '[why|did|was] [did] [my|the] computer (restart|restarted|reboot|shut down|turn off)',
            'since when is the computer on',
            '[how much] time since [the] last (restart|reboot|boot)',
            'last time the computer was restarted',
            'boot time',
        ],
        de: [
            '(wie lange|seit wann) (läuft|ist) [der|mein|dieser] (rechner|computer|pc) [schon] [an]',
            'wann war der letzte (neustart|start)',
            'wann wurde [der|mein] rechner [zuletzt] (neu gestartet|gestartet|hochgefahren)',
            '[warum] (wurde|hat) (der|mein) rechner neu gestartet',
        ],
        ar: ['متى كان آخر إقلاع', 'منذ متى (يعمل الجهاز|الجهاز يعمل)'],
    },
    times: 'any',
    examples: () => [_('How long has this computer been on?')],
    async *answer(question) {
        const { machine, format } = question;
        const [up, boot] = await Promise.all([readUptime(machine), readBootTime(machine)]);
        if (up === null || boot === null) {
            yield `${_('The uptime of the computer (/proc/uptime) cannot be read.')}\n`;
            return;
        }
        question.cite(up.evidence, boot.evidence);
        yield `${_('The computer has been on for {duration}, since {since}.', {
            duration: format.duration(up.seconds),
            since: format.absolute(boot.time),
        })}\n\n`;
        const startup = await readStartup(machine, question.signal);
        if (startup !== null && startup !== 'unfinished') {
            question.cite(startup.evidence);
            const duration = format.seconds(startup.total);
            yield item(_('Startup took {duration}, until the last service was up.', { duration }));
        }
        if ((await readRestartRequest(machine)) !== null) {
            question.cite(fact('file', restartMark, 'present'));
            yield item(_('An update requires a restart to take effect.'));
        }
        yield* earlierStarts(question);
        question.suggest(_('What changed recently?'));
    },
};

async function* earlierStarts({ machine, journal, format, signal, cite }: Question): AsyncGenerator<string, void> {
    if ((await journal.access()) !== 'system') {
        yield item(_('The system journal, which records earlier startups, cannot be read.'));
        return;
    }
    const boots = await findBoots(machine, journal.query, { lines: bootsShown + 1 }, signal);
    const earlier = boots.filter(({ current }) => !current).slice(0, bootsShown);
    if (earlier.length === 0) yield item(_('The journal does not go back to an earlier startup.'));
    for (const { time, evidence } of earlier) {
        cite(evidence);
        yield item(_('Started before that: {when}', { when: format.when(time) }));
    }
}
