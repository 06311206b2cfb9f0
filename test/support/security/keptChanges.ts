// The changes of what Reeve keeps on the disk: how each is made, and what must hold whatever became of it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Grants } from '../../../mechanism/grants.ts';
import { Transactions } from '../../../mechanism/transactions.ts';
import { unitStep } from '../../../service/actions/units/unitPlan.ts';
import { Conversations } from '../../../service/assistant/conversation/conversations.ts';
import { AuditLog } from '../../../service/audit/auditLog.ts';
import { Archive } from '../../../service/backup/archive.ts';
import { makeBackup, type Kept } from '../../../service/backup/backup.ts';
import { restore } from '../../../service/backup/restore.ts';
import { Library, type Manifest } from '../../../service/modelFiles/library.ts';
import { defaultLimits, grantId, type GrantTerms } from '../../../service/model/grant.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { Contents } from '../../../service/store/contents.ts';
import { Database } from '../../../service/store/database.ts';
import { migrations } from '../../../service/store/schema.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { writeAtomically } from '../../../service/util/durableFiles.ts';

const quiet = () => undefined;

export const keptIn = (directory: string): Kept => ({
    stateDirectory: join(directory, 'state'),
    dataDirectory: join(directory, 'data'),
    configurationFile: join(directory, 'config', 'config.toml'),
});

type Change = {
    /** In this process, before. */
    prepare: (kept: Kept) => Promise<void>;
    /** What needs no looking after is loaded and opened before the trouble. */
    load: () => Promise<(kept: Kept) => unknown>;
    /** @throws when something is lost. @returns whether the change was made */
    check: (kept: Kept) => Promise<boolean>;
};

/** Of a generation: a conversation, an audit entry, the contents of a file, a setting, a local rule, and a model of the first. */
export async function fill(kept: Kept, generation: string): Promise<void> {
    using database = Database.open(kept.stateDirectory, quiet).database;
    const hash = await new Contents(kept.stateDirectory).put(contentsOf(generation));
    database.transaction(() => {
        database.setState('generation', generation);
        database.setState('hash', hash);
        new AuditLog({ database }).append({ event: 'applied', actor: 'shell', subject: generation, detail: '' });
        const conversations = new Conversations({ database });
        conversations.add(null, { question: generation, answer: 'yes', answerer: 'built-in', evidence: [] });
    });
    await writeAtomically(kept.configurationFile, `# ${generation}\n[log]\nlevel = "info"\n`);
    const rules = join(kept.configurationFile, '..', 'faults.d');
    mkdirSync(rules, { recursive: true });
    writeFileSync(join(rules, 'mine.yaml'), `# ${generation}\n`);
}
const contentsOf = (generation: string) => Buffer.from(`what ${generation} was in the file`);

