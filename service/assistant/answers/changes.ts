import { homedir } from 'node:os';
import { normalize } from 'node:path';

import { _, ngettext } from '../../i18n/i18n.ts';
import { beganAt, isClosed } from '../../incidents/merge.ts';
import type { Incident } from '../../model/incident.ts';
import type { TimelineEntry } from '../../model/timelineEntry.ts';
import { timelineKinds } from '../../model/timelineKinds.ts';
import { describePackages, occasionsOf } from '../../timeline/occasions.ts';
import { findBoots } from '../../machine/time/boots.ts';
import { findCrashes, isOfNamed } from '../../machine/processes/crashes.ts';
import { fact } from '../../machine/evidence.ts';
import { readPackageChanges } from '../../machine/packages/packages.ts';
import type { PackageChange } from '../../machine/packages/packages.ts';
import { findRecentFiles } from '../../machine/storage/recentFiles.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain, strong } from '../markup.ts';
import { mentions } from '../understanding.ts';
import type { TimeWindow } from '../time/window.ts';
import { describeIncident, openIncidents } from './incidents.ts';

const hour = 3_600_000_000;
const defaultWindow = 24 * hour;
const widerWindow = 7 * 24 * hour;
const linesShown = 8;
const namesShown = 4;
const bootsRead = 100;
/** A window “until now” ends when the question was asked; the answer comes a little later. */
const answeringTime = 60_000_000;

/** Packages, files and boots have sections of their own, which also know the time before Reeve. */
const ownKinds = timelineKinds.filter(kind => !['package', 'file', 'boot'].includes(kind));

/** A change: a line of the answer and its kind. */
type Section = { title: string; lines: string[]; count: number };
/** Of which packages it is known when they changed: of all, of those that are still there, or of none. */
type PackagesKnown = 'all' | 'present' | 'none';
type Gathered = { sections: Section[]; notes: string[]; packages: PackagesKnown };

export const changes: Answer = {
    id: 'changes',
    phrases: {
        en: [
            'what [has|have] changed [recently|lately] [here|on (this|my) computer]',
            'has (anything|something) changed',
            'what happened [recently|here]',
            'what is (new|different) [on (this|my) (machine|computer)]',
            '[show] [me] [the|all] [recent|last|latest] changes',
            '[show] [me] [the] timeline',
            '(which|what) (packages|software|programs|updates|apps) (were|was|are|did i|have i) (updated|upgraded|installed|removed|changed) [recently]',
            'what (was|did i|have i|has been) (installed|updated|upgraded|removed) [recently|lately]',
            'when was the last (update|upgrade)',
            'what did the last update change',
            '[show] [me] [the] last (updates|upgrades)',
            'did (the|an) [last] update (break something|fail)',
            '(which|what) [config|configuration] [files] [was|were] (changed|edited|modified) [recently]',
            '[recently] (changed|edited|modified) (configuration|config) [files]',
            '[any] (configuration|config) changes',
            '(which|what) files in {path} (changed|were changed|were edited)',
            'what changed in {path}',
            'when was {path} (changed|edited|modified)',
            '[list] [the] [recently] installed packages',
            'what (changed|happened) before (it broke|it failed|the crash|the fault|the error|the failure)',
            'did (something|anything) change before (it broke|it failed|the crash)',
            '(are|were) [all|the] [security] updates installed [automatically]',
            'were my (flatpaks|snaps) updated',
            'which snaps are installed',
        ],
        de: [
            'was hat sich [alles] [zuletzt|kürzlich] (geändert|verändert)',
            '[zeige] [mir] [die|alle] [letzten] änderungen',
            'was ist [hier] (passiert|neu|geschehen|anders)',
            '(welche|was für) (pakete|programme|updates) wurden [zuletzt] (aktualisiert|installiert|entfernt|geändert)',
            'was (wurde|habe ich) [zuletzt] (installiert|aktualisiert|entfernt)',
            'wann war (das|die) letzte (update|aktualisierung)',
            'welche (konfiguration|konfigurationsdateien|dateien) (wurde|wurden|haben sich) [zuletzt] geändert',
            'was hat sich in {path} geändert',
            'wann wurde {path} geändert',
            'was hat sich geändert bevor es (kaputt ging|kaputtging)',
            'was ist vor dem (absturz|fehler) passiert',
            '(sind|wurden) [alle] updates [automatisch] installiert',
        ],
        ar: [
            'ما الذي تغير [مؤخرا]',
            'ماذا (تغير|حدث) [مؤخرا]',
            'ما [هي] (التغييرات|التحديثات) الاخيرة',
            'ما الحزم التي (ثبتت|حدثت|ازيلت|تم تثبيتها|تم تحديثها) [مؤخرا]',
            'ما ملفات الإعداد التي تغيرت [مؤخرا]',
            'ما الذي تغير قبل (العطل|الانهيار)',
            'متى كان آخر تحديث',
        ],
    },
    times: 'any',
    examples: () => [_('What changed recently?'), _('What was installed this week?')],
    async *answer(question) {
        const { clock } = question;
        const asked = question.understanding.window;
        const ofFault = asked === null && mentions(question.understanding, 'failure', 'broken', 'crash');
        const isOfPackages = mentions(question.understanding, 'package');
        // “Are packages broken” does not ask for changes before a fault.
        const asksForBefore = ofFault && (!isOfPackages || mentions(question.understanding, 'before', 'change'));
        const broken = asksForBefore ? await whatBroke(question) : null;
        const ofPackages = openIncidents(question).filter(({ family }) => family === 'packages');
        // “Did the last update fail” may mean itself.
        if (ofFault && isOfPackages)
            for (const incident of ofPackages) yield `${describeIncident(question, incident)}\n`;
        if (broken !== null) {
            yield* describeChangesBefore(question, broken);
            return;
        }
        if (asksForBefore) yield `${_('I know of no such fault. These are the latest changes.')}\n\n`;
        let window = asked ?? { since: clock() - defaultWindow, until: clock() };
        let gathered = await gather(question, window);
        if (asked === null && gathered.sections.length === 0) {
            window = { since: clock() - widerWindow, until: clock() };
            gathered = await gather(question, window);
        }
        const { sections, notes, packages } = gathered;
        // No result means nothing for a place that no source watches; the note says that.
        const isUnseen = sections.length === 0 && notes.length > 0 && question.understanding.path !== null;
        if (!isUnseen) yield `${summarise(question, window, sections, packages)}\n`;
        yield* list(question, sections, notes);
        if (asked === null && sections.length === 0 && asksForPackages(question)) yield* lastOccasion(question);
        question.suggest(_('What failed, and why?'));
    },
};

