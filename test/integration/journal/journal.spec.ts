import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Backlog } from '../../../service/util/backlog.ts';
import { Journal } from '../../../service/journal/journal.ts';
import { until } from '../../desktop/waiting.ts';
import { isPresent } from '../../support/hostPackages.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../../support/journals.ts';

type ReadingOptions = {
    /** Called each time that something was read, with the cursor of the last entry. */
    onSettled?: (cursor: string) => void;
    /** The cursor behind which to go on. */
    from?: string | null;
    /** Reads all there is, however late. */
    isPatient?: boolean;
};

/** What a handler was told by a journal, which takes all that it reads to be late unless it is patient. */
class Reading implements AsyncDisposable {
    readonly important: string[] = [];
    readonly gaps: { lost: number | null; detail: string }[] = [];
    entries = 0;
    isCaughtUp = false;
    /** What had been handed over when all that was there at the start had been. */
    importantThen: readonly string[] = [];
    readonly journal: Journal;
    readonly #stop = new AbortController();
    readonly #running: Promise<void>;

    constructor(root: string, { onSettled = () => undefined, from = null, isPatient = false }: ReadingOptions = {}) {
        const backlog = isPatient ? null : new Backlog({ longestWait: 0, patience: 0 });
        this.journal = new Journal({ kind: 'directory', path: root }, backlog);
        this.#running = this.journal.run(
            {
                begin: () => undefined,
                entry: (entry, isNew) => {
                    if (!isNew) return;
                    this.entries += 1;
                    if (entry.field('PRIORITY') === '4') this.important.push(entry.message());
                },
                settled: onSettled,
                caughtUp: () => {
                    this.isCaughtUp = true;
                    this.importantThen = [...this.important];
                },
                gap: (lost, detail) => this.gaps.push({ lost, detail }),
            },
            from,
            this.#stop.signal,
        );
    }

    /** How many are missing; not a number when that is not known. */
    get lost(): number {
        return this.gaps.reduce((sum, { lost }) => sum + (lost ?? Number.NaN), 0);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#stop.abort();
        await this.#running;
    }
}

describe('The journal, written to faster than it is read', () => {
    const unimportant = 3000;
    let root: string;
    let writer: EntryWriter;

    beforeEach(() => {
        if (!isPresent(journalRemote)) pending('systemd-journal-remote is not installed');
        root = mkdtempSync(join(tmpdir(), 'reeve-journal-'));
        writer = new EntryWriter();
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    const noise = () =>
        Array.from({ length: unimportant }, (_v, index) => writer.unitLine('noise', `${index}`)).join('');
    const failure = (name: string) => writer.manager({ PRIORITY: 4, MESSAGE: name });

    it('has what is important read once, the rest counted, and is followed from its end', async () => {
        await appendToJournal(root, failure('first'));
        await using reading = new Reading(root);
        await until('all is read', () => reading.isCaughtUp);

        await appendToJournal(root, [noise(), failure('second'), noise()].join(''));
        await until('some were passed over', () => reading.gaps.length > 0);
        await appendToJournal(root, failure('last'));
        await until('all are read or counted', () => reading.entries + reading.lost === 2 * unimportant + 3);

        expect(reading.important).toEqual(['first', 'second', 'last']);
        expect(reading.lost).toBeGreaterThan(0);
        expect(reading.journal.status.lost).toBe(reading.lost);
    }, 60_000);

    it('is caught up with in the same way when all of it was there at the start', async () => {
        await appendToJournal(root, [failure('first'), noise(), failure('second'), noise()].join(''));
        await using reading = new Reading(root);
        await until('all that was there is read', () => reading.isCaughtUp);
        expect(reading.importantThen).toEqual(['first', 'second']);
        expect(reading.lost).toBeGreaterThan(0);

        await appendToJournal(root, failure('last'));
        await until('all are read or counted', () => reading.entries + reading.lost === 2 * unimportant + 3);
        expect(reading.important).toEqual(['first', 'second', 'last']);
    }, 60_000);

    it('says of what was removed meanwhile that it is gone, not that it did not matter', async () => {
        await appendToJournal(
            root,
            [failure('first'), noise(), failure('never seen'), noise()].join(''),
            'old.journal',
        );
        await appendToJournal(root, [noise(), failure('second')].join(''), 'new.journal');
        await using reading = new Reading(root, {
            onSettled: () => {
                rmSync(join(root, 'old.journal'), { force: true });
            },
        });
        await until('all that is left is read', () => reading.isCaughtUp);

        expect(reading.important).toContain('second');
        expect(reading.important).not.toContain('never seen');
        expect(reading.gaps[0]).toEqual({
            lost: null,
            detail: 'Messages that were logged while the journal was not being read are gone',
        });
        expect(reading.gaps[1]?.lost).toBe(unimportant);
    }, 60_000);
});

describe('The journal of a computer that was restarted', () => {
    const boots = ['b0070000000000000000000000000001', 'b0070000000000000000000000000002'];
    let root: string;

    beforeEach(() => {
        if (!isPresent(journalRemote)) pending('systemd-journal-remote is not installed');
        root = mkdtempSync(join(tmpdir(), 'reeve-journal-'));
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    // journalctl --follow shows the entries of this boot only, from systemd 250 on.
    it('is read from the entry that was handled last, before the start, and is followed', async () => {
        const writer = new EntryWriter();
        const failure = (name: string, boot: number) =>
            writer.manager({ PRIORITY: 4, MESSAGE: name, _BOOT_ID: boots[boot] ?? '' });
        let cursor: string | null = null;
        await appendToJournal(root, failure('handled', 0));
        {
            await using before = new Reading(root, { onSettled: last => (cursor = last), isPatient: true });
            await until('all is read', () => before.isCaughtUp);
        }

        await appendToJournal(root, [failure('not handled', 0), failure('of the next start', 1)].join(''));
        await using reading = new Reading(root, { from: cursor, isPatient: true });
        await until('all is read', () => reading.isCaughtUp);
        expect(reading.importantThen).toEqual(['not handled', 'of the next start']);
        await appendToJournal(root, failure('of now', 1));
        await until('it is followed', () => reading.important.length > 2);

        expect(reading.important.at(-1)).toBe('of now');
        expect(reading.gaps).toEqual([]);
        expect(reading.journal.status.state).toBe('watching');
    });
});
