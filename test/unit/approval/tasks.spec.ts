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
