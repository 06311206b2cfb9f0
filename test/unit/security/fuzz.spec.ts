// Plans, rows of the database, configurations and journals that somebody has changed: a typed error, or left out; never done.
import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';

import { Actions } from '../../../service/actions/actions.ts';
import { everyAction } from '../../../service/actions/everyAction.ts';
import { brokenRule } from '../../../service/actions/planRules.ts';
import { exportIncidents } from '../../../service/api/incident.ts';
import { exportProposals } from '../../../service/api/proposal.ts';
import { exportTasks } from '../../../service/api/task.ts';
import { planDigest } from '../../../service/approval/digest.ts';
import { Conversations } from '../../../service/assistant/conversation/conversations.ts';
import { changeSetting } from '../../../service/config/edit.ts';
import { parseConfig } from '../../../service/config/parse.ts';
import { settings } from '../../../service/config/schema.ts';
import { isIgnoredBy } from '../../../service/config/use.ts';
import { Detector } from '../../../service/detection/detector.ts';
import { families } from '../../../service/faults/index.ts';
import { ExportParser, NotAnExport } from '../../../service/journal/exportParser.ts';
import { journalFields, JournalLogEntry } from '../../../service/journal/logEntry.ts';
import { LoadedRules } from '../../../service/localRules/loadedRules.ts';
import { plan as planSchema, type SinglePlan } from '../../../service/model/proposal.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { EntryWriter } from '../../support/journals.ts';
import { localRule } from '../../support/localRule.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { recordedUnits } from '../../support/recordedUnits.ts';
import { Computer, scratch } from '../../support/security/computer.ts';
import { anyState, hostileValue, parametersFor } from '../../support/security/generate.ts';
import { HeardBus } from '../../support/security/heardBus.ts';
import { mutated, mutatedBytes, mutatedText } from '../../support/security/mutate.ts';
import { patience, progressOf, report, seed, tries } from '../../support/security/run.ts';
import { drawn, hiddenIn } from '../../support/security/shown.ts';
import { makeLoop, offerRestart, type Loop } from '../approval/loop.ts';

/** Programs that plans name, and that a computer which runs tests may lack. */
const programs = ['apt-get', 'apt-mark', 'dpkg', 'gio', 'gsettings', 'nmcli', 'rfkill', 'sysctl', 'wpctl'];
const amounts = {
    plans: tries(600, 60_000),
    rows: tries(60, 10_000),
    configurations: tries(300, 15_000),
    journals: tries(150, 15_000),
};
const counts = {
    plans: 0,
    'plans refused': 0,
    databases: 0,
    'started anew': 0,
    approvals: 0,
    configurations: 0,
    'rule files': 0,
    journals: 0,
    findings: 0,
    executed: 0,
};

