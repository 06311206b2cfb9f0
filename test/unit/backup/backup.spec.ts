import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { Archive } from '../../../service/backup/archive.ts';
import { databaseFile, makeBackup } from '../../../service/backup/backup.ts';
import { restore } from '../../../service/backup/restore.ts';
import { openDatabase } from '../../../service/lifecycle/notices.ts';
import { AuditLog } from '../../../service/audit/auditLog.ts';
import { Library } from '../../../service/modelFiles/library.ts';
import { Database } from '../../../service/store/database.ts';
import { migrations } from '../../../service/store/schema.ts';
import { fill, generationOf, installModel, keptIn } from '../../support/security/keptChanges.ts';

const quiet = () => undefined;

describe('A backup', () => {
    let directory: string;
    let file: string;
    const kept = () => keptIn(directory);
    const putBack = async () => {
        using archive = new Archive(file);
        return await restore(archive, kept(), 'saved.sqlar');
    };

    beforeEach(async () => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-backup-'));
        file = join(directory, 'saved.sqlar');
        await fill(kept(), 'old');
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    it('holds what was kept when it was made, while the service goes on writing', async () => {
        using database = Database.open(kept().stateDirectory, quiet).database;
        database.setState('later', 'not on the disk of the main file yet');
        const made = await makeBackup(kept(), file);
        expect(made).toEqual(jasmine.objectContaining({ path: file, contents: 1, rules: 1, models: [] }));
        database[Symbol.dispose]();
        await fill(kept(), 'new');
        await putBack();
        expect(await generationOf(kept())).toBe('old');
        expect(readFileSync(kept().configurationFile, 'utf8')).toMatch(/^# old/);
        using restored = Database.open(kept().stateDirectory, quiet).database;
        expect(restored.getState('later')).toBe('not on the disk of the main file yet');
    });

    it('is for its owner alone, and replaces no file', async () => {
        await makeBackup(kept(), file);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        await expectAsync(makeBackup(kept(), file)).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidState' }),
        );
        rmSync(kept().stateDirectory, { recursive: true });
        await expectAsync(makeBackup(kept(), `${file}2`)).toBeRejectedWith(
            jasmine.objectContaining({ code: 'NotFound' }),
        );
    });

    it('keeps what it replaces, and says in the audit log that it did', async () => {
        await makeBackup(kept(), file);
        await fill(kept(), 'new');
        const { before } = await putBack();
        {
            using started = openDatabase(kept().stateDirectory);
            const audit = new AuditLog({ database: started.database });
            expect(audit.verify().ok).toBeTrue();
            expect(audit.list({ limit: 1 })).toEqual([
                jasmine.objectContaining({ event: 'database-restored', subject: before, detail: 'saved.sqlar' }),
            ]);
        }
        file = before;
        await putBack();
        expect(await generationOf(kept())).toBe('new');
    });

    it('gives back no standing grant that could be used without asking', async () => {
        const grants = `SELECT suspended FROM standing_grant`;
        {
            using database = Database.open(kept().stateDirectory, quiet).database;
            database.connection.exec(`INSERT INTO standing_grant (id, made, plan) VALUES ('4f2a91c0', 1, '{}')`);
        }
        await makeBackup(kept(), file);
        await putBack();
        using database = Database.open(kept().stateDirectory, quiet).database;
        expect(database.connection.prepare(grants).get()?.suspended).toBe('Restored from a backup');
    });

    it('names the models, and has their files when asked', async () => {
        await installModel(kept(), 'first');
        const library = await Library.open(join(kept().dataDirectory, 'models'));
        await library.choose('quick', 'first');
        await makeBackup(kept(), file);
        await makeBackup(kept(), `${file}.whole`, { withModels: true });
        await library.remove('first');
        const { missing } = await putBack();
        expect(missing).toEqual([jasmine.objectContaining({ id: 'first', roles: ['quick'] })]);
        file = `${file}.whole`;
        expect((await putBack()).missing).toEqual([]);
        const again = await Library.open(join(kept().dataDirectory, 'models'));
        expect(again.choice.quick).toBe('first');
        expect(readFileSync(again.get('first').path, 'utf8')).toBe('not really a model');
    });

    it('of an older version is brought up to date', async () => {
        rmSync(kept().stateDirectory, { recursive: true });
        Database.open(kept().stateDirectory, quiet, migrations.slice(0, 8)).database[Symbol.dispose]();
        await makeBackup(kept(), file);
        await fill(kept(), 'new');
        await putBack();
        const opened = Database.open(kept().stateDirectory, quiet);
        using database = opened.database;
        expect(opened.replaced).toBeNull();
        expect(database.getState('generation')).toBeNull();
    });

    it('is not put back while the service runs', async () => {
        await makeBackup(kept(), file);
        using running = openDatabase(kept().stateDirectory);
        expect(running.isKept).toBeTrue();
        await expectAsync(putBack()).toBeRejectedWith(jasmine.objectContaining({ code: 'Busy' }));
    });

    describe('that somebody else made', () => {
        const change = (sql: string) => {
            const archive = new DatabaseSync(file);
            archive.exec(sql);
            archive.close();
        };
        /** What is inside it is whole again, and says so. */
        const changeDatabase = async (sql: string) => {
            const inside = new DatabaseSync(databaseFile(kept()));
            inside.exec(sql);
            inside.close();
            await makeBackup(kept(), file);
        };
        const about = (path: string, value: string) => {
            const text = aboutText();
            const archive = new DatabaseSync(file);
            const query = archive.prepare(`SELECT json_set(:text, '${path}', ${value}) AS changed`);
            const changed = String(query.get({ text })?.changed);
            archive
                .prepare(`UPDATE sqlar SET data = ?, sz = ? WHERE name = 'backup.json'`)
                .run(Buffer.from(changed), Buffer.byteLength(changed));
            archive.close();
        };
        const aboutText = () => {
            using archive = new Archive(file);
            return JSON.stringify(archive.about);
        };
        const entry = (name: string, mode = 0o100600) =>
            `INSERT INTO sqlar VALUES ('${name}', ${mode}, 0, 3, CAST('abc' AS BLOB))`;
        const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
        const list = (name: string) => {
            const value = `json_array(json_object('name', '${name}', 'size', 3, 'sha256', '${hash}'))`;
            about('$.files', value);
            change(entry(name));
        };
        const hostile: [string, () => Promise<void> | void, RegExp][] = [
            [
                'a path outside',
                () => {
                    list('config/faults.d/../../evil.yaml');
                },
                /has a file/,
            ],
            [
                'an absolute path',
                () => {
                    list('/etc/evil');
                },
                /has a file/,
            ],
            [
                'a file that it does not list',
                () => {
                    change(entry('config/config.toml2'));
                },
                /has a file/,
            ],
            [
                'a link',
                () => {
                    change(`UPDATE sqlar SET mode = 41471 WHERE name LIKE 'config/%'`);
                },
                /is a link/,
            ],
            [
                'a file that is larger than it says',
                () => {
                    change(`UPDATE sqlar SET data = zeroblob(100) WHERE name = 'config/config.toml'`);
                },
                /size of config/,
            ],
            [
                'a file that unpacks to more than it says',
                () => {
                    change(`UPDATE sqlar SET sz = 5 WHERE name = 'config/config.toml'`);
                },
                /size of config/,
            ],
            [
                'a size beyond all limits',
                () => {
                    about('$.files[0].size', '9000000000000');
                },
                /size of database/,
            ],
            [
                'a trigger',
                () => {
                    change('CREATE TRIGGER evil AFTER INSERT ON sqlar BEGIN DELETE FROM sqlar; END');
                },
                /not a backup of Reeve/,
            ],
            [
                'a changed file',
                () => {
                    change(`UPDATE sqlar SET data = CAST('# evil' AS BLOB), sz = 6 WHERE name = 'config/config.toml'`);
                },
                /size of config/,
            ],
            [
                'a field that nobody knows',
                () => {
                    about('$.more', '1');
                },
                /more/,
            ],
            [
                'a newer format',
                () => {
                    about('$.format', '2');
                },
                /format/,
            ],
            [
                'a newer database',
                () => {
                    about('$.schema', String(migrations.length + 1));
                },
                /Update Reeve first/,
            ],
            [
                'a database that is newer than it says',
                () =>
                    changeDatabase(`PRAGMA user_version = ${migrations.length + 1}`).then(() => {
                        about('$.schema', '1');
                    }),
                /newer version/,
            ],
            [
                'a database with a trigger',
                () => changeDatabase('CREATE TRIGGER evil AFTER INSERT ON audit BEGIN DELETE FROM mute; END'),
                /not one of Reeve/,
            ],
            ['a database of another program', () => changeDatabase('PRAGMA application_id = 7'), /another program/],
            [
                'no archive at all',
                () => {
                    writeFileSync(file, 'text '.repeat(1000));
                },
                /not a database/,
            ],
        ];
        for (const [what, make, reason] of hostile) {
            it(`is refused for ${what}, and nothing is changed`, async () => {
                if (!what.startsWith('a database')) await makeBackup(kept(), file);
                await make();
                rmSync(kept().stateDirectory, { recursive: true });
                await fill(kept(), 'new');
                await expectAsync(putBack()).toBeRejectedWith(
                    jasmine.objectContaining({ code: 'InvalidArgument', message: jasmine.stringMatching(reason) }),
                );
                expect(await generationOf(kept())).toBe('new');
                expect(readFileSync(kept().configurationFile, 'utf8')).toMatch(/^# new/);
            });
        }
    });
});
