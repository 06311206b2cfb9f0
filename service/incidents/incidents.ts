import { EventEmitter } from 'node:events';

import { readRows } from '../store/stored.ts';
import { ReeveError } from '../util/errors.ts';
import type { NoiseBudget } from '../config/use.ts';
import { _ } from '../i18n/i18n.ts';
import { isLocal, localPrefix, severities } from '../model/incident.ts';
import type { Finding, Incident, IncidentState } from '../model/incident.ts';
import type { Scope } from '../model/unit.ts';
import type { Database } from '../store/database.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { Burst } from './burst.ts';
import { PossibleCauses } from './causes.ts';
import { unitsOf } from './family.ts';
import type { IncidentFamily } from './family.ts';
import { addEvidence, isClosed, isOfProcess, placeFinding, processesOf, withoutOccurrences } from './merge.ts';
import type { IncidentDraft, Lookup } from './merge.ts';
import { Mutes } from './mutes.ts';
import { fromRow, toRow } from './rows.ts';

export type IncidentChange = Partial<
    Pick<
        Incident,
        'title' | 'summary' | 'cause' | 'severity' | 'kind' | 'evidence' | 'affected' | 'facts' | 'stillWrong'
    >
>;

type Subject = Pick<Finding, 'family' | 'scope' | 'subject'>;
type EventMap = { added: [Incident]; changed: [Incident]; removed: [number] };

const closedListed = 20;
/** How long what was fixed is listed in any case, as one undo may have to take back many fixes. Microseconds. */
const fixedListed = 3_600_000_000;
const lastClosed = `SELECT id FROM incident WHERE closed IS NOT NULL ORDER BY closed DESC, id DESC LIMIT ${closedListed}`;
/** How many closed incidents stay in the database. */
const closedKept = 1000;
const hour = 3_600_000_000;
/** How many incidents a file of local rules may have open, whatever its placeholders capture. */
const localOpen = 16;
/** No local rule raised it. */
const isOwn = `family NOT LIKE '${localPrefix}%'`;
/** A program that crashes again and again must not push everything else out of the timeline. */
const crashesApart = 60_000_000;

/**
 * The incidents: one for each cause, however many lines and sources report it. Everything is on disk before its event is
 * emitted, and belongs to the running transaction if there is one.
 *
 * Events: `added` and `changed` for incidents in `list()`; `removed` when one leaves it.
 */