describe('What somebody has changed', () => {
    afterAll(() => {
        report('fuzz', counts);
    });

    it(
        'in a plan is refused, or shows what it runs',
        async () => {
            const plans = await realPlans();
            const progress = progressOf('plans', amounts.plans);
            const property = fc.property(fc.constantFrom(...plans).chain(mutated), changed => {
                progress.done();
                counts.plans += 1;
                const stored = planSchema().safeParse(JSON.parse(JSON.stringify(changed)));
                const broken = stored.success ? brokenRule(stored.data, { isWished: false }) : 'is no plan';
                if (broken !== null) counts['plans refused'] += 1;
                if (!stored.success || broken !== null) return;
                const hidden = hiddenIn(stored.data);
                if (hidden !== '') throw new Error(hidden);
            });
            fc.assert(property, { numRuns: amounts.plans, seed, endOnFailure: true });
            expect(counts['plans refused']).toBeGreaterThan(0);
        },
        patience,
    );

    it(
        'in the database is left out, and nothing of it is done',
        async () => {
            const template = await someDatabase();
            const progress = progressOf('databases', amounts.rows);
            for (const change of fc.sample(anyChange(template), { numRuns: amounts.rows, seed })) {
                progress.done();
                counts.databases += 1;
                await onItsOwn(async directory => {
                    const { file } = writeDatabase(directory, template);
                    const isSame = change(file);
                    const loop = start(directory);
                    if (loop === null) return;
                    try {
                        await readAll(loop, isSame);
                        await approveStrange(loop);
                    } finally {
                        loop.database[Symbol.dispose]();
                    }
                    counts.executed += loop.calls.length;
                    expect(loop.calls).toEqual([]);
                });
            }
        },
        patience,
    );

    it(
        'in a configuration changes no other setting, and is named in words',
        () => {
            const progress = progressOf('configurations', amounts.configurations);
            const rules = new LoadedRules({ reserved: new Set(families.map(({ name }) => name)), uid: 1000 });
            const schemas = Object.entries(settings());
            for (const text of fc.sample(mutatedText(configuration), { numRuns: amounts.configurations / 2, seed })) {
                progress.done();
                counts.configurations += 1;
                const { config, problems } = parseConfig(text.toWellFormed());
                for (const [section, table] of schemas)
                    expect(Object.keys(config[section as keyof typeof config])).toEqual(Object.keys(table));
                expect(problems.map(({ setting, message }) => setting + message).join('')).not.toMatch(drawn);
                isIgnoredBy(config, 'a'.repeat(256));
                try {
                    const changed = changeSetting(text, 'model', 'threads', 3);
                    expect(parseConfig(changed).config).toEqual({ ...config, model: { ...config.model, threads: 3 } });
                } catch (error) {
                    if (!(error instanceof ReeveError)) throw error;
                }
            }
            for (const content of fc.sample(mutatedText(localRule), { numRuns: amounts.configurations / 2, seed })) {
                progress.done();
                counts['rule files'] += 1;
                rules.update([{ path: '/etc/reeve/faults.d/backup.yaml', content }]);
                expect(rules.problems.join('').replaceAll('\n', '')).not.toMatch(drawn);
                feed(journal, rules);
            }
            expect(Object.keys(Object.prototype)).toEqual([]);
        },
        patience,
    );

    it(
        'in a journal is read as data, and draws nothing',
        () => {
            const progress = progressOf('journals', amounts.journals);
            for (const bytes of fc.sample(mutatedBytes(journal), { numRuns: amounts.journals, seed })) {
                progress.done();
                counts.journals += 1;
                for (const finding of feed(bytes, new Detector({ families, uid: 1000 }))) {
                    counts.findings += 1;
                    const { title, cause, subject, evidence, facts } = finding;
                    const texts = [
                        title,
                        cause,
                        subject,
                        ...evidence.map(({ message }) => message),
                        ...Object.values(facts),
                    ];
                    expect(texts.join(' ')).not.toMatch(drawn);
                }
            }
        },
        patience,
    );
});

/** A plan of each action, of made-up computers. */
async function realPlans(): Promise<SinglePlan[]> {
    const found = new Map<string, SinglePlan>();
    const home = process.env.HOME;
    const pretended = pretendPrograms(programs);
    for (const state of fc.sample(anyState, { numRuns: 12, seed })) {
        process.env.HOME = '/nowhere';
        await using computer = await Computer.start(state);
        process.env.HOME = computer.root;
        const actions = new Actions(computer.surroundings);
        for (const { name, parameters } of everyAction) {
            const [fitting = {}] = fc.sample(await parametersFor(name, parameters, computer), { numRuns: 1, seed });
            const plan = await actions
                .plan({ action: name, parameters: fitting, explanation: '' })
                .catch(unlessRefused);
            if (plan !== null) found.set(name, JSON.parse(JSON.stringify(plan)) as SinglePlan);
        }
    }
    pretended[Symbol.dispose]();
    process.env.HOME = home;
    return [...found.values()];
}

function unlessRefused(error: unknown): null {
    if (!(error instanceof ReeveError)) throw error;
    return null;
}

async function onItsOwn<T>(body: (directory: string) => T | Promise<T>): Promise<T> {
    const directory = mkdtempSync(join(scratch, 'reeve-fuzz-'));
    try {
        return await body(directory);
    } finally {
        rmSync(directory, { recursive: true });
    }
}

/** The bytes of a database with incidents, one of them fixed, a task, and what else is kept. */
async function someDatabase(): Promise<Buffer> {
    return await onItsOwn(async directory => {
        const loop = makeLoop(directory, recordedUnits(262));
        const { proposals, incidents, database, timeline } = loop;
        const { proposal } = await offerRestart(loop, 'sample-exit.service');
        await offerRestart(loop, 'sample-segv.service', 'unit.resetAndRestart');
        const approval = { actor: 'terminal', progress: () => undefined, signal: new AbortController().signal };
        await proposals.apply(proposal.id, proposal.digest, approval);
        await offerRestart(loop, 'sample-loop.service');
        proposals.ask('restart it', [proposal.plan], 'terminal');
        incidents.mutes.add({ family: 'unit', scope: 'system', subject: 'a.service' });
        timeline.add({
            kind: 'file',
            event: 'edited',
            subject: '/etc/fstab',
            time: 1,
            summary: 'Edited',
            detail: '',
            facts: {},
        });
        const exchange = { question: 'what failed', answer: 'Nothing', answerer: 'built-in', evidence: [] };
        new Conversations({ database }).add(null, exchange);
        incidents[Symbol.dispose]();
        database[Symbol.dispose]();
        return readFileSync(join(directory, 'database', 'reeve.db'));
    });
}

