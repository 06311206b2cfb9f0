import { describeState, howItEnded } from '../../faults/unit/texts.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Incident } from '../../model/incident.ts';
import type { Scope } from '../../model/unit.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../../machine/evidence.ts';
import { entryFact } from '../../journal/facts.ts';
import { findPrograms } from '../../machine/processes/programs.ts';
import { answered, failedUnits } from '../../machine/units/units.ts';
import type { FoundUnit } from '../../machine/units/units.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain, strong } from '../markup.ts';
import { describeIncident, openIncidents } from './incidents.ts';
import { lastLines } from './lastLines.ts';
import { ownerName, withProcesses } from './owners.ts';
import { listUnits } from './unitList.ts';
import { unitFacts, unitState } from './unitState.ts';

const othersShown = 5;
const logLines = 5;
const descriptionShown = 120;

/** The state of the units that the question names, or all of a kind. */
export const unit: Answer = {
    id: 'unit',
    phrases: {
        en: [
            '(what|which) services (exist|are there)',
            '(which|what|list|show) [all] (services|units|timers|sockets) [are] (running|active|loaded)',
            'how many (services|units) are (running|active)',
            '[list|show] [all] services',
        ],
        de: ['welche dienste (laufen|sind aktiv)', '[zeige] [alle] dienste'],
        ar: ['ما الخدمات العاملة', '[اعرض] كل الخدمات', 'ما الخدمات التي تعمل'],
    },
    examples: () => [_('Is Bluetooth running?'), _('What is the state of ssh?')],
    async *answer(question) {
        const [best, ...others] = question.units;
        if (best === undefined) {
            yield* question.understanding.subject === null ? listUnits(question) : describeProgram(question);
            return;
        }
        const ask = () => question.systemd.unit(best.scope, best.name, { signal: question.signal });
        const incident = incidentOf(question, best.scope, [best.name]);
        const details = incident === undefined ? await ask() : await answered(question.systemd, best.scope, ask);
        if (details === null) {
            if (incident !== undefined) yield describeIncident(question, incident);
            else yield `${_('{unit} no longer exists: systemd does not know it.', { unit: code(best.name) })}\n`;
            return;
        }
        question.cite(fact('systemd', details.name, describeState(details)));
        if (others.some(other => other.fit === best.fit && kindOf(other) === kindOf(best)))
            yield `${_('Several units match {name}. This is the most likely one.', { name: askedName(question) })}\n\n`;
        yield `${unitState(question.format, details)}\n\n`;
        if (details.description !== '' && details.description !== details.name)
            yield item(plain(safeText(details.description, descriptionShown)));
        for (const line of unitFacts(details)) yield item(line);
        yield* failureDetails(question, details);
        yield* describeOthers(question, others);
        question.suggest(_('What failed, and why?'));
    },
};

/** A name without a unit may still be a running program. */
async function* describeProgram(question: Question): AsyncGenerator<string, void> {
    const words = question.understanding.subject?.words ?? [];
    const [program] = await findPrograms(question.machine, words, question.signal);
    if (program === undefined) {
        const name = askedName(question);
        const isAnswered = (await failedUnits(question.systemd, question.signal)) !== null;
        const answer = isAnswered
            ? _('No unit on this computer has a name like {name}, and no program of that name is running.', {
                  name,
              })
            : _('There is no systemd here, and no program called {name} is running.', { name });
        yield `${answer}\n`;
        return;
    }
    question.cite(program.evidence);
    const name = withProcesses(question, await ownerName(question, program.owner), program.processes);
    yield `${_('{name} is running, but it is not a system service.', { name })}\n`;
}

/** The name in the question, as code. */
function askedName({ understanding }: Question): string {
    return code(safeText(understanding.subject?.words.join(' ') ?? '', 64));
}

const kindOf = ({ name }: FoundUnit) => name.slice(name.lastIndexOf('.'));

/** The open incident about a unit, by any of its names. */
function incidentOf(question: Question, scope: Scope, names: readonly string[]): Incident | undefined {
    return openIncidents(question).find(
        incident =>
            incident.scope === scope && [incident.subject, ...incident.affected].some(name => names.includes(name)),
    );
}

/** Why it failed: by the open incident if there is one, else by its result and its last lines. */
async function* failureDetails(question: Question, details: UnitDetails): AsyncGenerator<string, void> {
    const incident = incidentOf(question, details.scope, [details.name, ...details.names]);
    if (incident !== undefined) {
        yield `\n${describeIncident(question, incident)}`;
        return;
    }
    if (details.activeState !== 'failed') return;
    const lines = (await lastLines(question, details)).slice(-logLines);
    yield item(_('Reason: {reason}', { reason: plain(howItEnded(details, lines.at(-1)?.message ?? '', {})) }));
    if (lines.length === 0) return;
    yield `\n${_('Its last lines in the journal:')}\n`;
    for (const entry of lines) {
        question.cite(entryFact(entry));
        yield item(code(entry.message));
    }
}

function* describeOthers(question: Question, others: readonly FoundUnit[]): Generator<string, void> {
    if (others.length === 0) return;
    yield `\n${strong(_('Related units'))}\n`;
    for (const other of others.slice(0, othersShown)) {
        const state = other.activeState === null ? _('not loaded') : `${other.activeState} (${other.subState ?? ''})`;
        question.cite(fact('systemd', other.name, state));
        const name =
            other.scope === 'user' ? _('{unit} of your session', { unit: code(other.name) }) : code(other.name);
        yield item(_('{name}: {state}', { name, state }));
    }
    if (others.length > othersShown)
        yield item(_('and {count} more', { count: question.format.number(others.length - othersShown) }));
}
