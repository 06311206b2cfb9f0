import * as z from 'zod';

import { _ } from '../i18n/i18n.ts';
import { readState } from '../store/stored.ts';
import { log } from '../util/log.ts';
import { scope as scopeSchema } from '../model/incident.ts';
import type { Scope } from '../model/unit.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import type { Database } from '../store/database.ts';
import { safeText } from '../text/sanitise.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { comesAndGoes } from '../timeline/unitChanges.ts';
import type { LogEntry } from '../journal/logEntry.ts';
import { MessageTemplates } from './messageTemplates.ts';
import type { Writer } from './writer.ts';
import { messageOf } from '../util/errors.ts';

const stateKey = 'error-kinds';
const state = z.object({
    /** Microseconds since the Unix epoch. */
    since: z.number(),
    kinds: z.record(z.string(), z.array(z.string())),
});

const hint = z.object({
    origin: z.string(),
    scope: scopeSchema,
    program: z.string(),
    message: z.string(),
    time: z.number(),
    /** What was changed shortly before: its timeline entry, and a summary. */
    change: z.object({ id: z.number(), summary: z.string() }),
});
type Hint = z.infer<typeof hint>;

const hintsKey = 'error-hints';
const hints = z.object({
    /** What the last hints were about, in microseconds since the Unix epoch. */
    given: z.array(z.number()),
    waiting: z.array(hint),
});

const hour = 3_600_000_000;
/** On the first day everything is new. */
const learningTime = 24 * hour;
/** A change longer ago than this would have had an effect before. */
const window = 6 * hour;
/** Hints are quiet, but must still stay few. */
const hintsPerDay = 3;
/** How long a hint waits: if the error turns out to be part of a known fault, that fault is reported instead. Milliseconds. */
const patience = 15_000;
/** New templates are stored at most this often, and at the end; what is lost is learned again. Milliseconds. */
const storeEvery = 60_000;

/**
 * Reports errors that a program never logged before, if packages or configuration changed shortly before: a quiet hint in the
 * timeline and among the incidents. It considers only entries of priority “error” (syslog(3)) or worse that no rule knows, and
 * only from units and the kernel, whose names nobody can choose.
 */
export class NewErrors {
    readonly #database: Database;
    readonly #timeline: Timeline;
    readonly #isExplained: (unit: string, scope: Scope) => boolean;
    readonly #since: number;
    readonly #templates: MessageTemplates;
    /** What may become a hint, with its timer while the service is watching. */
    readonly #waiting = new Map<Hint, NodeJS.Timeout | null>();
    #given: number[];
    #isWatching = false;
    #isChanged = false;
    /** What is about to become a hint must not be lost with what was learned from it. */
    #isPressing = false;
    #stored = -Infinity;