/** What is there is whole, and all of one generation. @returns which */
export async function generationOf(kept: Kept): Promise<string> {
    const opened = Database.open(kept.stateDirectory, quiet);
    using database = opened.database;
    if (opened.replaced !== null) throw new Error(`the database was lost: ${opened.reason}`);
    const generation = database.getState('generation') ?? '';
    const bytes = await new Contents(kept.stateDirectory).get(database.getState('hash') ?? '');
    const audit = new AuditLog({ database });
    const [asked] = new Conversations({ database }).list({ text: generation });
    const isWhole =
        bytes?.equals(contentsOf(generation)) === true &&
        audit.verify().ok &&
        audit.list().some(({ subject }) => subject === generation) &&
        asked?.title === generation;
    if (!isWhole) throw new Error(`what there is of “${generation}” is not whole`);
    for (const file of ['config.toml', 'faults.d/mine.yaml'])
        if (!/^# \w+\n/.test(readFileSync(join(kept.configurationFile, '..', file), 'utf8')))
            throw new Error(`${file} is not whole`);
    return generation;
}

export const backupFile = (kept: Kept) => join(kept.stateDirectory, '..', 'saved.sqlar');

function verified(path: string): void {
    using archive = new Archive(path);
    archive.verify();
}

async function restoreFrom(kept: Kept): Promise<void> {
    using archive = new Archive(backupFile(kept));
    await restore(archive, kept, 'the test');
}

const model = Buffer.from('not really a model');
const manifest = (id: string): Manifest => ({
    id,
    name: id,
    size: model.length,
    sha256: createHash('sha256').update(model).digest('hex'),
    installed: 1,
    origin: { kind: 'file', path: '/model.gguf' },
    facts: {
        ...{ name: id, architecture: 'llama', parameters: 1, quantisation: '', licence: '', context: null },
        ...{ layers: 1, vocabulary: 1, weights: 1, cachePerToken: 1, chatTemplate: 'none' },
    },
});
const modelsIn = (kept: Kept) => Library.open(join(kept.dataDirectory, 'models'));
export async function installModel(kept: Kept, id: string): Promise<void> {
    const library = await modelsIn(kept);
    const folder = await library.draftFolder();
    // As what fetches or copies one leaves it.
    writeFileSync(join(folder, 'model.gguf'), model, { flush: true });
    await library.install(folder, manifest(id));
}
async function prepareModel(kept: Kept): Promise<void> {
    await installModel(kept, 'first');
    await (await modelsIn(kept)).choose('quick', 'first');
}
async function checkModel(kept: Kept): Promise<Library> {
    const library = await modelsIn(kept);
    if (!library.has('first') || library.choice.quick !== 'first') throw new Error('a model or the choice is lost');
    return library;
}

// -- Of root

const uid = 1000;
const unit = { scope: 'system', unit: 'sample.service' };
const restart: Plan = {
    action: 'unit.restart',
    parameters: unit,
    title: 'Restart sample.service',
    explanation: '',
    steps: [unitStep('RestartUnit', { scope: 'system', name: unit.unit })],
    risk: 'low',
    riskText: '',
    undo: { text: 'Stops it', steps: [unitStep('StopUnit', { scope: 'system', name: unit.unit })] },
    authentication: true,
    preconditions: {},
};
const rootIn = (kept: Kept) => join(kept.stateDirectory, '..', 'root');
const digest = 'a'.repeat(64);
function writeRecord(kept: Kept, done: number): Promise<void> {
    const run = { kind: 'apply' as const, begun: 1, steps: [0, 1], done, state: 'under way' as const };
    const record = { version: 1 as const, begun: 1, uid, digest, language: '', plan: restart, runs: [run] };
    return new Transactions(rootIn(kept)).write(record);
}
const terms: GrantTerms = {
    ...{ action: restart.action, parameters: unit, family: 'unit', kind: 'exit-code', subject: unit.unit },
    ...{ incident: 1, ...defaultLimits, uses: 2 },
};
const useGrant = (kept: Kept) => new Grants(rootIn(kept)).use(uid, grantId(terms), restart);

const next = 'CREATE TABLE later (id INTEGER) STRICT';

export const changes: Readonly<Record<string, Change>> = {
    'a backup': {
        prepare: kept => fill(kept, 'old'),
        load: () => Promise.resolve((kept: Kept) => makeBackup(kept, backupFile(kept))),
        check: async kept => {
            if ((await generationOf(kept)) !== 'old') throw new Error('it changed what it saves');
            if (existsSync(backupFile(kept))) {
                verified(backupFile(kept));
                return true;
            }
            await makeBackup(kept, backupFile(kept));
            verified(backupFile(kept));
            const left = readdirSync(join(kept.stateDirectory, '..')).filter(name => name.includes('partial'));
            if (left.length > 0) throw new Error(`${left.join()} is left`);
            return false;
        },
    },
    'a restore': {
        prepare: async kept => {
            await fill(kept, 'old');
            await prepareModel(kept);
            await makeBackup(kept, backupFile(kept), { withModels: true });
            await (await modelsIn(kept)).remove('first');
            await fill(kept, 'new');
        },
        load: () => Promise.resolve(restoreFrom),
        check: async kept => {
            const generation = await generationOf(kept);
            if (generation !== 'new') {
                const backups = join(kept.stateDirectory, 'backups');
                for (const name of readdirSync(backups)) verified(join(backups, name));
            }
            // It can always be done again.
            await restoreFrom(kept);
            if ((await generationOf(kept)) !== 'old') throw new Error('it cannot be restored any more');
            await checkModel(kept);
            if (existsSync(join(kept.stateDirectory, '.restore'))) throw new Error('a draft is left');
            return generation === 'old';
        },
    },
    'an update of the database': {
        prepare: kept => fill(kept, 'old'),
        load: () =>
            Promise.resolve((kept: Kept) => {
                Database.open(kept.stateDirectory, quiet, [...migrations, next]).database[Symbol.dispose]();
            }),
        check: kept => {
            using newer = Database.open(kept.stateDirectory, quiet, [...migrations, next]).database;
            if (newer.getState('generation') !== 'old') throw new Error('the update lost it');
            return Promise.resolve(true);
        },
    },
    'a return to an older version': {
        prepare: async kept => {
            await fill(kept, 'old');
            using newer = Database.open(kept.stateDirectory, quiet, [...migrations, next]).database;
            newer.setState('learned', 'later');
        },
        load: () =>
            Promise.resolve((kept: Kept) => {
                Database.open(kept.stateDirectory, quiet).database[Symbol.dispose]();
            }),
        check: async kept => {
            const isDone = readdirSync(kept.stateDirectory).some(name => name.startsWith('database.replaced-'));
            Database.open(kept.stateDirectory, quiet).database[Symbol.dispose]();
            if ((await generationOf(kept)) !== 'old') throw new Error('what the older version knew is lost');
            const [aside = ''] = readdirSync(kept.stateDirectory).filter(name => name.startsWith('database.replaced-'));
            mkdirSync(join(kept.stateDirectory, 'looked'));
            const { database, replaced } = withFolder(join(kept.stateDirectory, aside), kept);
            using newer = database;
            if (replaced !== null || newer.getState('learned') !== 'later') throw new Error('what is newer is lost');
            return isDone;
        },
    },
    'a conversation': {
        prepare: kept => fill(kept, 'old'),
        load: () => Promise.resolve((kept: Kept) => fill(kept, 'new')),
        check: async kept => (await generationOf(kept)) === 'new',
    },
    'a model': {
        prepare: prepareModel,
        load: () => Promise.resolve((kept: Kept) => installModel(kept, 'second')),
        check: async kept => (await checkModel(kept)).has('second'),
    },
    'a choice of a model': {
        prepare: prepareModel,
        load: () => Promise.resolve(async (kept: Kept) => (await modelsIn(kept)).choose('hard', 'first')),
        check: async kept => (await checkModel(kept)).choice.hard === 'first',
    },
    'the removal of a model': {
        prepare: async kept => {
            await prepareModel(kept);
            await installModel(kept, 'second');
        },
        load: () => Promise.resolve(async (kept: Kept) => (await modelsIn(kept)).remove('second')),
        check: async kept => !(await checkModel(kept)).has('second'),
    },
    'a record of root': {
        prepare: kept => writeRecord(kept, 0),
        load: () => Promise.resolve((kept: Kept) => writeRecord(kept, 1)),
        check: async kept => {
            const [run] = (await new Transactions(rootIn(kept)).newest(uid, digest))?.runs ?? [];
            if (run === undefined) throw new Error('the record is lost');
            return run.done === 1;
        },
    },
    'a use of a grant': {
        prepare: kept => new Grants(rootIn(kept)).add(uid, terms),
        load: () => Promise.resolve(useGrant),
        check: async kept => {
            // Once is always left.
            await useGrant(kept);
            const again = await useGrant(kept).catch((error: unknown) => error);
            return again instanceof ReeveError;
        },
    },
};

/** The database that was moved aside, opened by the version that left it. */
function withFolder(folder: string, { stateDirectory }: Kept) {
    const place = join(stateDirectory, 'looked');
    renameSync(folder, join(place, 'database'));
    return Database.open(place, quiet, [...migrations, next]);
}
