import { journalFields, JournalLogEntry } from '../../../service/journal/logEntry.ts';
import type { LogEntry } from '../../../service/journal/logEntry.ts';
import { ExportParser } from '../../../service/journal/exportParser.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { EntryWriter } from '../../support/journals.ts';

describe('A log entry', () => {
    const long = `It begins ${'x'.repeat(60_000)}`;

    function check(entry: LogEntry): void {
        expect(entry.raw().length).toBe(16_384);
        expect(entry.message().length).toBe(2048);
        expect(entry.message()).toMatch(/^It begins x+…$/);
    }

    it('of a journal offers no more to be searched than can count', () => {
        const seen = jasmine.createSpy('entry', check).and.callThrough();
        const parser = new ExportParser(journalFields, exported => {
            seen(new JournalLogEntry(exported));
        });
        parser.push(Buffer.from(new EntryWriter().entry({ MESSAGE: long })));
        parser.end();
        expect(seen).toHaveBeenCalledTimes(1);
    });

    it('of a text offers no more to be searched than can count', () => {
        check(new TextLogEntry(Buffer.from(long), 1, 0));
    });
});
