import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Backlog } from '../../../service/sources/backlog.ts';
import { Journal } from '../../../service/sources/journal.ts';
import { until } from '../../desktop/waiting.ts';
import { isPresent } from '../../support/hostPackages.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../../support/journals.ts';

describe('The journal, written to faster than it is read', () => {
    const unimportant = 3000;
    let root: string;

    beforeEach(() => {
        if (!isPresent(journalRemote)) pending('systemd-journal-remote is not installed');
        root = mkdtempSync(join(tmpdir(), 'reeve-journal-'));
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    it('has what is important read once, the rest counted, and is followed from its end', async () => {
        const writer = new EntryWriter();
        const noise = () =>
            Array.from({ length: unimportant }, (_v, index) => writer.unitLine('noise', `${index}`)).join('');
        const failure = (name: string) => writer.manager({ PRIORITY: 4, MESSAGE: name });
        await appendToJournal(root, failure('first'));
        const journal = new Journal({ kind: 'directory', path: root }, new Backlog({ longestWait: 0, patience: 0 }));
        const stop = new AbortController();
        const important: string[] = [];
        const gaps: (number | null)[] = [];
        let entries = 0;
        const [caughtUp, second, last] = [0, 1, 2].map(() => Promise.withResolvers<undefined>());
        const running = journal.run(
            {
                begin: () => undefined,
                entry: (entry, isNew) => {
                    if (!isNew) return;
                    entries += 1;
                    if (entry.field('PRIORITY') !== '4') return;
                    important.push(entry.message());
                    if (entry.message() === 'last') last?.resolve(undefined);
                },
                settled: () => undefined,
                caughtUp: () => {
                    caughtUp?.resolve(undefined);
                },
                gap: lost => {
                    gaps.push(lost);
                    second?.resolve(undefined);
                },
            },
            null,
            stop.signal,
        );
        await caughtUp?.promise;

        await appendToJournal(root, [noise(), failure('second'), noise()].join(''));
        await second?.promise;
        await appendToJournal(root, failure('last'));
        await last?.promise;
        const lost = () => gaps.reduce((sum: number, gap) => sum + (gap ?? NaN), 0);
        await until('all are read or counted', () => entries + lost() === 2 * unimportant + 3);
        stop.abort();
        await running;

        expect(important).toEqual(['first', 'second', 'last']);
        expect(lost()).toBeGreaterThan(0);
        expect(journal.status.lost).toBe(lost());
    }, 60_000);
});