/** When software last changed, however long ago. */
async function* lastOccasion(question: Question): AsyncGenerator<string, void> {
    const { section } = await packageSection(question, { since: 0, until: question.clock() }, []);
    const [last] = section.lines;
    if (last !== undefined) yield `\n${_('The last time was:')}\n${item(last)}`;
}

function summarise(
    question: Question,
    { since, until }: TimeWindow,
    sections: readonly Section[],
    packages: PackagesKnown,
): string {
    const { format, clock } = question;
    const isOver = clock() - until > answeringTime;
    const values = { since: format.since(since), until: format.since(until) };
    if (sections.length > 0) {
        const counts = format.list(sections.map(section => countOf(question, section)));
        return isOver
            ? _('Between {since} and {until}: {counts}.', { ...values, counts })
            : _('Since {since}: {counts}.', { ...values, counts });
    }
    if (asksForPackages(question) && packages === 'none')
        return _('There is no record of what was installed, updated or removed.');
    if (asksForPackages(question) && asksForRemovals(question))
        return isOver
            ? _('No package was removed between {since} and {until}.', values)
            : _('No package was removed since {since}.', values);
    if (asksForPackages(question) && packages === 'present')
        return isOver
            ? _('No package was installed or updated between {since} and {until}.', values)
            : _('No package was installed or updated since {since}.', values);
    if (asksForPackages(question))
        return isOver
            ? _('No package was installed, updated or removed between {since} and {until}.', values)
            : _('No package was installed, updated or removed since {since}.', values);
    return isOver
        ? _('I see no changes between {since} and {until}.', values)
        : _('I see no changes since {since}.', values);
}

/** The subject of a question such as “what changed before it broke”. Times in microseconds since the Unix epoch. */
type Fault = { title: string; began: number; noticed: number };

/**
 * The fault of the named subject, or the last one: open ones before closed ones, which the question must ask for, and
 * which must be recent unless it names them.
 */