    /** @param dependencies.isExplained whether an open incident already covers this unit */
    constructor(dependencies: {
        database: Database;
        timeline: Timeline;
        isExplained: (unit: string, scope: Scope) => boolean;
    }) {
        this.#database = dependencies.database;
        this.#timeline = dependencies.timeline;
        this.#isExplained = dependencies.isExplained;
        const kept = readState(this.#database, stateKey, state);
        const known = kept ?? { since: Date.now() * 1000, kinds: {} };
        this.#since = known.since;
        this.#templates = MessageTemplates.from(known.kinds);
        if (kept === null) this.#isChanged = true;
        const { given, waiting } = readState(this.#database, hintsKey, hints) ?? { given: [], waiting: [] };
        this.#given = given;
        for (const one of waiting) this.#waiting.set(one, null);
    }

    /** Gives hints until `signal` aborts, including those that were left waiting by the last run. */
    watch(signal: AbortSignal): void {
        if (signal.aborted) return;
        this.#isWatching = true;
        for (const one of this.#waiting.keys()) this.#wait(one);
        const stop = () => {
            this.#isWatching = false;
            for (const [one, timer] of this.#waiting) {
                if (timer !== null) clearTimeout(timer);
                this.#waiting.set(one, null);
            }
        };
        signal.addEventListener('abort', stop, { once: true });
    }

    /** Learns from an entry that no rule knows, and may give a hint about it. */
    learn(entry: LogEntry, writer: () => Writer): void {
        if (!/^[0-3]$/.test(entry.field('PRIORITY') ?? '')) return;
        const by = writer();
        if (by.kind !== 'unit' && by.kind !== 'kernel') return;
        const origin = by.kind === 'unit' ? by.unit : 'kernel';
        // An origin with a different name each time would be new each time.
        if (origin.endsWith('.scope') || comesAndGoes(origin)) return;
        const scope = by.kind === 'unit' ? by.scope : 'system';
        const message = entry.message();
        if (!this.#templates.learn(`${scope} ${origin.replace(/@.*(?=\.)/, '@')}`, message)) return;
        this.#isChanged = true;
        const time = entry.time() ?? Date.now() * 1000;
        if (time - this.#since < learningTime || !this.#isWithinBudget(time)) return;
        const change = this.#changeBefore(time, origin);
        if (change === null) return;
        const program = safeText(entry.field('SYSLOG_IDENTIFIER') ?? origin, 64);
        this.#isPressing = true;
        this.#wait({ origin, scope, program, message, time, change: { id: change.id, summary: change.summary } });
    }

    /** Stores what was learned, as part of the running transaction. @param isLast whether nothing comes after it */
    store({ isLast = false } = {}): void {
        const isDue = isLast || this.#isPressing || performance.now() - this.#stored >= storeEvery;
        if (this.#isChanged && isDue) this.#store();
    }

    #store(): void {
        this.#database.setState(stateKey, JSON.stringify({ since: this.#since, kinds: this.#templates }));
        const waiting = [...this.#waiting.keys()];
        this.#database.setState(hintsKey, JSON.stringify({ given: this.#given, waiting }));
        this.#database.afterCommit(() => {
            this.#isChanged = false;
            this.#isPressing = false;
            this.#stored = performance.now();
        });
    }

    #isWithinBudget(time: number): boolean {
        this.#given = this.#given.filter(earlier => Math.abs(time - earlier) < 24 * hour);
        return this.#given.length + this.#waiting.size < hintsPerDay;
    }

    /** A package named like the unit is preferred to what else was installed last. */
    #changeBefore(time: number, origin: string): TimelineEntry | null {
        const entries = this.#timeline.query({ since: time - window, until: time, kinds: ['package', 'file'] });
        const changes = entries.filter(({ event }) => /^(?:installed|upgraded|changed|edited|created)$/.test(event));
        const name = origin.replace(/[@.].*$/, '');
        const namesake = changes.find(({ subject }) => name.length > 2 && subject.includes(name));
        return namesake ?? changes.find(({ kind }) => kind === 'package') ?? null;
    }

    #wait(one: Hint): void {
        if (!this.#isWatching) {
            this.#waiting.set(one, null);
            return;
        }
        const settle = () => {
            this.#waiting.delete(one);
            const isHint = !this.#isExplained(one.origin, one.scope);
            if (isHint) this.#given.push(one.time);
            try {
                this.#database.transaction(() => {
                    if (isHint) this.#report(one);
                    this.#store();
                });
            } catch (error) {
                if (isHint) this.#given.pop();
                // It is given at the next start, if it can be stored by then.
                this.#waiting.set(one, null);
                this.#isChanged = true;
                const reason = messageOf(error);
                log('error', 'Could not store a new kind of error', { reason });
            }
        };
        this.#waiting.set(one, setTimeout(settle, patience).unref());
    }

    #report({ origin, scope, program, message, time, change }: Hint): void {
        this.#timeline.add({
            time,
            kind: 'reeve',
            event: 'new-error',
            subject: origin,
            source: 'journal',
            summary: _('{program} reports a new kind of error', { program }),
            detail: `${message}\n${_('Shortly before: {what}', { what: change.summary })}`,
            facts: { scope, change: String(change.id), said: message },
        });
    }
}
