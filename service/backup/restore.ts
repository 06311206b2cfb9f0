/** What `reeve restore` does: puts back what a backup holds. The database comes last, and in one step. */
import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { _ } from '../i18n/i18n.ts';
import { Library, type Manifest } from '../modelFiles/library.ts';
import { modelFile } from '../modelFiles/partial.ts';
import { Contents } from '../store/contents.ts';
import { Database } from '../store/database.ts';
import { lockFolder } from '../store/folderLock.ts';
import { restoredKey } from '../store/restored.ts';
import { migrations } from '../store/schema.ts';
import { syncFolder, writeAtomically } from '../util/durableFiles.ts';
import { ReeveError } from '../util/errors.ts';
import { version } from '../util/version.ts';
import { unusable, type About, type Archive } from './archive.ts';
import { databaseFile, makeBackup, modelsFolder, rulesFolder, type Kept } from './backup.ts';

export type Restored = {
    /** The backup of what was there before. */
    before: string;
    /** Models that the backup names, and that have to be installed again. */
    missing: About['models'];
};

const quiet = () => undefined;

/**
 * @param from the backup's path and hash, for the audit log
 * @throws ReeveError InvalidArgument for a backup that cannot be used, Busy while the service runs; then nothing was changed
 */
export async function restore(archive: Archive, kept: Kept, from: string): Promise<Restored> {
    const { about } = archive;
    if (about.schema > migrations.length) throw tooNew(about);
    archive.verify();
    using stack = new DisposableStack();
    stack.use(lockFolder(kept.stateDirectory));
    const stage = join(kept.stateDirectory, '.restore');
    rmSync(stage, { recursive: true, force: true });
    try {
        stageDatabase(archive, stage);
        const before = await keepWhatIsThere(kept);
        mark(stage, { from, before });
        await putContents(archive, kept);
        await putConfiguration(archive, kept);
        const missing = await putModels(archive, kept);
        await replaceDatabase(stage, kept);
        return { before, missing };
    } finally {
        rmSync(stage, { recursive: true, force: true });
    }
}

function tooNew({ version: theirs, schema }: About): ReeveError {
    const values = { theirs, ours: version, schema, known: migrations.length };
    return unusable(
        _(
            'it was made by Reeve {theirs}, whose database has version {schema}; this is Reeve {ours}, which knows versions up to {known}. Update Reeve first',
            values,
        ),
    );
}

/** Opened, checked and migrated there, as the service would do it. */
function stageDatabase(archive: Archive, stage: string): void {
    mkdirSync(join(stage, 'database'), { recursive: true, mode: 0o700 });
    const file = openSync(databaseFile({ stateDirectory: stage }), 'wx', 0o600);
    try {
        for (const part of archive.parts('database/reeve.db')) writeSync(file, part);
    } finally {
        closeSync(file);
    }
    const { database, replaced, reason } = Database.open(stage, quiet);
    const ours = Database.open(join(stage, 'fresh'), quiet).database;
    try {
        if (replaced !== null) throw unusable(reason);
        if (schemaOf(database) !== schemaOf(ours)) throw unusable(_('its database is not one of Reeve'));
    } finally {
        database[Symbol.dispose]();
        ours[Symbol.dispose]();
    }
}

/** Triggers and views are code; the text of tables differs between versions of SQLite. */
function schemaOf({ connection }: Database): string {
    const rows = connection.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
    const isCode = (type: unknown) => type === 'trigger' || type === 'view';
    return JSON.stringify(rows.map(({ type, name, sql }) => [type, name, isCode(type) ? sql : '']));
}

async function keepWhatIsThere(kept: Kept): Promise<string> {
    // Moves one aside that cannot be used.
    Database.open(kept.stateDirectory, quiet).database[Symbol.dispose]();
    const folder = join(kept.stateDirectory, 'backups');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const before = join(folder, `before-restore-${new Date().toISOString().replaceAll(':', '-')}.sqlar`);
    await makeBackup(kept, before);
    return before;
}

/** What was allowed on another day, or on another computer, is not allowed again by itself. */
function mark(stage: string, restored: { from: string; before: string }): void {
    using database = Database.open(stage, quiet).database;
    database.transaction(() => {
        database.setState(restoredKey, JSON.stringify(restored));
        database.connection
            .prepare(`UPDATE standing_grant SET suspended = ? WHERE suspended = ''`)
            .run(_('Restored from a backup'));
    });
}

async function putContents(archive: Archive, { stateDirectory }: Kept): Promise<void> {
    const contents = new Contents(stateDirectory, Infinity);
    for (const { name } of archive.about.files)
        if (name.startsWith('contents/')) await contents.put(archive.content(name));
}

async function putConfiguration(archive: Archive, kept: Kept): Promise<void> {
    const rules = 'config/faults.d/';
    for (const { name } of archive.about.files) {
        if (name === 'config/config.toml') await write(kept.configurationFile, archive.content(name));
        if (name.startsWith(rules))
            await write(join(rulesFolder(kept), name.slice(rules.length)), archive.content(name));
    }
}

const write = (path: string, bytes: Buffer) => writeAtomically(path, bytes.toString('utf8'));

/** @returns those that have to be installed again */
async function putModels(archive: Archive, kept: Kept): Promise<About['models']> {
    const { models } = archive.about;
    if (models.length === 0) return [];
    const library = await Library.open(modelsFolder(kept));
    const isThere = ({ id, sha256 }: About['models'][number]) =>
        library.list().some(model => model.id === id && model.sha256 === sha256);
    for (const model of models) {
        const name = (file: string) => `models/${model.id}/${file}`;
        if (isThere(model) || library.has(model.id) || !archive.has(name(modelFile))) continue;
        const described = JSON.parse(archive.content(name('model.json')).toString('utf8')) as Manifest;
        if (described.id !== model.id || described.sha256 !== model.sha256)
            throw unusable(_('{name} is damaged', { name: name('model.json') }));
        const folder = await library.draftFolder();
        {
            await using file = await open(join(folder, modelFile), 'wx', 0o600);
            for (const part of archive.parts(name(modelFile))) await file.writeFile(part);
            await file.sync();
        }
        await library.install(folder, described);
    }
    for (const { id, roles } of models.filter(isThere)) for (const role of roles) await library.choose(role, id);
    return models.filter(model => !isThere(model));
}

/** Without a write-ahead log beside them, one rename replaces the one file by the other. */
async function replaceDatabase(stage: string, kept: Kept): Promise<void> {
    const target = databaseFile(kept);
    const staged = databaseFile({ stateDirectory: stage });
    for (const file of [staged, target]) foldLog(file);
    const file = await open(staged, 'r');
    await file.sync();
    await file.close();
    renameSync(staged, target);
    await syncFolder(dirname(target));
}

function foldLog(file: string): void {
    const connection = new DatabaseSync(file, { timeout: 5000 });
    try {
        connection.exec('PRAGMA journal_mode = DELETE');
    } finally {
        connection.close();
    }
    if (statSync(`${file}-wal`, { throwIfNoEntry: false }) !== undefined)
        throw new ReeveError('Busy', _('Another program is using {path}', { path: file }));
}
