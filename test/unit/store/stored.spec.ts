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
        const rows = [
            { id: 1, name: 'a' },
            { id: 2, name: null },
            { id: 3, name: 'c' },
        ];
        expect(readRows('thing', rows, each => row.parse(each)).map(({ name }) => name)).toEqual(['a', 'c']);
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
