import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { Database } from '../../../service/store/database.ts';
import { readRows, readState } from '../../../service/store/stored.ts';

describe('What is stored', () => {
    let directory: string;
    let database: Database;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-stored-'));
        database = Database.open(directory, () => undefined).database;
    });

    afterEach(() => {
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    it('is read row by row, without those that cannot be read', () => {
        const row = z.object({ id: z.number(), name: z.string() });
        const query = database.connection.prepare(
            "VALUES (1, 'a'), (2, NULL), (3, 'c'), (9007199254740993, 'd'), (?, 'e')",
        );
        const read = readRows('thing', query, [5], ({ column1: id, column2: name }) => row.parse({ id, name }));
        expect(read).toEqual([
            { id: 1, name: 'a' },
            { id: 3, name: 'c' },
            { id: 5, name: 'e' },
        ]);
    });

    it('under a key is nothing when it cannot be read', () => {
        const schema = z.array(z.string());
        for (const text of ['["a"', '{"a":1}', '[1]', '']) {
            database.setState('list', text);
            expect(readState(database, 'list', schema))
                .withContext(text)
                .toBeNull();
        }
        expect(readState(database, 'other', schema)).toBeNull();
        database.setState('list', '["a"]');
        expect(readState(database, 'list', schema)).toEqual(['a']);
    });
});