async function whatBroke(question: Question): Promise<Fault | null> {
    const { understanding, units, incidents, mention, clock } = question;
    if (mentions(understanding, 'crash')) return await lastCrash(question);
    const isMeant = (incident: Incident) =>
        !isClosed(incident.state) ||
        (mentions(understanding, 'before') && (units.length > 0 || beganAt(incident) >= clock() - widerWindow));
    const known = incidents
        .list()
        .filter(isMeant)
        .filter(({ subject }) => units.length === 0 || units.some(({ name }) => name === subject))
        .sort(
            (one, other) =>
                Number(isClosed(one.state)) - Number(isClosed(other.state)) || beganAt(other) - beganAt(one),
        );
    const [incident] = known;
    if (incident === undefined) return null;
    mention(incident.id);
    const began = beganAt(incident);
    // An edit that is to blame precedes the discovery of its mistake, perhaps by days before any failure.
    return { title: incident.title, began, noticed: Math.min(Number(incident.facts.mistaken ?? began), began) };
}

async function lastCrash({ journal, understanding, signal, cite }: Question): Promise<Fault | null> {
    if ((await journal.access()) === 'none') return null;
    const found = await findCrashes(journal.query, null, signal);
    const crash = found.find(each => isOfNamed(each, understanding.names)) ?? null;
    if (crash === null) return null;
    cite(crash.evidence);
    const title = _('{program} crashed', { program: crash.program });
    return { title, began: crash.time, noticed: crash.time };
}

async function* describeChangesBefore(
    question: Question,
    { title, began, noticed }: Fault,
): AsyncGenerator<string, void> {
    const { format } = question;
    const { sections, notes } = await gather(question, { since: noticed - defaultWindow, until: began });
    const values = { title: plain(title), when: format.when(began) };
    if (sections.length === 0) {
        yield `${_('I see no changes in the day before “{title}” ({when}).', values)}\n`;
    } else {
        const found = format.list(sections.map(section => countOf(question, section)));
        yield `${_('In the day before “{title}” ({when}): {found}.', { ...values, found })}\n`;
    }
    yield* list(question, sections, notes);
    question.suggest(_('What failed, and why?'));
}

function countOf({ format }: Question, { title, count }: Section): string {
    return _('{title}: {count}', { title, count: format.number(count) });
}

function* list({ format }: Question, sections: readonly Section[], notes: readonly string[]): Generator<string, void> {
    for (const { title, lines } of sections) {
        yield `\n${strong(title)}\n`;
        for (const line of lines.slice(0, linesShown)) yield item(line);
        if (lines.length > linesShown)
            yield item(_('and {count} more', { count: format.number(lines.length - linesShown) }));
    }
    for (const note of notes) yield `\n${note}\n`;
}

async function gather(question: Question, window: TimeWindow): Promise<Gathered> {
    const notes: string[] = [];
    if (question.understanding.path !== null) return gatherOfPlace(question, window, question.understanding.path);
    const { section, known } = await packageSection(question, window, notes);
    if (asksForPackages(question)) return { sections: section.count > 0 ? [section] : [], notes, packages: known };
    const gathered = [
        timelineSection(question, timelineEntries(question, window, ownKinds)),
        section,
        await fileSection(question, window, notes),
        await bootSection(question, window, notes),
    ];
    return { sections: gathered.filter(({ count }) => count > 0), notes, packages: known };
}

const isWatched = (place: string) => /^\/etc(?:\/|$)/.test(place);
/** Where packages put their files; see hier(7). */
const ofPackages = /^\/(?:usr|boot|lib\w*|s?bin|opt)?(?:\/|$)/;

/** Changes at a place that the question names. */
async function gatherOfPlace(question: Question, window: TimeWindow, path: string): Promise<Gathered> {
    const notes: string[] = [];
    const place = normalize(path.replace(/^~(?=\/|$)/, homedir())).replace(/(?<=.)\/$/, '');
    const isThere = (other: string) => other === place || other.startsWith(place === '/' ? place : `${place}/`);
    const entries = timelineEntries(question, window, ['file']).filter(({ subject }) => isThere(subject));
    const listed = new Set(entries.map(({ subject }) => subject));
    const files = await fileSection(question, window, notes, other => isThere(other) && !listed.has(other));
    const gathered = [timelineSection(question, entries), files];
    if (!isWatched(place)) notes.push(_('Outside {path}, I see only changes to settings.', { path: code('/etc') }));
    if (ofPackages.test(place)) gathered.push((await packageSection(question, window, notes)).section);
    return { sections: gathered.filter(({ count }) => count > 0), notes, packages: 'none' };
}

