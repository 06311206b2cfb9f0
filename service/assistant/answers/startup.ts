import { _ } from '../../i18n/i18n.ts';
import { readHoldUps, readStartup } from '../../machine/units/startup.ts';
import type { Startup } from '../../machine/units/startup.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, strong } from '../markup.ts';
import { describeIncident, openIncidents } from './incidents.ts';

const unitsShown = 6;
/** Faster units do not deserve a line. Seconds. */
const worthALine = 0.1;

export const startup: Answer = {
    id: 'startup',
    phrases: {
        en: [
            'what delays [the] (boot|start|startup)',
            '(what|which services) (slows|slow|makes|make) [down] [the] (boot|booting|start|startup) [slow] [of the computer]',
            '[the] slowest services at (startup|boot)',
            'why is [the] (boot|start|startup|booting) [so] slow',
            'how long does [the] (startup|boot|start|starting) take',
            'how long did the boot take',
            'why does [it] [the computer] take so long to (boot|start)',
        ],
        de: [
            '(startzeit|bootzeit)',
            'was verlangsamt den start [des rechners]',
            'was bremst den (systemstart|start|start des rechners)',
            'wie lange dauert der (start|systemstart)',
            'warum dauert der start so lange',
            'warum startet (der|mein) (rechner|computer) so langsam',
        ],
        ar: [
            'ما الذي يؤخر (بدء التشغيل|الاقلاع)',
            'ما الذي يبطئ اقلاع الحاسوب',
            'كم يستغرق (الاقلاع|بدء التشغيل)',
            'لماذا الاقلاع بطيء',
        ],
    },
    examples: () => [_('What slows down the start of the computer?')],
    async *answer(question) {
        const { machine, format, signal, cite } = question;
        const read = await readStartup(machine, signal);
        if (read === null) {
            yield `${_('There is no systemd here, so it is not known how long startup took.')}\n`;
            return;
        }
        if (read === 'unfinished') {
            yield `${_('Startup has not finished: something is still starting.')}\n`;
            question.suggest(_('What failed, and why?'));
            return;
        }
        cite(read.evidence);
        const duration = format.seconds(read.total);
        yield `${_('Startup took {duration}, until the last service was up.', { duration })}\n\n`;
        for (const [part, seconds] of parts(read))
            if (seconds !== null) yield item(_('{part}: {duration}', { part, duration: format.seconds(seconds) }));
        yield* describeHoldUps(question, read);
        for (const incident of openIncidents(question))
            if (incident.family === 'suspend' && incident.kind === 'slow-start')
                yield `\n${describeIncident(question, incident)}`;
        question.suggest(_('How long has this computer been on?'));
    },
};

/** In the order of time. */
function parts({ firmware, loader, kernel, initrd, services }: Startup): [string, number | null][] {
    return [
        [_('Firmware, before that'), firmware],
        [_('Boot loader, before that'), loader],
        [_('Kernel'), kernel],
        [_('Initial RAM disk'), initrd],
        [_('Services'), services],
    ];
}

async function* describeHoldUps(
    { machine, format, signal, cite }: Question,
    startup: Startup,
): AsyncGenerator<string, void> {
    const read = await readHoldUps(machine, startup, signal);
    if (read === null) return;
    cite(read.evidence);
    const slow = read.units.filter(({ seconds }) => seconds >= worthALine).slice(0, unitsShown);
    if (slow.length === 0) {
        yield `\n${_('No service slowed it down.')}\n`;
        return;
    }
    yield `\n${strong(_('What it waited for, in order'))}\n`;
    for (const { unit, seconds } of slow)
        yield item(_('{part}: {duration}', { part: code(unit), duration: format.seconds(seconds) }));
}
