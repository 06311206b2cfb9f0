import * as z from 'zod';

import { _ } from '../i18n/i18n.ts';
import { log } from '../log.ts';
import type { Scope } from '../model/unit.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import type { Database } from '../store/database.ts';
import { safeText } from '../text/sanitise.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { comesAndGoes } from '../timeline/unitChanges.ts';
import type { LogEntry } from './logEntry.ts';
import { LogTemplates } from './logTemplates.ts';
import type { Writer } from './writer.ts';

const stateKey = 'error-kinds';
const state = z.object({
    /** Microseconds since the Unix epoch. */
    since: z.number(),
    kinds: z.record(z.string(), z.array(z.string())),
});

const hour = 3_600_000_000;
/** For the first day everything is new. */
const learningTime = 24 * hour;
/** What was changed longer ago than this would have shown before. */
const window = 6 * hour;
/** Hints are quiet, and still must stay few. */
const hintsPerDay = 3;
/** What turns out to be a part of a fault that has a name is told of as that. Milliseconds. */
const patience = 15_000;
/** What is learned is stored once in so many milliseconds at most, and in the end; what is lost is learned again. */
const storeEvery = 60_000;

type Hint = { origin: string; scope: Scope; program: string; message: string; time: number; change: TimelineEntry };

/**
 * Errors of a kind that their program never wrote before, shortly after packages or configuration were changed: a quiet hint,
 * in the timeline and among the incidents. Only entries of the priorities up to “error” (syslog(3)) are looked at that no rule
 * knows, of units and the kernel, whose names nobody can choose.
 */
export class NewErrors implements Disposable {
    readonly #database: Database;
    readonly #timeline: Timeline;
    readonly #isExplained: (unit: string, scope: Scope) => boolean;
    readonly #since: number;
    readonly #templates: LogTemplates;
    readonly #waiting = new Map<NodeJS.Timeout, Hint>();
    #hinted: number[] = [];
    #isChanged = false;
    #stored = -Infinity;

    /** @param dependencies.isExplained whether an open incident tells of this unit */
    constructor(dependencies: {
        database: Database;
        timeline: Timeline;
        isExplained: (unit: string, scope: Scope) => boolean;
    }) {
        this.#database = dependencies.database;
        this.#timeline = dependencies.timeline;
        this.#isExplained = dependencies.isExplained;
        const kept = this.#database.getState(stateKey);
        const known = kept === null ? { since: Date.now() * 1000, kinds: {} } : state.parse(JSON.parse(kept));
        this.#since = known.since;
        this.#templates = LogTemplates.from(known.kinds);
        if (kept === null) this.#isChanged = true;
    }

    [Symbol.dispose](): void {
        for (const timer of this.#waiting.keys()) clearTimeout(timer);
        this.#waiting.clear();
    }

    /** Learns from an entry that no rule knows, and may give a hint of it. */
    look(entry: LogEntry, writer: () => Writer): void {
        if (!/^[0-3]$/.test(entry.field('PRIORITY') ?? '')) return;
        const by = writer();
        if (by.kind !== 'unit' && by.kind !== 'kernel') return;
        const origin = by.kind === 'unit' ? by.unit : 'kernel';
        // What has another name each time would be new each time.
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
        this.#wait({ origin, scope, program, message, time, change });
    }

    /** Keeps what was learned, as part of the running transaction. @param isLast whether nothing comes after it */
    store({ isLast = false } = {}): void {
        const now = performance.now();
        if (!this.#isChanged || (!isLast && now - this.#stored < storeEvery)) return;
        this.#database.setState(stateKey, JSON.stringify({ since: this.#since, kinds: this.#templates }));
        this.#isChanged = false;
        this.#stored = now;
    }

    #isWithinBudget(time: number): boolean {
        this.#hinted = this.#hinted.filter(earlier => Math.abs(time - earlier) < 24 * hour);
        return this.#hinted.length + this.#waiting.size < hintsPerDay;
    }

    /** What bears the name of the unit goes before what else was installed last. */
    #changeBefore(time: number, origin: string): TimelineEntry | null {
        const entries = this.#timeline.query({ since: time - window, until: time, kinds: ['package', 'file'] });
        const changes = entries.filter(({ event }) => /^(?:installed|upgraded|changed|edited|created)$/.test(event));
        const name = origin.replace(/[@.].*$/, '');
        const namesake = changes.find(({ subject }) => name.length > 2 && subject.includes(name));
        return namesake ?? changes.find(({ kind }) => kind === 'package') ?? null;
    }

    #wait(hint: Hint): void {
        const timer = setTimeout(() => {
            this.#waiting.delete(timer);
            if (this.#isExplained(hint.origin, hint.scope)) return;
            try {
                this.#tell(hint);
            } catch (error) {
                const reason = error instanceof Error ? error.message : String(error);
                log('error', 'A new kind of error could not be kept', { reason });
            }
        }, patience).unref();
        this.#waiting.set(timer, hint);
    }

    #tell({ origin, scope, program, message, time, change }: Hint): void {
        this.#hinted.push(time);
        this.#timeline.add({
            time,
            kind: 'reeve',
            event: 'new-error',
            subject: origin,
            source: 'errors',
            summary: _('{program} reports a kind of error that it never reported before', { program }),
            detail: `${message}\n${_('Shortly before: {what}', { what: change.summary })}`,
            facts: { scope, change: String(change.id) },
        });
    }
}
