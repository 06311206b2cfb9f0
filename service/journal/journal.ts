import { EventEmitter, once } from 'node:events';
import { watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { journalFields, JournalLogEntry } from './logEntry.ts';
import type { LogEntry } from './logEntry.ts';
import { _ } from '../i18n/i18n.ts';
import { log } from '../util/log.ts';
import { isJournalKept, journalAccess } from './access.ts';
import type { JournalAccess } from './access.ts';
import { Backlog } from '../util/backlog.ts';
import { ExportParser } from './exportParser.ts';
import { distance, isBehind, loggedAt, missingBetween } from './cursor.ts';
import { lostBy } from './losses.ts';
import { placeArguments, runJournalctl } from './journalctl.ts';
import type { JournalPlace } from './journalctl.ts';
import type { Source, SourceState, SourceStatus } from '../model/source.ts';
import { messageOf } from '../util/errors.ts';

/** Handles the entries. Calls come one after the other. */
export type JournalHandler = {
    /** Reading begins or restarts: state from earlier entries must be dropped, as they come again. */
    begin(): void;
    /**
     * @param entry valid only during the call; @param isNew false for entries that were handled before, which only restore
     * state
     */
    entry(entry: LogEntry, isNew: boolean): void;
    /** The entries up to `cursor` have been handed over, and some more may follow at any time. */
    settled(cursor: string): void;
    /** All entries up to now have been handed over, or cannot be read for now; called at each (re)start. */
    caughtUp(): void;
    /** Entries are missing after `cursor`. @param lost how many; null if unknown */
    gap(lost: number | null, detail: string): void;
};

/** How many entries before the last handled one are read again, for rules that depend on earlier entries. */
const entriesReadAgain = 1000;
/**
 * What is read of a backlog: entries of priority "notice" and above, syslog(3), and all kernel messages, as the kernel logs
 * crashes as informational. Services mostly print "info".
 */
const important = [
    ...Array.from({ length: 6 }, (_unused, priority) => `PRIORITY=${priority}`),
    '+',
    '_TRANSPORT=kernel',
    '+',
    '_TRANSPORT=audit',
];
const firstPause = 1000;
const longestPause = 60_000;

type Pass = {
    start: string | null;
    follow: boolean;
    again: boolean;
    end?: string | null;
    onWait?: (waited: number) => void;
};

/**
 * Follows the journal through `journalctl --follow`. The handler keeps the position: reading continues after the given cursor,
 * so that a handler which stores the cursor with the effects of the entries sees each entry once. When entries come faster than
 * they can be read, those of low priority are skipped, and counted.
 */
export class Journal extends EventEmitter<{ status: [SourceStatus] }> implements Source {
    readonly status: SourceStatus = { name: 'journal', state: 'off', detail: '', events: 0, lost: 0 };
    readonly #place: JournalPlace;
    readonly #backlog: Backlog | null;
    #access: JournalAccess = 'none';
    #isKept = true;
    #cursor: string | null = null;
    #fromNow = true;
    #isCaughtUp = false;

    /** @param backlog null to read all entries, however long that takes */
    constructor(place: JournalPlace = { kind: 'machine' }, backlog = place.kind === 'machine' ? new Backlog() : null) {
        super();
        this.#place = place;
        this.#backlog = backlog;
    }

    /** How much of the journal can be read; known once `run` has begun. */
    get access(): JournalAccess {
        return this.#access;
    }

    /** Whether there is a journal at all; known once `run` has begun. */
    get isKept(): boolean {
        return this.#isKept;
    }

    /**
     * Reads until `signal` aborts, and restarts journalctl whenever it ends.
     *
     * @param from the cursor after which to continue; "now" for entries logged from now on; null to choose: "now" for this
     * machine's journal, the first entry for one from another machine
     */
    async run(handler: JournalHandler, from: string | null, signal: AbortSignal): Promise<void> {
        this.#fromNow = from === 'now' || (from === null && this.#place.kind === 'machine');
        this.#cursor = this.#fromNow ? null : from;
        this.#setState('starting');
        this.#access = this.#place.kind === 'machine' ? await journalAccess() : 'system';
        if (this.#access === 'none') {
            this.#isKept = await isJournalKept();
            this.#setState(
                'unavailable',
                this.#isKept ? _('You are not allowed to read the journal') : _('There is no journal on this computer'),
            );
            handler.caughtUp();
            if (!signal.aborted) await once(signal, 'abort');
            this.#setState('off');
            return;
        }
        const isStopped = () => signal.aborted;
        let pause = firstPause;
        let isFirst = true;
        while (!isStopped()) {
            const began = performance.now();
            try {
                await this.#read(handler, signal);
                this.#setState('waiting', _('journalctl ended'));
            } catch (error) {
                if (isStopped()) break;
                const reason = messageOf(error);
                log('warning', 'Reading the journal failed', { reason });
                this.#setState('waiting', reason);
            }
            // Reading may never succeed, and reports of the service managers have waited for it.
            if (isFirst && !isStopped()) this.#catchUp(handler);
            isFirst = false;
            // A run that lasted for a while was well; only one that fails at once is retried with growing delays.
            if (performance.now() - began > longestPause) pause = firstPause;
            await delay(pause, undefined, { signal }).catch(() => undefined);
            pause = Math.min(2 * pause, longestPause);
        }
        this.#setState('off');
    }

    async #read(handler: JournalHandler, signal: AbortSignal): Promise<void> {
        if (this.#cursor === null && this.#fromNow) {
            this.#cursor = await this.#lastCursor(signal);
            if (this.#cursor !== null) handler.settled(this.#cursor);
        }
        this.#isCaughtUp = false;
        handler.begin();
        const start = await this.#locate(handler, signal);
        if (this.#place.kind === 'file') await this.#followFile(handler, this.#place.path, start, signal);
        else await this.#follow(handler, start, signal);
    }

    /**
     * Hands over the entries up to now, and then new ones. These are two runs of journalctl: with --follow, it shows what was
     * logged since the computer started and nothing before, from systemd 250 on (parse_argv() in its src/journal/journalctl.c).
     */
    async #follow(handler: JournalHandler, start: string | null, signal: AbortSignal): Promise<void> {
        const isStopped = () => signal.aborted;
        const end = await this.#lastCursor(signal);
        if (end === null) this.#watch(handler);
        for (let pass: Pass = { start, follow: false, again: true, end }; ;) {
            const turn = new AbortController();
            const either = AbortSignal.any([signal, turn.signal]);
            const onWait = (waited: number) => {
                if (this.#backlog?.isTooMuch(waited)) turn.abort();
            };
            await this.#pass(handler, { ...pass, onWait }, either);
            if (isStopped()) return;
            if (turn.signal.aborted) {
                await this.#passOver(handler, signal);
                if (isStopped()) return;
                this.#backlog?.clear();
            } else if (pass.follow) return;
            this.#watch(handler);
            pass = { start: this.#cursor, follow: true, again: false };
        }
    }

    #watch(handler: JournalHandler): void {
        this.#catchUp(handler);
        this.#setState('watching', this.#access === 'own' ? _('You can read only messages of your own programs') : '');
    }

    #catchUp(handler: JournalHandler): void {
        if (this.#isCaughtUp) return;
        this.#isCaughtUp = true;
        handler.caughtUp();
    }

    /** Reads the important entries of the backlog, and continues after it. */
    async #passOver(handler: JournalHandler, signal: AbortSignal): Promise<void> {
        const from = this.#cursor;
        const end = await this.#lastCursor(signal);
        if (from === null || end === null) return;
        const [first] = await this.#cursors([`--cursor=${from}`, '--lines=1'], signal);
        // Whether removed entries were important is unknown.
        if (first !== from) this.#lose(handler, first === undefined ? null : missingBetween(from, first));
        if (first === undefined) {
            handler.settled(end);
            this.#cursor = end;
            return;
        }
        let taken = 0;
        let last: string | null = null;
        const parser = new ExportParser(journalFields, exported => {
            const entry = new JournalLogEntry(exported);
            const cursor = entry.field('__CURSOR');
            if (cursor === null || cursor === from || isBehind(cursor, end)) return;
            taken += 1;
            last = cursor;
            this.#count(entry);
            handler.entry(entry, true);
        });
        const args = [`--cursor=${first}`, ...important];
        await this.#run(args, parser, signal, () => {
            this.#settle(handler, last);
        });
        if (signal.aborted) return;
        handler.settled(end);
        this.#cursor = end;
        const behind = distance(first, end);
        // The first entry was handled before, unless it has been removed.
        const passed = behind === null ? null : behind + (first === from ? 0 : 1) - taken;
        const [still] = await this.#cursors([`--cursor=${first}`, '--lines=1'], signal);
        if (still !== first) this.#lose(handler, null);
        else if (passed === null || passed > 0) this.#lose(handler, passed, passedOverText(passed));
    }

    /**
     * Finds where to start reading, so that rules have seen the earlier entries, and whether the last handled entry still
     * exists.
     */
    async #locate(handler: JournalHandler, signal: AbortSignal): Promise<string | null> {
        if (this.#cursor === null) return null;
        const cursors = await this.#cursors(
            [`--cursor=${this.#cursor}`, '--reverse', `--lines=${entriesReadAgain}`],
            signal,
        );
        if (cursors[0] === this.#cursor) return cursors.at(-1) ?? null;
        // If the entry is gone, journalctl begins at the nearest remaining one.
        const [next] = await this.#cursors([`--cursor=${this.#cursor}`, '--lines=1'], signal);
        if (next === undefined) {
            // Nothing remains after it, and what precedes it is not new.
            this.#lose(handler, null);
            this.#cursor = await this.#lastCursor(signal);
            if (this.#cursor !== null) handler.settled(this.#cursor);
            return this.#cursor;
        }
        this.#lose(handler, missingBetween(this.#cursor, next));
        const gone = this.#cursor;
        this.#cursor = null;
        return gone;
    }

    /**
     * Reads the journal to its end, or follows it for ever.
     *
     * @param options.start the entry to begin with; null for the first
     * @param options.again whether entries that were handled before are handed over once more, as not new
     * @param options.end the entry at which all that was logged before has been handed over
     * @param options.onWait gets how long the last entry waited to be read, in microseconds
     */
    async #pass(
        handler: JournalHandler,
        { start, follow, again, end = null, onWait }: Pass,
        signal: AbortSignal,
    ): Promise<void> {
        let isNew = this.#cursor === null;
        let last = this.#cursor;
        let first = true;
        const parser = new ExportParser(journalFields, exported => {
            const entry = new JournalLogEntry(exported);
            const cursor = entry.field('__CURSOR');
            if (cursor === null) return;
            // The last handled entry comes once more, as the proof that nothing is missing.
            if (first && !again && this.#cursor !== null && cursor !== this.#cursor) {
                this.#lose(handler, missingBetween(this.#cursor, cursor));
                isNew = true;
            }
            first = false;
            // The entry existed a moment ago, when it was searched for; the next attempt decides.
            if (!isNew && this.#cursor !== null && isBehind(cursor, this.#cursor)) throw new Error(removedText());
            if (isNew) this.#count(entry);
            if (isNew || again) handler.entry(entry, isNew);
            if (isNew) last = cursor;
            else if (cursor === this.#cursor) isNew = true;
            if (end === null || this.#isCaughtUp || (cursor !== end && !isBehind(cursor, end))) return;
            this.#settle(handler, last);
            this.#watch(handler);
        });
        // Without --output-fields=, which makes journalctl search for each field and take three times as long.
        const args = [...(start === null ? [] : [`--cursor=${start}`]), ...(follow ? ['--follow', '--no-tail'] : [])];
        let malformed = 0;
        await this.#run(args, parser, signal, () => {
            const waited = this.#settle(handler, last);
            if (parser.malformed > malformed) this.#lose(handler, parser.malformed - malformed);
            malformed = parser.malformed;
            if (waited !== null) onWait?.(waited);
        });
        if (signal.aborted) return;
        if (!isNew) throw new Error(removedText());
        if (parser.malformed > malformed) this.#lose(handler, parser.malformed - malformed);
    }

    /** journalctl cannot follow a single file (sd_journal_get_fd() refuses it), so it is run again when the file grows. */
    async #followFile(handler: JournalHandler, path: string, start: string | null, signal: AbortSignal): Promise<void> {
        const isStopped = () => signal.aborted;
        await this.#pass(handler, { start, follow: false, again: true }, signal);
        if (isStopped()) return;
        this.#watch(handler);
        let grown = Promise.withResolvers<undefined>();
        const watcher = watch(path, () => {
            grown.resolve(undefined);
        });
        const stop = () => {
            grown.resolve(undefined);
        };
        signal.addEventListener('abort', stop);
        try {
            while (!isStopped()) {
                await this.#pass(handler, { start: this.#cursor, follow: false, again: false }, signal);
                await grown.promise;
                grown = Promise.withResolvers();
            }
        } finally {
            signal.removeEventListener('abort', stop);
            watcher.close();
        }
    }

    /** null for a journal that is empty. */
    async #lastCursor(signal: AbortSignal): Promise<string | null> {
        const [last] = await this.#cursors(['--lines=1'], signal);
        return last ?? null;
    }

    /** @throws when journalctl fails: without a cursor, all earlier entries would count as new */
    async #cursors(args: readonly string[], signal: AbortSignal): Promise<string[]> {
        const cursors: string[] = [];
        const parser = new ExportParser(['__CURSOR'], entry => {
            const cursor = entry.latin1(0);
            if (cursor !== null) cursors.push(cursor);
        });
        await this.#run(['--output-fields=_BOOT_ID', ...args], parser, signal);
        signal.throwIfAborted();
        return cursors;
    }

    /**
     * Runs journalctl to its end, or until `signal` aborts.
     *
     * @param onPiece is called after each piece of what it prints
     * @throws when it fails
     */
    async #run(
        args: readonly string[],
        parser: ExportParser,
        signal: AbortSignal,
        onPiece?: () => void,
    ): Promise<void> {
        const { code, errors } = await runJournalctl(
            [...placeArguments(this.#place), '--output=export', ...args],
            chunk => {
                parser.push(chunk);
                onPiece?.();
            },
            signal,
        );
        if (!signal.aborted && code !== 0) throw new Error(errors === '' ? _('journalctl failed') : errors);
    }

    /**
     * Only what the handler could store counts as read.
     *
     * @returns how long the last entry had waited, in microseconds; null if there is none, or if that is unknown
     */
    #settle(handler: JournalHandler, last: string | null): number | null {
        if (last === null || last === this.#cursor) return null;
        handler.settled(last);
        this.#cursor = last;
        return this.#noteTime(last);
    }

    /** @returns how long the entry had waited, in microseconds; null if unknown */
    #noteTime(cursor: string): number | null {
        const now = Date.now() * 1000;
        this.status.lastEvent = now;
        const logged = loggedAt(cursor);
        if (logged === null) return null;
        const waited = Math.max(0, now - logged);
        // The delay of a journal from another machine is meaningless.
        if (this.#place.kind === 'machine') this.status.lag = waited;
        return waited;
    }

    #count(entry: LogEntry): void {
        this.status.events += 1;
        const lost = lostBy(entry);
        if (lost === 0) return;
        this.status.lost += lost;
        this.emit('status', this.status);
    }

    #lose(handler: JournalHandler, lost: number | null, detail = goneText(lost)): void {
        this.status.lost += lost ?? 1;
        log('warning', 'Journal entries are missing', { lost: lost ?? 'unknown', detail });
        handler.gap(lost, detail);
        this.emit('status', this.status);
    }

    #setState(state: SourceState, detail = ''): void {
        if (this.status.state === state && this.status.detail === detail) return;
        this.status.state = state;
        this.status.detail = detail;
        this.emit('status', this.status);
    }
}

function removedText(): string {
    return _('The last entry that was read has just been removed');
}

function goneText(lost: number | null): string {
    return lost === null
        ? _('Messages that were logged while the journal was not being read are gone')
        : _('{lost} messages were removed from the journal before they could be read', { lost });
}

function passedOverText(lost: number | null): string {
    return lost === null
        ? _('Unimportant messages came faster than they could be read')
        : _('{lost} unimportant messages came faster than they could be read', { lost });
}
