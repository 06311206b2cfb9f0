import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { Database } from '../../../service/store/database.ts';
import { migrations } from '../../../service/store/schema.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';

const quiet = () => undefined;

describe('Database', () => {
    let directory: string;
    const file = () => join(directory, 'database', 'reeve.db');
    const open = (history?: readonly string[]) => Database.open(directory, quiet, history);

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-database-'));
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    it('keeps what was stored, for the user alone', () => {
        {
            using database = open().database;
            database.setState('answer', '42');
            database.setState('answer', '43');
            expect(statSync(join(directory, 'database')).mode & 0o777).toBe(0o700);
            for (const name of readdirSync(join(directory, 'database'))) {
                expect(statSync(join(directory, 'database', name)).mode & 0o077)
                    .withContext(name)
                    .toBe(0);
            }
        }
        const opened = open();
        using database = opened.database;
        expect(opened.replaced).toBeNull();
        expect(database.getState('answer')).toBe('43');
        expect(database.getState('question')).toBeNull();
    });

    it('does all of a transaction or nothing, and acts only after a commit', () => {
        using database = open().database;
        const acts: string[] = [];
        expect(() =>
            database.transaction(() => {
                database.setState('a', '1');
                database.transaction(() => {
                    database.setState('b', '1');
                });
                database.afterCommit(() => acts.push('lost'));
                throw new Error('on purpose');
            }),
        ).toThrowError('on purpose');
        expect(database.getState('a')).toBeNull();
        expect(database.getState('b')).toBeNull();
        database.transaction(() => {
            database.afterCommit(() => acts.push('kept'));
            expect(acts).toEqual([]);
        });
        expect(acts).toEqual(['kept']);
    });

    it('syncs to disk what must outlive a power cut, and nothing else', () => {
        using database = open().database;
        const level = () => database.connection.prepare('PRAGMA synchronous').get()?.synchronous;
        // 1 is NORMAL, 2 is FULL.
        expect(database.transaction(level)).toBe(1);
        expect(database.transaction(level, { isDurable: true })).toBe(2);
        expect(() => {
            database.transaction(
                () => {
                    throw new Error('no room');
                },
                { isDurable: true },
            );
        }).toThrowError('no room');
        expect(level()).toBe(1);
    });

    it('does all that is to be done after a commit, whatever fails of it', () => {
        const logged: string[] = [];
        using database = Database.open(directory, (_level, message) => logged.push(message)).database;
        const acts: string[] = [];
        database.transaction(() => {
            database.setState('a', '1');
            database.afterCommit(() => {
                throw new Error('on purpose');
            });
            database.afterCommit(() => acts.push('done'));
        });
        expect(acts).toEqual(['done']);
        expect(logged.length).toBe(1);
    });

    const unusable: [string, () => void, RegExp][] = [
        [
            'a damaged database',
            () => {
                mkdirSync(join(directory, 'database'));
                writeFileSync(file(), Buffer.alloc(8192, 'no database at all'));
            },
            /not a database/,
        ],
        [
            'a database with a damaged page',
            () => {
                {
                    using database = open().database;
                    for (let i = 0; i < 2000; i++) database.setState(`key ${i}`, 'x'.repeat(100));
                }
                const bytes = readFileSync(file());
                bytes.fill(0xa5, 20 * 4096, 40 * 4096);
                writeFileSync(file(), bytes);
            },
            /damaged|malformed/,
        ],
        [
            'a database of another program',
            () => {
                mkdirSync(join(directory, 'database'));
                const other = new DatabaseSync(file());
                other.exec('CREATE TABLE photo (id INTEGER)');
                other.close();
            },
            /another program/,
        ],
        [
            'a database of a newer version',
            () => {
                open([...migrations, 'CREATE TABLE newer (id INTEGER)']).database[Symbol.dispose]();
            },
            /newer version/,
        ],
        [
            'a database with damaged JSON',
            () => {
                using database = open().database;
                database.connection.exec(`PRAGMA ignore_check_constraints = ON;
                    INSERT INTO incident (family, kind, scope, subject, severity, title, summary, cause, state,
                        first_seen, last_seen, count, notification, evidence)
                    VALUES ('unit', '', 'system', '', 'low', '', '', '', 'open', 0, 0, 1, 'none', '[{')`);
            },
            /damaged/,
        ],
    ];
    for (const [what, make, reason] of unusable) {
        it(`moves ${what} aside and starts over`, () => {
            make();
            const before = readFileSync(file());
            const opened = open();
            using database = opened.database;
            expect(opened.reason).toMatch(reason);
            expect(database.getState('a')).toBeNull();
            expect(readFileSync(join(opened.replaced ?? '', 'reeve.db'))).toEqual(before);
        });
    }

    it('says when the directory cannot hold a database', () => {
        writeFileSync(join(directory, 'database'), 'a file in the way');
        expect(open).toThrowMatching(error => (error as { code?: string }).code === 'Unavailable');
    });

    it('migrates, and keeps the database as it was before', () => {
        const first = ['CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT'];
        {
            using database = open(first).database;
            database.setState('old', 'kept');
        }
        using database = open([...first, 'ALTER TABLE state ADD COLUMN note TEXT']).database;
        expect({ ...database.connection.prepare('SELECT * FROM state').get() }).toEqual({
            key: 'old',
            value: 'kept',
            note: null,
        });
        const backup = new DatabaseSync(join(directory, 'database', 'reeve.v1.db'), { readOnly: true });
        expect({ ...backup.prepare('SELECT * FROM state').get() }).toEqual({ key: 'old', value: 'kept' });
        backup.close();
        expect(readdirSync(join(directory, 'database')).filter(name => name.endsWith('.partial'))).toEqual([]);
    });

    for (const version of [1, 2]) {
        it(`keeps the timeline of version ${version}, and finds it by its words`, () => {
            {
                using database = open(migrations.slice(0, version)).database;
                database.connection.exec(`INSERT INTO timeline (time, kind, subject, summary, detail)
                    VALUES (7, 'incident', 'ssh.service', 'ssh.service failed', 'with exit status 255')`);
            }
            using database = open().database;
            const timeline = new Timeline({ database, clock: () => 1000 });
            expect(timeline.query({ text: 'status 255' })).toEqual([
                jasmine.objectContaining({ time: 7, subject: 'ssh.service', event: '', source: '', facts: {} }),
            ]);
        });
    }

    it('goes back to what it left when a newer version was tried, and keeps what that learned', () => {
        const newer = [...migrations, 'CREATE TABLE newer (id INTEGER)'];
        {
            using database = open().database;
            database.setState('old', 'kept');
        }
        {
            using database = open(newer).database;
            database.setState('new', 'learned');
        }
        const opened = open();
        using database = opened.database;
        expect([opened.isReturned, opened.reason]).toEqual([true, jasmine.stringMatching(/newer version/)]);
        expect([database.getState('old'), database.getState('new')]).toEqual(['kept', null]);
        const aside = new DatabaseSync(join(opened.replaced ?? '', 'reeve.db'), { readOnly: true });
        expect(aside.prepare(`SELECT value FROM state WHERE key = 'new'`).get()?.value).toBe('learned');
        aside.close();
        database[Symbol.dispose]();
        // And forth again.
        using again = open(newer).database;
        expect(again.getState('old')).toBe('kept');
    });

    it('does not migrate half when a migration fails', () => {
        open(['CREATE TABLE one (id INTEGER)']).database[Symbol.dispose]();
        const broken = [
            'CREATE TABLE one (id INTEGER)',
            'CREATE TABLE two (id INTEGER); CREATE TABLE one (id INTEGER)',
        ];
        expect(() => open(broken)).toThrow();
        using database = open(['CREATE TABLE one (id INTEGER)']).database;
        expect(database.connection.prepare(`SELECT name FROM sqlite_schema`).all().length).toBe(1);
    });

    it('is whole after a kill at any step of a migration', async () => {
        const first = 'CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT';
        const second = 'CREATE TABLE more (id INTEGER); INSERT INTO more SELECT 1';
        {
            using database = open([first]).database;
            database.setState('old', 'kept');
        }
        // Kills itself in the middle of the second migration, through a function that SQL calls.
        const program = `
            import { DatabaseSync } from 'node:sqlite';
            import { Database } from ${JSON.stringify(new URL('../../../service/store/database.ts', import.meta.url).href)};
            const prepare = DatabaseSync.prototype.exec;
            DatabaseSync.prototype.exec = function (sql) {
                if (sql.startsWith('PRAGMA journal_mode')) {
                    this.function('die', () => process.kill(process.pid, 'SIGKILL'));
                }
                return prepare.call(this, sql);
            };
            Database.open(${JSON.stringify(directory)}, () => undefined,
                [${JSON.stringify(first)}, ${JSON.stringify(second + '; SELECT die()')}]);
        `;
        const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'ignore' });
        const signal = await new Promise(resolve =>
            child.once('exit', (_code, name) => {
                resolve(name);
            }),
        );
        expect(signal).toBe('SIGKILL');
        const opened = open([first, second]);
        using database = opened.database;
        expect(opened.replaced).toBeNull();
        expect(database.getState('old')).toBe('kept');
        expect(database.connection.prepare('SELECT count(*) AS n FROM more').get()?.n).toBe(1);
    });
});
