/** What `reeve backup` keeps: all that no program could make again. The service may run meanwhile. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { _ } from '../i18n/i18n.ts';
import { Library } from '../modelFiles/library.ts';
import { modelFile } from '../modelFiles/partial.ts';
import { roles } from '../modelFiles/role.ts';
import { copyDatabase } from '../store/database.ts';
import { ReeveError } from '../util/errors.ts';
import { version } from '../util/version.ts';
import { ArchiveWriter, type About } from './archive.ts';

/** Where what is kept lies. */
export type Kept = { stateDirectory: string; dataDirectory: string; configurationFile: string };

export type BackedUp = { path: string; size: number; contents: number; rules: number; models: About['models'] };

const configurationLimit = 1024 * 1024;

export const databaseFile = ({ stateDirectory }: Pick<Kept, 'stateDirectory'>) =>
    join(stateDirectory, 'database', 'reeve.db');
export const modelsFolder = ({ dataDirectory }: Pick<Kept, 'dataDirectory'>) => join(dataDirectory, 'models');
export const rulesFolder = ({ configurationFile }: Pick<Kept, 'configurationFile'>) =>
    join(dirname(configurationFile), 'faults.d');

/**
 * @param target which must not exist
 * @param options.withModels with the files of the models, not only their names
 * @throws ReeveError NotFound when nothing is kept yet, InvalidState when the target exists
 */
export async function makeBackup(
    kept: Kept,
    target: string,
    { withModels = false }: { withModels?: boolean } = {},
): Promise<BackedUp> {
    using archive = new ArchiveWriter(target);
    const copy = `${target}.partial-database`;
    try {
        const schema = copyOf(databaseFile(kept), copy);
        archive.add('database/reeve.db', copy);
        // After the database: what it refers to was there before it.
        const contents = addContents(archive, join(kept.stateDirectory, 'contents'));
        const rules = addConfiguration(archive, kept);
        const models = await addModels(archive, kept, withModels);
        await archive.finish({ version, schema, made: Date.now(), models });
        return { path: target, size: statSync(target).size, contents, rules, models };
    } finally {
        rmSync(copy, { force: true });
    }
}

/** @returns the version of its schema */
function copyOf(source: string, target: string): number {
    if (statSync(source, { throwIfNoEntry: false }) === undefined)
        throw new ReeveError('NotFound', _('Reeve has nothing to keep yet: {path} does not exist', { path: source }));
    const connection = new DatabaseSync(source, { readOnly: true, timeout: 5000 });
    try {
        copyDatabase(connection, target);
        return Number(connection.prepare('PRAGMA user_version').get()?.user_version);
    } finally {
        connection.close();
    }
}

function addContents(archive: ArchiveWriter, folder: string): number {
    let count = 0;
    for (const prefix of namesIn(folder).filter(name => /^[0-9a-f]{2}$/.test(name)))
        for (const rest of namesIn(join(folder, prefix)).filter(name => /^[0-9a-f]{62}$/.test(name))) {
            const bytes = read(join(folder, prefix, rest));
            if (bytes === null) continue;
            archive.add(`contents/${prefix}/${rest}`, bytes);
            count += 1;
        }
    return count;
}

/** @returns the number of files with local rules */
function addConfiguration(archive: ArchiveWriter, kept: Kept): number {
    const folder = rulesFolder(kept);
    const names = namesIn(folder).filter(name => name.endsWith('.yaml') && !name.startsWith('.'));
    const files = [
        ['config/config.toml', kept.configurationFile] as const,
        ...names.map(name => [`config/faults.d/${name}`, join(folder, name)] as const),
    ];
    let rules = 0;
    for (const [name, path] of files) {
        const stats = statSync(path, { throwIfNoEntry: false });
        if (stats?.isFile() !== true || stats.size > configurationLimit) continue;
        archive.add(name, readFileSync(path));
        if (path !== kept.configurationFile) rules += 1;
    }
    return rules;
}

async function addModels(archive: ArchiveWriter, kept: Kept, withFiles: boolean): Promise<About['models']> {
    const folder = modelsFolder(kept);
    const library = await Library.open(folder);
    return library.list().map(({ id, name, size, sha256 }) => {
        if (withFiles)
            for (const file of ['model.json', modelFile]) archive.add(`models/${id}/${file}`, join(folder, id, file));
        return { id, name, size, sha256, roles: roles.filter(role => library.choice[role] === id) };
    });
}

function namesIn(folder: string): string[] {
    try {
        return readdirSync(folder).sort();
    } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw error;
    }
}

/** null for what was deleted meanwhile. */
function read(path: string): Buffer | null {
    try {
        return readFileSync(path);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
    }
}
