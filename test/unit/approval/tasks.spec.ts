import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ErrorCode } from '../../../service/util/errors.ts';
import { log } from '../../../service/util/log.ts';
import { Database } from '../../../service/store/database.ts';
import { migrations } from '../../../service/store/schema.ts';
import type { Machine } from '../../../service/machine/machine.ts';
import type { Proposal } from '../../../service/model/proposal.ts';
import { makeLoop, type Loop } from './loop.ts';

describe('A task', () => {
    let directory: string;
    /** The value of color-scheme, which the steps of a plan change. */
    let colours: string;
    let hasEffect: boolean;
    let loop: Loop;

    const approval = { actor: 'shell', progress: () => undefined, signal: new AbortController().signal };
    const code = (expected: ErrorCode) => jasmine.objectContaining({ code: expected });
    const machine = () =>
        ({
            root: '/',
            system: null,
            session: null,
            run: (_program: string, [command]: readonly string[]) =>
                Promise.resolve(command === 'writable' ? 'true\n' : `${colours}\n`),
        }) as unknown as Machine;
    const ask = async (asked = 'turn on dark mode'): Promise<Proposal> => {
        const fix = { action: 'setting.switch', parameters: { setting: 'dark-style', on: true }, explanation: '' };
        const plan = await loop.actions.plan(fix, approval.signal);
        const [proposal] = loop.proposals.ask(asked, [plan], 'terminal').proposals;
        if (proposal === undefined) throw new Error('nothing was offered');
        return proposal;
    };

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-tasks-'));
        colours = "'default'";
        hasEffect = true;
        // The step's transient unit runs gsettings.
        const behaviour = () => {
            if (hasEffect) colours = colours === "'default'" ? "'prefer-dark'" : "'default'";
            return 'done' as const;
        };
        loop = makeLoop(directory, {}, behaviour, machine());
    });
    afterEach(() => {
        expect(loop.audit.verify().ok).toBeTrue();
        loop.database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    it('is done by its plan, checked by its action, and undone', async () => {
        const proposal = await ask();
        const { id, digest, owner } = proposal;
        expect(owner).toEqual({ kind: 'task', id: 1 });
        expect(colours).toBe("'default'");

        const outcome = await loop.proposals.apply(id, digest, approval);
        expect(outcome).toEqual({ result: 'success', gone: true, detail: '', done: 1, total: 1 });
        expect(colours).toBe("'prefer-dark'");
        expect(await loop.proposals.undo(id, digest, approval)).toEqual(
            jasmine.objectContaining({ result: 'success' }),
        );
        expect(colours).toBe("'default'");
        expect(loop.audit.list().map(({ event, actor, subject }) => [event, actor, subject])).toEqual([
            ['undone', 'shell', 'Turn on the dark style'],
            ['undo-approved', 'shell', 'Turn on the dark style'],
            ['applied', 'shell', 'Turn on the dark style'],
            ['approved', 'shell', 'Turn on the dark style'],
            ['asked', 'terminal', 'Turn on the dark style'],
        ]);
    });

    it('says when its change had no effect', async () => {
        const { id, digest } = await ask();
        hasEffect = false;
        const outcome = await loop.proposals.apply(id, digest, approval);
        expect(outcome).toEqual(
            jasmine.objectContaining({
                result: 'not-cleared',
                gone: false,
                detail: 'The setting has another value now',
            }),
        );
    });

    it('is not undone over what somebody has changed since', async () => {
        const { id, digest } = await ask();
        await loop.proposals.apply(id, digest, approval);
        colours = "'prefer-light'";
        const changed = 'This has changed again since then: The setting has another value now';
        await expectAsync(loop.proposals.assertUndoable(id, digest)).toBeRejectedWithError(changed);
        await expectAsync(loop.proposals.undo(id, digest, approval)).toBeRejectedWithError(changed);
        expect(colours).toBe("'prefer-light'");
        expect(loop.proposals.get(id)?.state).toBe('applied');
    });

    it('is not done when what it was planned for has changed', async () => {
        const { id, digest } = await ask();
        colours = "'prefer-light'";
        await expectAsync(loop.proposals.apply(id, digest, approval)).toBeRejectedWith(code('PlanChanged'));
        expect(loop.proposals.get(id)?.state).toBe('void');
    });

    it('is not done by another digest', async () => {
        const { id } = await ask();
        await expectAsync(loop.proposals.apply(id, '0'.repeat(64), approval)).toBeRejectedWith(code('DigestMismatch'));
        expect(colours).toBe("'default'");
    });

    it('keeps no secret of the words that asked for it', async () => {
        await ask('turn on dark mode with password=hunter2hunter2');
        expect(
            loop.proposals
                .tasks()
                .map(({ asked }) => asked)
                .join(),
        ).not.toContain('hunter2');
        expect(JSON.stringify(loop.audit.list())).not.toContain('hunter2');
    });

    it('gives way to newer ones, with its plan, but not while that is carried out', async () => {
        const removed: number[] = [];
        loop.proposals.on('taskRemoved', id => removed.push(id));
        const first = await ask();
        const second = await ask();
        loop.database.connection.prepare("UPDATE proposal SET state = 'applying' WHERE id = ?").run(first.id);
        for (let count = 0; count < 100; count += 1) loop.proposals.ask('again', [first.plan], 'shell');
        expect(loop.proposals.get(first.id)).toBeDefined();
        expect(loop.proposals.get(second.id)).toBeUndefined();
        expect(removed).toEqual([2]);
        expect(loop.proposals.tasks().length).toBe(101);
        // What was done can be undone for longer.
        loop.database.connection.prepare("UPDATE proposal SET state = 'applied' WHERE id = ?").run(first.id);
        for (let count = 0; count < 100; count += 1) loop.proposals.ask('again', [first.plan], 'shell');
        expect(loop.proposals.get(first.id)).toBeDefined();
    });
});