export class Incidents extends EventEmitter<EventMap> implements Disposable {
    readonly mutes: Mutes;
    /** Families and kinds. */
    readonly #crashes: ReadonlySet<string>;
    readonly #database: Database;
    readonly #timeline: Timeline;
    readonly #noise: () => NoiseBudget;
    readonly #isHandled: (draft: IncidentDraft) => boolean;
    readonly #clock: () => number;
    readonly #burst = new Burst(ids => {
        this.#announceTogether(ids);
    });
    readonly #lookup: Lookup<Incident>;

    /** @param dependencies.clock microseconds since the Unix epoch */
    constructor(dependencies: {
        families: readonly IncidentFamily[];
        database: Database;
        timeline: Timeline;
        noise: () => NoiseBudget;
        /** Whether Reeve may end such an incident by itself: then it is announced only if it does not. */
        isHandled?: (draft: IncidentDraft) => boolean;
        clock?: () => number;
    }) {
        super();
        this.#database = dependencies.database;
        this.#timeline = dependencies.timeline;
        this.#noise = dependencies.noise;
        this.#isHandled = dependencies.isHandled ?? (() => false);
        this.#clock = dependencies.clock ?? (() => Date.now() * 1000);
        const { families } = dependencies;
        this.#crashes = new Set(families.flatMap(({ name, crash }) => (crash === undefined ? [] : `${name} ${crash}`)));
        this.#lookup = {
            ...unitsOf(families),
            root: (scope, subject) =>
                this.#select(
                    `scope = ? AND subject = ? AND closed IS NULL AND ${isOwn} ORDER BY id DESC LIMIT 1`,
                    scope,
                    subject,
                )[0],
            affecting: (scope, subject) => this.findCause({ scope, subject }),
            latest: subject =>
                this.#select(
                    'family = ? AND scope = ? AND subject = ? ORDER BY closed IS NULL DESC, id DESC LIMIT 1',
                    ...key(subject),
                )[0],
            process: (family, pids) =>
                this.#select(
                    `family = ? AND closed IS NULL
                 AND (facts ->> '$.pid' IN (SELECT value FROM json_each(?))
                      OR facts ->> '$.thread' IN (SELECT value FROM json_each(?))) ORDER BY id DESC LIMIT 1`,
                    family,
                    JSON.stringify(pids),
                    JSON.stringify(pids),
                )[0],
            reportedBy: (scope, unit) =>
                this.#select(
                    `scope = ? AND ? IN (facts ->> '$.reasonOf', facts ->> '$.causeOf')
                 ORDER BY closed IS NULL DESC, id DESC LIMIT 1`,
                    scope,
                    unit,
                )[0],
            blamedOn: file =>
                this.#select(`closed IS NULL AND facts ->> '$.changed' = ? ORDER BY id DESC LIMIT 1`, file)[0],
            near: (since, until) =>
                this.#select(
                    `closed IS NULL AND first_seen <= ? AND last_seen >= ? AND ${isOwn} ORDER BY id`,
                    until,
                    since,
                ),
            possibleCauses: new PossibleCauses(),
        };
        this.mutes = new Mutes({ database: this.#database, clock: this.#clock });
    }

    [Symbol.dispose](): void {
        this.#burst[Symbol.dispose]();
    }

    /** The computer was just started or woke up: faults of the next minute are reported together. */
    expectBurst(): void {
        this.#burst.begin();
    }

    /** The open ones and those that were closed last or fixed lately, in the order in which they were opened. */
    list(): Incident[] {
        return this.#select(
            `closed IS NULL OR (state = 'fixed' AND closed > ?) OR id IN (${lastClosed}) ORDER BY id`,
            this.#clock() - fixedListed,
        );
    }

    get(id: number): Incident | undefined {
        return this.#select('id = ?', id)[0];
    }

    /** The open incident of a subject, if there is one. */
    find(subject: Subject): Incident | undefined {
        return this.#select('family = ? AND scope = ? AND subject = ? AND closed IS NULL', ...key(subject))[0];
    }

    /** The open incident of a failed unit, or the one that explains the failure. */
    findUnit({ scope, subject }: Pick<Subject, 'scope' | 'subject'>): Incident | undefined {
        return this.find({ family: this.#lookup.unitFamily, scope, subject }) ?? this.findCause({ scope, subject });
    }

    /** The open incident of a subject, or else the one that was opened last. */
    latest(subject: Subject): Incident | undefined {
        return this.#lookup.latest(subject);
    }

    hasOpen(subject: string, scope: Scope): boolean {
        return this.#select(`state = 'open' AND scope = ? AND subject = ? AND ${isOwn}`, scope, subject).length > 0;
    }

    /** The open incident that explains why a subject failed, if there is one. */
    findCause({ scope, subject }: Pick<Subject, 'scope' | 'subject'>): Incident | undefined {
        return this.#select(
            'closed IS NULL AND scope = ? AND EXISTS (SELECT 1 FROM json_each(affected) WHERE value = ?)',
            scope,
            subject,
        )[0];
    }

    /** The open incidents of what was not started because a unit failed. */
    waitingFor({ scope, subject }: Pick<Subject, 'scope' | 'subject'>): Incident[] {
        return this.#select(`state = 'open' AND scope = ? AND facts ->> '$.rootCause' = ?`, scope, subject);
    }

    /**
     * Opens an incident for the finding or adds it to the one it belongs to.
     *
     * @param options.notify false for what may be over already; `decideNotifications` decides later whether to notify the user
     * @param options.isHarmlessAlone whether it opens an incident only for what it explains
     * @param options.isSign whether it opens none, but adds to the evidence of others
     * @param options.mayBeExplained whether the next lines may take it back, as a session ends or something was cancelled
     * @param options.mayBeOvercome whether they may say that it works now
     * @returns the incident, or null when the finding is muted, reports an occurrence whose incident is closed, or is harmless
     */
    report(
        finding: Finding,
        { notify = true, isHarmlessAlone = false, isSign = false, mayBeExplained = false, mayBeOvercome = false } = {},
    ): Incident | null {
        return this.#database.transaction(() => {
            if (this.mutes.has(finding)) return null;
            const placement = placeFinding(finding, this.#lookup, this.#clock(), { isHarmlessAlone, isSign });
            if (placement === null) return null;
            const { before, after, absorbed = [] } = placement;
            if (before === null && isLocal(after) && this.#countOpen(after.family) >= localOpen) return null;
            for (const part of absorbed) this.#store(part, { ...part, state: 'recovered' });
            if (this.#isCrash(finding) && finding.facts.executable !== undefined) this.#nameCrash(finding);
            // A unit that says why it is about to fail is reported once it has failed, a moment later. So is a crash that only
            // the kernel has reported: the dump, or the failure of the unit, shows whose process it was.
            // What is wrong with a device may be the fault of what it is attached to, which says so next.
            const { reasonOf, place } = finding.facts;
            const isEarly =
                mayBeOvercome || reasonOf !== undefined || place !== undefined || this.#isUnnamedCrash(finding);
            const decide = () => (notify ? this.#decide(after, { isEarly, mayBeExplained }) : 'undecided');
            let incident: Incident;
            if (before === null) {
                incident = this.#open({ ...after, notification: decide() });
            } else if (isClosed(before.state)) {
                if (this.#isCrash(after)) this.#noteCrash(after);
                else this.#addToTimeline(after, _('{subject} failed again', { subject: after.subject }), '');
                const notification = after.notification === 'none' ? decide() : after.notification;
                incident = this.#store(before, { ...after, notification });
            } else {
                if (before.family !== after.family) this.#addToTimeline(after, after.title, after.cause);
                else if (this.#isCrash(after) && after.count > before.count) this.#noteCrash(after);
                // An incident that this one absorbs can no longer announce the fault itself.
                const isDue = absorbed.some(isToBeAnnounced) || isWorse(before, after);
                if (!isUnannounced(before) || !isDue) return this.#store(before, after);
                incident = this.#store(before, { ...after, notification: decide() });
            }
            if (notify && incident.notification === 'undecided')
                this.#burst.hold(incident.id, { isRetried: mayBeOvercome || this.#isHandled(after) });
            return incident;
        });
    }

    /** Occurrences turned out to be no fault. An incident that has others goes on without them. */
    withdraw(ordinary: ReadonlySet<string>): void {
        this.#database.transaction(() => {
            for (const incident of this.#select(`state = 'open' AND ${isOwn}`)) {
                const after = withoutOccurrences(incident, ordinary);
                if (after !== null) this.#store(incident, after);
                else this.setState(incident.id, 'recovered', expectedText());
            }
        });
    }

    /** A log reports that its subject works again, and nobody can be asked whether it does. */
    recover(subject: Subject): void {
        const incident = this.find(subject);
        if (incident?.state === 'open') this.setState(incident.id, 'recovered', _('It was started again'));
    }

    /** Replaces the result of the diagnosis. */
    update(id: number, change: IncidentChange): Incident {
        return this.#database.transaction(() => {
            const incident = this.#require(id);
            return this.#store(incident, this.#withMistake({ ...incident, ...change }));
        });
    }

    /** The incident, with that of the mistake which the change that it is blamed on made in the file. */
    #withMistake(incident: Incident): Incident {
        const { changed } = incident.facts;
        if (isClosed(incident.state) || changed === undefined) return incident;
        const mistakes = this.#select(
            `state = 'open' AND subject = ? AND facts ->> '$.lasts' IS NOT NULL AND id <> ?`,
            changed,
            incident.id,
        );
        for (const mistake of mistakes) this.#store(mistake, { ...mistake, state: 'recovered' });
        return mistakes.reduce(addEvidence, incident);
    }

    /** @param detail why, in words, for the timeline; kept as `stillWrong` when a fix did not help */
    setState(id: number, state: IncidentState, detail = ''): Incident {
        return this.#database.transaction(() => {
            const incident = this.#require(id);
            if (incident.state === state) return incident;
            if (isClosed(incident.state) && !isClosed(state) && this.find(incident) !== undefined) {
                throw new ReeveError(
                    'InvalidState',
                    _('A newer incident is open for {subject}', { subject: incident.subject }),
                );
            }
            const stillWrong = state === 'open' ? detail : '';
            // What it says must not outlive the fault; its title and cause say what had happened.
            const isOver = (state === 'fixed' || state === 'recovered' || state === 'removed') && detail !== '';
            const summary = isOver ? detail.replace(/(?<![.!?])$/, '.') : incident.summary;
            const changed = this.#store(incident, { ...incident, state, stillWrong, summary });
            this.#addToTimeline(changed, stateText(changed), detail);
            return changed;
        });
    }

    /** Marks the incident as notified; does nothing unless that was wanted. */
    markNotified(id: number): void {
        this.#database.transaction(() => {
            const incident = this.#require(id);
            if (incident.notification === 'wanted') this.#store(incident, { ...incident, notification: 'shown' });
        });
    }

    /** Closes the incident without a fix; `forever` also mutes its subject. */
    dismiss(id: number, { forever }: { forever: boolean }): void {
        this.#database.transaction(() => {
            const incident = this.#require(id);
            if (forever) this.mutes.add(incident);
            if (!isClosed(incident.state)) {
                this.setState(id, 'dismissed', forever ? _('It will not be reported again') : '');
            }
        });
    }

    /** Decides whether to notify the user of incidents that were added without notification and are still open. */
    decideNotifications(): void {
        this.#database.transaction(() => {
            for (const incident of this.#select(`notification = 'undecided'`)) {
                const notification = isClosed(incident.state) ? 'none' : this.#decide(incident);
                if (notification === 'undecided') this.#burst.hold(incident.id);
                else this.#store(incident, { ...incident, notification });
            }
        });
    }

    #open(drafted: Omit<Incident, 'id'>): Incident {
        const draft = drafted.notification === 'wanted' ? this.#withAnnouncementTime(drafted) : drafted;
        const row = toRow(draft);
        const names = Object.keys(row);
        // One that is open for this subject would have been found, unless its row cannot be read.
        this.#database.connection
            .prepare('UPDATE incident SET closed = ? WHERE family = ? AND scope = ? AND subject = ? AND closed IS NULL')
            .run(this.#clock(), draft.family, draft.scope, draft.subject);
        const { lastInsertRowid } = this.#database.connection
            .prepare(`INSERT INTO incident (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
            .run(...Object.values(row));
        const opened: Incident = { id: Number(lastInsertRowid), ...draft };
        if (this.#isCrash(opened)) this.#noteCrash(opened);
        else this.#addToTimeline(opened, opened.title, opened.cause);
        this.#database.afterCommit(() => this.emit('added', opened));
        return opened;
    }

    /** Writes `changed` in the place of `before`, unless they are the same object. */
    #store(before: Incident, changed: Incident): Incident {
        if (changed === before) return before;
        const closing = isClosed(changed.state) && !isClosed(before.state);
        const isUnseen = closing && changed.notification === 'wanted';
        const isToBeAnnounced = changed.notification === 'wanted' && before.notification !== 'wanted';
        const announced = isToBeAnnounced ? this.#withAnnouncementTime(changed) : changed;
        const after: Incident = isUnseen ? { ...announced, notification: 'none' } : { ...announced };
        const reopening = !isClosed(after.state) && isClosed(before.state);
        if (reopening && after.summary === before.summary) after.summary = '';
        const row: Record<string, string | number | null> = toRow(after);
        if (closing) row.closed = this.#clock();
        if (reopening) row.closed = null;
        const assignments = Object.keys(row).map(name => `${name} = ?`);
        this.#database.connection
            .prepare(`UPDATE incident SET ${assignments.join(', ')} WHERE id = ?`)
            .run(...Object.values(row), after.id);
        const removed = closing ? this.#prune() : [];
        if (isUnseen) this.#announceWithout(after);
        this.#database.afterCommit(() => {
            this.emit('changed', after);
            for (const id of removed) this.emit('removed', id);
        });
        return after;
    }

    /** Deletes the oldest closed incidents. @returns those that left the list since then, and some that left it before */
    #prune(): number[] {
        const { connection } = this.#database;
        connection
            .prepare(
                `DELETE FROM incident WHERE id IN (SELECT id FROM incident WHERE closed IS NOT NULL
                 ORDER BY closed DESC, id DESC LIMIT -1 OFFSET ${closedKept})`,
            )
            .run();
        const until = this.#clock() - fixedListed;
        const left = connection
            .prepare(
                `SELECT id FROM incident WHERE id NOT IN (${lastClosed}) AND (
                     (state = 'fixed' AND closed BETWEEN ? AND ?) OR (state <> 'fixed' AND id IN (
                         SELECT id FROM incident WHERE closed IS NOT NULL
                         ORDER BY closed DESC, id DESC LIMIT 1 OFFSET ${closedListed})))`,
            )
            .all(until - 24 * fixedListed, until);
        return left.map(({ id }) => Number(id));
    }

    /** An incident held back in a burst window stays undecided until its release, so that a kill in between loses nothing. */
    #decide(draft: IncidentDraft, { isEarly = false, mayBeExplained = false } = {}): Incident['notification'] {
        if (!this.#isWorthAnnouncing(draft)) return 'none';
        const isHeld =
            mayBeExplained ||
            this.#isHandled(draft) ||
            (draft.severity !== 'critical' && (isEarly || this.#burst.isOn));
        return isHeld ? 'undecided' : 'wanted';
    }

    /** Of several at once, only the worst is announced, with the number of the others. */
    #announceTogether(ids: readonly number[]): void {
        this.#database.transaction(() => {
            const held = ids
                .map(id => this.get(id))
                .filter(incident => incident !== undefined)
                .filter(({ notification }) => notification === 'undecided');
            // A person is not needed if the change that is being made helps.
            for (const { id, state } of held) if (state === 'fixing') this.#burst.hold(id);
            const rank = ({ severity }: Incident) => severities.indexOf(severity);
            // A crash that only the kernel has reported is mostly merged into another incident when its dump comes, so it
            // counts for none.
            const isPassing = (incident: Incident) => Number(this.#isUnnamedCrash(incident));
            const [worst, ...others] = held
                .filter(({ state }) => state === 'open')
                .sort(
                    (one, other) =>
                        Number(isLocal(one)) - Number(isLocal(other)) ||
                        rank(other) - rank(one) ||
                        isPassing(one) - isPassing(other) ||
                        one.id - other.id,
                );
            for (const incident of held.filter(({ state }) => state !== 'fixing')) {
                if (worst === undefined || !this.#isWorthAnnouncing(worst)) {
                    this.#store(incident, { ...incident, notification: 'none' });
                    continue;
                }
                if (incident !== worst) {
                    const facts = { ...incident.facts, announcedBy: String(worst.id) };
                    this.#store(incident, { ...incident, facts, notification: 'none' });
                    continue;
                }
                const facts = others.length === 0 ? worst.facts : { ...worst.facts, toldWith: String(others.length) };
                this.#store(worst, { ...worst, facts, notification: 'wanted' });
            }
        });
    }

    /** An announcement that nobody has seen is withdrawn with its incident: the others that it covered need another. */
    #announceWithout(closed: Incident): void {
        const others = this.#select(
            `closed IS NULL AND notification = 'none' AND facts ->> '$.announcedBy' = ?`,
            String(closed.id),
        );
        for (const other of others) this.#store(other, { ...other, notification: 'undecided' });
        this.#announceTogether(others.map(({ id }) => id));
    }

    #isWorthAnnouncing(draft: IncidentDraft): boolean {
        const budget = this.#noise();
        if (draft.severity === 'critical') return true;
        if (severities.indexOf(draft.severity) < severities.indexOf(budget.minimumSeverity)) return false;
        const now = this.#clock();
        // Incidents of local rules use what Reeve's own leave of the budget, and never reduce it for those.
        const counted = this.#database.connection
            .prepare(
                `SELECT count(*) AS announced FROM incident WHERE notification IN ('wanted', 'shown')
                 AND CAST(facts ->> '$.toldAt' AS INTEGER) BETWEEN ? AND ? AND (? OR ${isOwn})`,
            )
            .get(now - hour, now, Number(isLocal(draft)));
        return Number(counted?.announced) < budget.perHour;
    }

    /**
     * A continuing fault is reported once, so the budget counts by the time of that report. Facts keep the names that stored
     * incidents have.
     */
    #withAnnouncementTime<T extends Omit<Incident, 'id'>>(incident: T): T {
        return { ...incident, facts: { ...incident.facts, toldAt: String(this.#clock()) } };
    }

    #countOpen(family: string): number {
        return this.#select('family = ? AND closed IS NULL', family).length;
    }

    #addToTimeline(incident: Incident, summary: string, detail: string): void {
        this.#timeline.add({ time: this.#clock(), kind: 'incident', subject: incident.subject, summary, detail });
    }

    #isCrash({ family, kind }: Pick<Incident, 'family' | 'kind'>): boolean {
        return this.#crashes.has(`${family} ${kind}`);
    }

    /** Only the kernel has reported it so far. */
    #isUnnamedCrash(crash: Pick<Finding, 'family' | 'kind' | 'facts'>): boolean {
        const { pid, executable } = crash.facts;
        return this.#isCrash(crash) && pid !== undefined && executable === undefined;
    }

    /** Each crash is an entry of its own, whether or not the incident covers earlier ones, too. */
    #noteCrash({ subject, title: summary, cause: detail, lastSeen: time, facts }: Incident): void {
        const near = { since: time - crashesApart, until: time + crashesApart };
        if (this.#timeline.query({ ...near, subject, kinds: ['crash'], limit: 1 }).length > 0) return;
        const { pid, executable } = facts;
        this.#timeline.add({
            time,
            kind: 'crash',
            event: 'crashed',
            subject,
            summary,
            detail,
            facts: { ...(pid !== undefined && { pid }), ...(executable !== undefined && { executable }) },
        });
    }

    /**
     * Corrects the entry of a crash that so far only the kernel had reported, by the name of the thread: it now names the
     * program.
     */
    #nameCrash({ subject, title: summary, cause: detail, time, facts }: Finding): void {
        const at = time ?? this.#clock();
        const near = { since: at - crashesApart, until: at + crashesApart, kinds: ['crash' as const] };
        const noted = this.#timeline.query(near).filter(({ event }) => event === 'crashed');
        const unnamed = noted.filter(
            entry => entry.facts.executable === undefined && isOfProcess(entry.facts, processesOf(facts)),
        );
        for (const { id } of unnamed) this.#timeline.remove(id);
        const [first] = unnamed;
        if (first === undefined || noted.some(entry => entry.subject === subject && !unnamed.includes(entry))) return;
        const { pid, executable } = facts;
        const known = { ...(pid !== undefined && { pid }), ...(executable !== undefined && { executable }) };
        const { time: then, kind, event } = first;
        this.#timeline.add({ time: then, kind, event, subject, summary, detail, facts: known });
    }

    #require(id: number): Incident {
        const incident = this.get(id);
        if (incident === undefined) throw new ReeveError('NotFound', _('There is no incident {id}', { id }));
        return incident;
    }

    #select(condition: string, ...values: (string | number)[]): Incident[] {
        const query = this.#database.connection.prepare(`SELECT * FROM incident WHERE ${condition}`);
        return readRows('incident', query, values, fromRow);
    }
}

function expectedText(): string {
    return _('This was expected: the session was ending, the computer was about to sleep, or it worked shortly after');
}

function isToBeAnnounced({ notification }: Incident): boolean {
    return notification === 'wanted' || notification === 'undecided';
}

/** Whether a minor incident became important: the scope of an application fails first, then the kernel says why. */
function isWorse(before: Incident, after: Incident): boolean {
    return severities.indexOf(after.severity) > severities.indexOf(before.severity);
}

function isUnannounced({ notification, facts }: Incident): boolean {
    return notification === 'none' && facts.announcedBy === undefined;
}

function key({ family, scope, subject }: Subject): [string, string, string] {
    return [family, scope, subject];
}

function stateText({ state, subject, stillWrong }: Incident): string {
    switch (state) {
        case 'open':
            if (stillWrong === '') return _('Reeve keeps watching {subject}', { subject });
            return _('{subject} is still broken', { subject });
        case 'fixing':
            return _('Fixing {subject}', { subject });
        case 'fixed':
            return _('{subject} was fixed', { subject });
        case 'recovered':
            return _('{subject} has recovered', { subject });
        case 'dismissed':
            return _('{subject} was dismissed', { subject });
        case 'removed':
            return _('{subject} no longer exists', { subject });
    }
}
