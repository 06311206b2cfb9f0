import { describeState, howItEnded } from '../../diagnosis/unitTexts.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import type { UnitDetails } from '../../system/systemd.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../../tools/evidence.ts';
import { entryFact } from '../../tools/journalFacts.ts';
import { findPrograms } from '../../tools/programs.ts';
import type { FoundUnit } from '../../tools/units.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain, strong } from '../markup.ts';
import { describeIncident, openIncidents } from './incidents.ts';
import { lastLines } from './lastLines.ts';
import { ownerName, withProcesses } from './owners.ts';

const othersShown = 5;
const logLines = 5;

/** The state of the units that the question names; only asked for when there are such units. */
export const unit: Answer = {
    id: 'unit',
    keys: [],
    also: [],
    examples: () => [_('Is Bluetooth running?'), _('What is the state of ssh?')],
    async *answer(question) {
        const [best, ...others] = question.units;
        if (best === undefined) {
            yield* describeProgram(question);
            return;
        }
        const details = await question.systemd.unit(best.scope, best.name, { signal: question.signal });
        if (details === null) {
            yield `${_('{unit} is gone: systemd no longer knows it.', { unit: code(best.name) })}\n`;
            return;
        }
        question.cite(fact('systemd', details.name, describeState(details)));
        const rivals = others.filter(other => other.fit === best.fit && kindOf(other) === kindOf(best));
        if (rivals.length > 0)
            yield `${_('Several units fit “{words}”; this is the likeliest.', { words: plain(question.understanding.subject?.words.join(' ') ?? '') })}\n\n`;
        yield `${stateSentence(question, details)}\n\n`;
        if (details.description !== '' && details.description !== details.name) yield item(plain(details.description));
        for (const line of factLines(details)) yield item(line);
        yield* failureDetails(question, details);
        yield* describeOthers(question, others);
        question.suggest(_('What failed, and why?'));
    },
};

/** What has no unit may still be a program that runs. */
async function* describeProgram(question: Question): AsyncGenerator<string, void> {
    const words = question.understanding.subject?.words.join(' ') ?? '';
    const [program] = await findPrograms(question.machine, words, question.signal);
    if (program === undefined) {
        const name = code(safeText(words, 64));
        yield `${_('No unit on this computer is called {name} or something like it, and no program of that name runs.', { name })}\n`;
        return;
    }
    question.cite(program.evidence);
    const name = withProcesses(question, await ownerName(question, program.owner), program.processes);
    yield `${_('{name} is running; it is not a service of the system.', { name })}\n`;
}

const kindOf = ({ name }: FoundUnit) => name.slice(name.lastIndexOf('.'));

/** Words for the states of org.freedesktop.systemd1(5); what has none here is named as systemd names it. */
function stateSentence({ format }: Question, details: UnitDetails): string {
    const values = {
        unit: code(details.name),
        when: details.stateChangedAt === null ? '' : format.when(details.stateChangedAt),
        state: code(details.subState),
    };
    if (details.loadState === 'masked')
        return _('{unit} is masked: it is locked, so that nothing can start it.', values);
    if (details.loadState === 'not-found') return _('{unit} has no unit file.', values);
    if (details.loadState !== 'loaded') return _('{unit} cannot be loaded: its unit file has errors.', values);
    switch (details.activeState) {
        case 'active':
            if (details.subState === 'running') return _('{unit} is running, since {when}.', values);
            if (details.subState === 'exited')
                return _('{unit} did its work and ended well, {when}; it need not keep running.', values);
            return _('{unit} is active ({state}), since {when}.', values);
        case 'failed':
            return _('{unit} has failed, {when}.', values);
        case 'activating':
            if (details.subState === 'auto-restart')
                return _('{unit} keeps ending and is about to be started again.', values);
            return _('{unit} is starting, since {when}.', values);
        case 'deactivating':
            return _('{unit} is stopping, since {when}.', values);
        case 'inactive':
            return details.stateChangedAt === null
                ? _('{unit} is not running; it has not been started since the computer was.', values)
                : _('{unit} is not running, since {when}.', values);
        default:
            return _('{unit} is in the state {state}.', { ...values, state: code(details.activeState) });
    }
}

function factLines(details: UnitDetails): string[] {
    const lines: string[] = [];
    const { process } = details;
    if (details.unitFileState === 'enabled') lines.push(_('It is started with the system.'));
    if (details.unitFileState === 'disabled' && details.triggeredBy.length === 0)
        lines.push(_('It is not started with the system: it is disabled.'));
    if (details.activeState === 'inactive' && details.triggeredBy.length > 0)
        lines.push(_('It is started when needed, by {units}.', { units: details.triggeredBy.map(code).join(', ') }));
    if (details.activeState === 'inactive' && !details.conditionsMet && details.unmetConditions.length > 0)
        lines.push(
            _('It was not started because a condition does not hold: {conditions}', {
                conditions: details.unmetConditions.map(code).join(', '),
            }),
        );
    if (process !== null && process.restarts > 0)
        lines.push(
            ngettext(
                'systemd has started it again {count} time.',
                'systemd has started it again {count} times.',
                process.restarts,
            ),
        );
    if (process !== null && process.statusText !== '')
        lines.push(_('It says of itself: {text}', { text: code(process.statusText) }));
    if (details.needsReload) lines.push(_('Its files have changed since systemd read them.'));
    if (details.loadError !== null) lines.push(code(details.loadError.message));
    return lines;
}

/** Why it failed: by the open incident if there is one, else by its result and its last lines. */
async function* failureDetails(question: Question, details: UnitDetails): AsyncGenerator<string, void> {
    const names = new Set([details.name, ...details.names]);
    const incident = openIncidents(question).find(
        ({ subject, affected, scope }) =>
            scope === details.scope && (names.has(subject) || affected.some(name => names.has(name))),
    );
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
        yield item(_('{name}: {size}', { name: code(other.name), size: state }));
    }
    if (others.length > othersShown)
        yield item(_('and {count} more', { count: question.format.number(others.length - othersShown) }));
}