/** “What was installed yesterday”: no other change is an answer to that. */
const asksForPackages = ({ understanding }: Question) =>
    mentions(understanding, 'package') &&
    !mentions(understanding, 'change', 'failure', 'broken', 'folder', 'boot', 'distribution');

function timelineEntries(
    { timeline }: Question,
    { since, until }: TimeWindow,
    kinds: TimelineEntry['kind'][],
): TimelineEntry[] {
    return timeline.query({ since, until, kinds, limit: 200 });
}

function timelineSection({ format, cite }: Question, entries: readonly TimelineEntry[]): Section {
    for (const entry of entries.slice(0, linesShown)) cite(timelineFact(entry));
    const lines = entries.map(entry =>
        _('{what}, {when}', { what: plain(entry.summary), when: format.when(entry.time) }),
    );
    return { title: _('Events'), lines, count: entries.length };
}

const timelineFact = ({ id, kind, subject, summary, time }: TimelineEntry) => ({
    ...fact('system', `timeline entry ${id}`, `${kind} ${subject}: ${summary}`),
    time,
});

async function packageSection(
    question: Question,
    window: TimeWindow,
    notes: string[],
): Promise<{ section: Section; known: PackagesKnown }> {
    const title = _('Software packages');
    const found = await readPackageChanges(question.machine, window, question.signal);
    if (found === null) {
        notes.push(_('The log of the package manager cannot be read.'));
        return { section: { title, lines: [], count: 0 }, known: 'none' };
    }
    question.cite(found.evidence);
    const ofRemovals = asksForRemovals(question);
    const changed = found.changes.filter(({ action }) => !ofRemovals || action === 'removed');
    if (!found.includesRemovals && (changed.length > 0 || asksForPackages(question)))
        notes.push(_('Removed packages leave no trace in the RPM database.'));
    const lines = occasionsOf(changed).map(occasion => describeOccasion(question, occasion));
    const known = found.includesRemovals ? 'all' : ofRemovals ? 'none' : 'present';
    return { section: { title, lines, count: changed.length }, known };
}

/** “Which packages were removed” does not ask for installed ones. */
const asksForRemovals = ({ understanding }: Question) =>
    understanding.tokens.some(({ text }) => /^(?:remov|uninstal|deinstal|entfern|gelöscht)/.test(text));

function describeOccasion({ format }: Question, occasion: readonly PackageChange[]): string {
    const what = describePackages(occasion, names => {
        const shown = names.slice(0, namesShown).map(code);
        if (names.length > namesShown) shown.push(ngettext('{count} more', '{count} more', names.length - namesShown));
        return format.list(shown);
    });
    const time = occasion[0]?.time ?? 0;
    return _('{when}: {what}', { when: format.when(time), what });
}

async function fileSection(
    { machine, format, signal, cite }: Question,
    window: TimeWindow,
    notes: string[],
    isMeant: (path: string) => boolean = () => true,
): Promise<Section> {
    const { files, complete } = await findRecentFiles(machine, '/etc', window.since, signal);
    const inWindow = files.filter(({ path, time }) => time < window.until && isMeant(path));
    if (inWindow.length > 0)
        cite(
            fact(
                'file',
                '/etc',
                inWindow
                    .slice(0, 20)
                    .map(({ path, time }) => `${path} ${new Date(time / 1000).toISOString()}`)
                    .join('; '),
            ),
        );
    if (!complete) notes.push(_('/etc contains too many files to check them all.'));
    const lines = inWindow.map(({ path, time }) => _('{what}, {when}', { what: code(path), when: format.when(time) }));
    return { title: _('Settings files in /etc'), lines, count: inWindow.length };
}

async function bootSection(question: Question, { since, until }: TimeWindow, notes: string[]): Promise<Section> {
    const { machine, journal, format, signal, cite } = question;
    const title = _('Startups');
    if ((await journal.access()) !== 'system') {
        notes.push(_('The system journal, which records earlier startups, cannot be read.'));
        return { title, lines: [], count: 0 };
    }
    const boots = await findBoots(machine, journal.query, { since, until, lines: bootsRead }, signal);
    cite(...boots.slice(0, linesShown).map(({ evidence }) => evidence));
    return { title, lines: boots.map(({ time }) => format.when(time)), count: boots.length };
}
