import { describeState, howItEnded } from '../../faults/unit/texts.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import type { UnitState } from '../../model/unit.ts';
import { manager } from '../../machine/units/systemd.ts';
import { fact } from '../../machine/evidence.ts';
import { entryFact } from '../../journal/facts.ts';
import { failedUnits } from '../../machine/units/units.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain } from '../markup.ts';
import type { TimeWindow } from '../time/window.ts';
import { lastLines } from './lastLines.ts';
import { isOpen } from '../suggestions.ts';
import { describeIncident, openIncidents } from './incidents.ts';

const incidentsShown = 5;
const unitsShown = 5;
/** A window “until now” ends when the question was asked; the answer comes a little later. */
const answeringTime = 60_000_000;

export const failures: Answer = {
    id: 'failures',
    phrases: {
        en: [
            '(what needs my attention|open incidents)',
            'which daemons are (broken|failed|down)',
            'what [has|have] failed [and why]',
            'what (went|is|has gone) wrong [with (my|this|the) (computer|system)]',
            'is (anything|something) (broken|wrong) [here|with (my|this|the) computer]',
            '[are there] [any] [new] (errors|problems|failures|incidents|issues|faults) [right now]',
            '[show|list] [me] [all] [the] failed (services|units)',
            '(which|what) (services|units|programs) [have] failed',
            'what is (broken|not working)',
            'did (anything|something) fail',
            'explain the last (failure|error|problem)',
            '[show|list] [the] [open|current] (incidents|problems|faults)',
            'which [new] (errors|problems) are there',
            'i cannot log in',
            'is the app broken after the update',
        ],
        de: [
            'ist etwas nicht in ordnung',
            'was stimmt nicht',
            'was ist (fehlgeschlagen|kaputt|schiefgelaufen|ausgefallen|defekt) [und warum]',
            '[gibt es] [neue|irgendwelche] (fehler|probleme|störungen) [mit dem rechner]',
            'welche [neuen] (fehler|probleme) (gab|gibt) es',
            'welche (dienste|units|einheiten) sind (fehlgeschlagen|ausgefallen|kaputt)',
            '[gibt es] fehlgeschlagene (units|dienste) [anzeigen]',
            '[zeige] [die] offenen (vorfälle|fehler|probleme)',
            'was (geht|funktioniert) nicht',
            'ist [irgend] etwas kaputt',
        ],
        ar: [
            'ما الذي فشل [ولماذا]',
            'هل (هناك|توجد|يوجد) [اي] (مشاكل|اعطال|اخطاء|مشكلة)',
            'ما [هي] (الاخطاء|المشاكل|المشكلة) [في جهازي]',
            'ما الخدمات التي فشلت',
            'لماذا فشلت الخدمة',
        ],
    },
    times: 'any',
    examples: () => [_('What failed, and why?'), _('What is wrong?')],
    async *answer(question) {
        const { window } = question.understanding;
        if (window !== null) {
            yield* during(question, window);
            yield* unseen(question);
            return;
        }
        const open = openIncidents(question);
        const failed = await failedUnits(question.systemd, question.signal);
        if (failed !== null) question.cite(failedFact(failed));
        const known = new Set(open.flatMap(incident => [incident.subject, ...incident.affected]));
        const others = (failed ?? []).filter(unit => !known.has(unit.name));
        yield* opening(open.length, others.length, failed !== null);
        for (const incident of open.slice(0, incidentsShown)) yield `\n${describeIncident(question, incident)}`;
        if (open.length > incidentsShown)
            yield `\n${_('There are {count} more.', { count: question.format.number(open.length - incidentsShown) })}\n`;
        if (others.length > 0) yield* describeUnits(question, others);
        const earlier = question.incidents
            .list()
            .filter(incident => !isOpen(incident) && isRecent(question, incident.lastSeen));
        if (earlier.length > 0) {
            yield `\n${ngettext(
                '{count} problem from the last day is over.',
                '{count} problems from the last day are over.',
                earlier.length,
            )}\n`;
        }
        if (failed === null) yield `\n${_('There is no systemd here, so failed units cannot be listed.')}\n`;
        yield* unseen(question);
        question.suggest(_('What changed recently?'));
    },
};

async function* unseen({ journal }: Question): AsyncGenerator<string, void> {
    if ((await journal.access()) === 'none')
        yield `\n${_('The journal cannot be read, so failures that did not stop a service are not known.')}\n`;
}

/** The incidents of a time, whatever became of them. */
function* during(question: Question, { since, until }: TimeWindow): Generator<string, void> {
    const { clock, format, incidents } = question;
    const met = incidents
        .list()
        .filter(({ firstSeen, lastSeen }) => lastSeen >= since && firstSeen <= until)
        .sort((one, other) => other.lastSeen - one.lastSeen);
    const count = met.length;
    const values = { count, since: format.since(since), until: format.since(until) };
    if (clock() - until > answeringTime)
        yield count === 0
            ? `${_('I know of no failure between {since} and {until}.', values)}\n`
            : `${ngettext('{count} thing failed between {since} and {until}.', '{count} things failed between {since} and {until}.', count, values)}\n`;
    else
        yield count === 0
            ? `${_('I know of no failure since {since}.', values)}\n`
            : `${ngettext('{count} thing has failed since {since}.', '{count} things have failed since {since}.', count, values)}\n`;
    for (const incident of met.slice(0, incidentsShown)) yield `\n${describeIncident(question, incident)}`;
    if (count > incidentsShown)
        yield `\n${_('There are {count} more.', { count: format.number(count - incidentsShown) })}\n`;
}

function* opening(incidents: number, units: number, isWhole: boolean): Generator<string, void> {
    const count = incidents + units;
    if (count > 0) yield `${ngettext('{count} thing has failed.', '{count} things have failed.', count)}\n`;
    else if (isWhole) yield `${_('Nothing has failed: there are no open incidents and no failed units.')}\n`;
    else yield `${_('No failures are known.')}\n`;
}

async function* describeUnits(question: Question, units: readonly UnitState[]): AsyncGenerator<string, void> {
    yield `\n${_('These units have failed, but Reeve has no incident for them:')}\n`;
    for (const { scope, name, description } of units.slice(0, unitsShown)) {
        const details = await question.systemd.unit(scope, name, { signal: question.signal });
        if (details === null) continue;
        question.cite(fact('systemd', name, describeState(details)));
        const lastWords = (await lastLines(question, details)).at(-1);
        if (lastWords !== undefined) question.cite(entryFact(lastWords));
        const reason = plain(howItEnded(details, lastWords?.message ?? '', {}));
        const values = {
            unit: code(name),
            description: plain(description),
            reason,
        };
        yield item(
            description === '' || description === name
                ? _('{unit}: {reason}', values)
                : _('{unit}, {description}: {reason}', values),
        );
        question.suggest(_('Why did {unit} fail?', { unit: name }));
    }
    if (units.length > unitsShown)
        yield item(_('and {count} more', { count: question.format.number(units.length - unitsShown) }));
}

const dayInMicroseconds = 86_400_000_000;
const isRecent = ({ clock }: Question, time: number) => clock() - time < dayInMicroseconds;

const failedFact = (units: readonly UnitState[]) =>
    fact(
        'systemd',
        manager.destination,
        `units in the failed state: ${units.map(({ name }) => name).join(' ') || 'none'}`,
    );