function writeDatabase(directory: string, bytes: Buffer): { file: string } {
    const folder = join(directory, 'database');
    mkdirSync(folder);
    const file = join(folder, 'reeve.db');
    writeFileSync(file, bytes);
    return { file };
}

/** Changes a database. @returns whether the rows that it left alone must still be there */
type Change = (file: string) => boolean;

function anyChange(template: Buffer): fc.Arbitrary<Change> {
    const tables = [
        'incident',
        'proposal',
        'task',
        'audit',
        'mute',
        'timeline',
        'conversation',
        'message',
        'state',
        'fix',
    ];
    const row = fc
        .record({
            table: fc.constantFrom(...tables, 'proposal', 'proposal'),
            column: fc.nat(),
            value: hostileValue,
            seed: fc.nat(),
            fitting: fc.boolean(),
            number: anyNumber,
        })
        .map(
            (given): Change =>
                file =>
                    changeRow(file, given),
        );
    const bytes = mutatedBytes(template).map((changed): Change => file => {
        writeFileSync(file, changed);
        return false;
    });
    return fc.oneof({ weight: 8, arbitrary: row }, { weight: 1, arbitrary: bytes });
}

const anyNumber = fc.oneof(
    fc.constantFrom(0n, -1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)),
    fc.bigInt({ min: 1n, max: 9n }),
);

type RowChange = { table: string; column: number; value: unknown; seed: number; fitting: boolean; number: bigint };