describe('A task of several changes', () => {
    const keys = { 'dark-style': 'color-scheme', 'night-light': 'night-light-enabled' };
    const before = { 'color-scheme': "'default'", 'night-light-enabled': 'false' };
    const after = { 'color-scheme': "'prefer-dark'", 'night-light-enabled': 'true' };
    const approval = { actor: 'shell', progress: () => undefined, signal: new AbortController().signal };
    let directory: string;
    let values: Record<string, string>;
    let broken: string;
    let loop: Loop;
    let proposal: Proposal;

    beforeEach(async () => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-tasks-'));
        values = { ...before };
        broken = '';
        const run = (_program: string, [command, , key = '']: readonly string[]) =>
            Promise.resolve(command === 'writable' ? 'true\n' : `${values[key] ?? ''}\n`);
        const machine = { root: '/', system: null, session: null, run } as unknown as Machine;
        // Each step's transient unit runs gsettings.
        const behaviour = (_member: string, unit: string) => {
            const steps = [...proposal.plan.steps, ...(proposal.plan.undo?.steps ?? [])];
            const step = steps.find(({ call }) => call.arguments[0] === unit);
            const [key = '', value = ''] = step?.command.replaceAll("'\\''", "'").split(' ').slice(-2) ?? [];
            if (key === broken) return 'failed';
            values[key] = value.replace(/^''|''$/g, "'");
            return 'done';
        };
        loop = makeLoop(directory, {}, behaviour, machine);
        const parts = Object.keys(keys).map(setting => ({
            action: 'setting.switch',
            parameters: { setting, on: true },
        }));
        const plan = await loop.actions.plan({ action: 'several', parameters: { parts }, explanation: '' });
        const [offered] = loop.proposals.ask('turn on dark mode and night light', [plan], 'terminal').proposals;
        if (offered === undefined) throw new Error('nothing was offered');
        proposal = offered;
    });
    afterEach(() => {
        expect(loop.audit.verify().ok).toBeTrue();
        loop.database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    it('is one plan, which is approved once, checked and undone as one', async () => {
        const { id, digest, plan } = proposal;
        expect(plan.title).toBe('Turn on the dark style; Turn on the night light');
        const done = jasmine.objectContaining({ result: 'success', gone: true, done: 2, total: 2 });
        expect(await loop.proposals.apply(id, digest, approval)).toEqual(done);
        expect(values).toEqual(after);
        expect(loop.proposals.get(id)?.state).toBe('applied');
        expect(await loop.proposals.undo(id, digest, approval)).toEqual(
            jasmine.objectContaining({ result: 'success', done: 2 }),
        );
        expect(values).toEqual(before);
        const approvals = loop.audit.list().filter(({ event }) => event.endsWith('approved'));
        expect(approvals.map(({ event }) => event)).toEqual(['undo-approved', 'approved']);
    });

    it('is void when any of them is another by now', async () => {
        const { id, digest } = proposal;
        values['night-light-enabled'] = 'true';
        await expectAsync(loop.proposals.apply(id, digest, approval)).toBeRejectedWith(
            jasmine.objectContaining({ code: 'PlanChanged' }),
        );
        expect(values['color-scheme']).toBe(before['color-scheme']);
    });

    it('that ends halfway says how far it got, and what was done can be undone', async () => {
        const { id, digest } = proposal;
        broken = 'night-light-enabled';
        expect(await loop.proposals.apply(id, digest, approval)).toEqual(
            jasmine.objectContaining({ result: 'failed', done: 1, total: 2 }),
        );
        expect(values).toEqual({ ...before, 'color-scheme': after['color-scheme'] });
        expect(loop.proposals.get(id)?.state).toBe('partial');
        expect(await loop.proposals.undo(id, digest, approval)).toEqual(
            jasmine.objectContaining({ result: 'success' }),
        );
        expect(values).toEqual(before);
    });

    it('says which of them had no effect, and is not undone over a change of one of them', async () => {
        const { id, digest } = proposal;
        await loop.proposals.apply(id, digest, approval);
        values['night-light-enabled'] = 'false';
        await expectAsync(loop.proposals.undo(id, digest, approval)).toBeRejectedWithError(
            'This has changed again since then: Turn on the night light: The setting has another value now',
        );
        expect(values['color-scheme']).toBe(after['color-scheme']);
    });
});

describe('Proposals of a database from before there were tasks', () => {
    it('stay, with their numbers, of which none is used again', () => {
        const directory = mkdtempSync(join(tmpdir(), 'reeve-tasks-'));
        const before = migrations.findIndex(migration => migration.includes('CREATE TABLE task'));
        {
            using database = Database.open(directory, log, migrations.slice(0, before)).database;
            database.connection.exec(`
                INSERT INTO incident (family, kind, scope, subject, severity, title, summary, cause, state, first_seen, last_seen, count, notification)
                    VALUES ('unit', 'exit-code', 'system', 'a.service', 'high', 't', 's', 'c', 'open', 1, 1, 1, 'none');
                INSERT INTO proposal (incident_id, number, rank, plan, digest, state) VALUES (1, 1, 0, '{}', 'd', 'applied');
                INSERT INTO proposal (incident_id, number, rank, plan, digest, state) VALUES (1, 2, 1, '{}', 'e', 'void');
                DELETE FROM proposal WHERE id = 2;
            `);
        }
        using database = Database.open(directory, log).database;
        const { connection } = database;
        connection.exec(
            `INSERT INTO proposal (incident_id, number, rank, plan, digest, state) VALUES (1, 3, 1, '{}', 'f', 'offered')`,
        );
        expect(
            connection
                .prepare('SELECT id, incident_id, task_id, state FROM proposal')
                .all()
                .map(row => ({ ...row })),
        ).toEqual([
            { id: 1, incident_id: 1, task_id: null, state: 'applied' },
            { id: 3, incident_id: 1, task_id: null, state: 'offered' },
        ]);
        expect(() => {
            connection.exec(
                `INSERT INTO proposal (number, rank, plan, digest, state) VALUES (1, 1, '{}', 'f', 'offered')`,
            );
        }).toThrow();
        rmSync(directory, { recursive: true });
    });
});