/** Writes into the first row of a table, as another program of the user can. */
function changeRow(file: string, { table, column, value, seed: of, fitting, number }: RowChange): true {
    using database = new DatabaseSync(file, { readBigInts: true, enableForeignKeyConstraints: false });
    database.exec('PRAGMA ignore_check_constraints = ON');
    const found = database.prepare(`SELECT * FROM ${table} LIMIT 1`).get() ?? {};
    const names = Object.keys(found);
    const name = names[column % names.length] ?? '';
    const before = found[name];
    const set = (what: string, to: string | bigint | null) => {
        try {
            const where = names.map(each => `${each} IS ?`).join(' AND ');
            database.prepare(`UPDATE ${table} SET ${what} = ? WHERE ${where}`).run(to, ...Object.values(found));
        } catch (error) {
            // Such as two rows with one number.
            if ((error as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw error;
        }
    };
    if (typeof before === 'bigint' || before === null || before === undefined) set(name, number);
    else if (/^[[{]/.test(String(before))) {
        const [json] = fc.sample(mutated(JSON.parse(String(before))), { numRuns: 1, seed: of });
        const text = json === undefined ? '' : JSON.stringify(json);
        // Whoever changes a plan can give it the digest of what it is now.
        const plan = planSchema().safeParse(json);
        if (fitting && name === 'plan' && plan.success) {
            database
                .prepare('UPDATE proposal SET digest = ? WHERE id = ?')
                .run(planDigest(plan.data), found.id as bigint);
            found.digest = planDigest(plan.data);
        }
        set(name, text);
    } else {
        const shown = typeof value === 'string' ? value : JSON.stringify(value);
        const states = ['offered', 'applying', 'applied', 'undoing', 'partial', 'open', 'fixing', 'fixed'];
        set(name, fitting && name === 'state' ? (states[of % states.length] ?? '') : shown.toWellFormed());
    }
    return true;
}

/** null when it cannot be used, and says so. */
function start(directory: string): Loop | null {
    try {
        return makeLoop(directory, recordedUnits(262));
    } catch (error) {
        if (!(error instanceof ReeveError) || error.code !== 'Unavailable') throw error;
        return null;
    }
}

/** What the service reads when it starts, and when somebody asks for it. */
async function readAll(loop: Loop, isSame: boolean): Promise<void> {
    const { proposals, incidents, audit, timeline, database, guides, grants } = loop;
    const isNew = database.connection.prepare('SELECT 1 FROM incident').get() === undefined;
    if (isNew) counts['started anew'] += 1;
    await proposals.resolveInterrupted();
    const bus = new HeardBus();
    const diagnosis = Object.assign(new EventEmitter(), { isLooking: () => false });
    const stubs = { callers: {}, requests: {}, status: {}, diagnosis } as never as Parameters<
        typeof exportIncidents
    >[0] &
        Parameters<typeof exportProposals>[0];
    using exported = new DisposableStack();
    exported.use(exportIncidents({ ...stubs, objects: bus.objects, incidents, proposals, audit, database, guides }));
    exported.use(exportProposals({ ...stubs, objects: bus.objects, proposals, incidents, grants }));
    exported.use(exportTasks({ objects: bus.objects, proposals }));
    const paths = await bus.paths();
    if (isSame && !isNew)
        expect(paths).toEqual(
            jasmine.arrayContaining(['/org/reevedesktop/Reeve1/incident/2', '/org/reevedesktop/Reeve1/incident/3']),
        );
    audit.verify();
    audit.list();
    timeline.query();
    timeline.query({ text: 'edited' });
    incidents.mutes.list();
    const conversations = new Conversations({ database });
    for (const { id } of conversations.list()) conversations.messages(id);
}

/** Approves what no action would plan, and asks for the undo and the rest of what nobody approved. */
async function approveStrange(loop: Loop): Promise<void> {
    const approval = { actor: 'terminal', progress: () => undefined, signal: new AbortController().signal };
    for (const { id, plan, digest } of loop.proposals.list()) {
        const { action, parameters, explanation, proposedBy } = plan;
        const again = await loop.actions
            .plan({ action, parameters, explanation, ...(proposedBy !== undefined && { proposedBy }) })
            .catch(unlessRefused);
        const confirmation = plan.subject;
        if (again === null || planDigest(again) !== digest)
            await loop.proposals.apply(id, digest, { ...approval, confirmation }).catch(unlessRefused);
        if (!loop.audit.hasApproved(digest)) {
            await loop.proposals.undo(id, digest, approval).catch(unlessRefused);
            await loop.proposals.finish(id, digest, approval).catch(unlessRefused);
        }
        counts.approvals += 1;
    }
}

const configuration = `# My settings
[watch]
journal = true
ignore = ["a*.service", 'b.service'] # noisy
without = ["files"]
poll_every = 900

[notifications]
per_hour = 6
minimum_severity = "medium"
quiet_hours = "22:00-07:00"

[assistant]
keep_conversations = true
[model]
accelerator = "auto"
threads = 2
[server]
url = ""
[log]
level = "info"
`;

const writer = new EntryWriter();
const journal = Buffer.from(
    [
        writer.failure('sample-exit.service', 1),
        writer.unitLine('backup.service', 'repository is locked by a<b>\u202e'),
        writer.entry({
            _TRANSPORT: 'kernel',
            PRIORITY: 3,
            SYSLOG_IDENTIFIER: 'kernel',
            MESSAGE: 'Out of memory: Killed process 4321 (a) total-vm:12345678kB, anon-rss:8765432kB, file-rss:0kB',
        }),
        writer.entry({
            _TRANSPORT: 'kernel',
            PRIORITY: 2,
            SYSLOG_IDENTIFIER: 'kernel',
            MESSAGE: 'EXT4-fs error (device sda1): ext4_lookup:1855: inode #2: comm ls: a',
        }),
        writer
            .binaryLine('sample-web.service', Buffer.from([0xff, 0x1b, 0x5b, 0x32, 0x4a, 0x0a, 0x00, 0xe2]))
            .toString('latin1'),
    ].join(''),
    'latin1',
);

/** What is found in bytes that say they are a journal; they come in two pieces. */
function feed(bytes: Buffer, by: Pick<Detector, 'feed'> | LoadedRules) {
    const found: Parameters<
        typeof Array.of<Extract<ReturnType<Detector['feed']>[number], { finding: unknown }>['finding']>
    > = [];
    const parser = new ExportParser(journalFields, exported => {
        for (const verdict of by.feed(new JournalLogEntry(exported)))
            if ('finding' in verdict) found.push(verdict.finding);
    });
    try {
        const half = Math.floor(bytes.length / 2);
        parser.push(bytes.subarray(0, half));
        parser.push(bytes.subarray(half));
        parser.end();
    } catch (error) {
        if (!(error instanceof NotAnExport)) throw error;
    }
    return found;
}
