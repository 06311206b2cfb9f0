// The mechanism that makes changes as root, on a bus of the test's own with recorded units and a polkit that answers as told.
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runMechanism } from '../../mechanism/main.ts';
import { polkitPolicyText } from '../../packaging/busFiles.ts';
import { Actions } from '../../service/actions/actions.ts';
import { Connection } from '../../service/dbus/connection.ts';
import { unwrap } from '../../service/dbus/variant.ts';
import { Executor } from '../../service/execution/executor.ts';
import { Mechanism } from '../../service/execution/mechanism.ts';
import { polkitActions, runDigest } from '../../service/execution/rootPlan.ts';
import { filesOf } from '../../service/machine/machine.ts';
import { Systemd } from '../../service/machine/units/systemd.ts';
import { defaultLimits, grantId } from '../../service/model/grant.ts';
import type { Plan } from '../../service/model/proposal.ts';
import { Contents } from '../../service/store/contents.ts';
import { mechanismName, mechanismPath } from '../../service/util/names.ts';
import { recordedUnits, run as letRun, type RecordedUnit } from '../support/recordedUnits.ts';
import { startUnitManager, type UnitManager } from '../support/unitManager.ts';

const name = 'sample-exit.service';
const web = 'sample-web.service';
const target = { destination: mechanismName, path: mechanismPath, interface: mechanismName };

/** What polkit was asked, and how it answers. */
type Question = { action: string; message: string; subject: string };
class Authority extends EventEmitter<{ asked: [Question]; withdrawn: [] }> {
    /** null leaves the question open. */
    answer: boolean | null = true;
    readonly asked: Question[] = [];
    /** The actions that a rule of the administrator permits. */
    readonly permitted = new Set<string>();

    async serve(connection: Connection): Promise<void> {
        connection.onCall = call => {
            const [subject, action, details, flags] = call.body.map(unwrap) as [
                [string, { name: string }],
                string,
                Record<string, string>,
                number,
            ];
            if (call.member === 'CancelCheckAuthorization') {
                connection.reply(call, '', []);
                this.emit('withdrawn');
                return;
            }
            if (flags === 0) {
                connection.reply(call, '(bba{ss})', [[this.permitted.has(action), true, {}]]);
                return;
            }
            const question = { action, message: details['polkit.message'] ?? '', subject: subject[1].name };
            this.asked.push(question);
            if (this.answer !== null) connection.reply(call, '(bba{ss})', [[this.answer, false, {}]]);
            this.emit('asked', question);
        };
        await connection.requestName('org.freedesktop.PolicyKit1');
    }
}

describe('The mechanism', () => {
    let stack: AsyncDisposableStack;
    let units: UnitManager;
    let authority: Authority;
    let client: Connection;
    let directory: string;
    let plan: Plan;
    let behaviour: (unit: string) => string | Promise<string>;
    let recordedOnes: Record<string, RecordedUnit>;
    let ended: Promise<void>;
    let stop: AbortController;
    let unit: Record<string, unknown>;

    beforeEach(async () => {
        stack = new AsyncDisposableStack();
        directory = await mkdtemp(join(tmpdir(), 'reeve-mechanism-'));
        stack.defer(() => rm(directory, { recursive: true }));
        behaviour = () => 'done';
        const recorded = recordedUnits(257)[name];
        if (recorded === undefined) throw new Error(`${name} is not recorded`);
        ({ unit } = recorded);
        const other = recordedUnits(257)[web];
        recordedOnes = { [name]: recorded, ...(other && { [web]: other }) };
        // When they were up for the last time: before anything here.
        const moments = ['InactiveExitTimestampMonotonic', 'ActiveEnterTimestampMonotonic', 'ActiveEnterTimestamp'];
        const earlier = Object.fromEntries([...moments, 'InactiveEnterTimestampMonotonic'].map(of => [of, 1]));
        for (const { unit: of } of Object.values(recordedOnes))
            Object.assign(of, { ...earlier, WantedBy: [], RequiredBy: [], ...of });
        units = stack.use(await startUnitManager(recordedOnes, (_member, of) => behaviour(of)));
        authority = new Authority();
        await authority.serve(stack.use(await Connection.open({ address: units.address })));
        client = stack.use(await Connection.open({ address: units.address }));
        run();
        await untilThere();
        plan = await planned();
    });
    afterEach(async () => {
        stop.abort();
        await ended;
        await stack.disposeAsync();
    });

    function run() {
        stop = new AbortController();
        const options = { system: { address: units.address }, directory, catalogues: join(directory, 'none') };
        ended = runMechanism({ ...options, signal: stop.signal });
    }

    async function untilThere() {
        const appeared = Promise.withResolvers<undefined>();
        const watch = await client.watchName(mechanismName, owner => {
            if (owner !== null) appeared.resolve(undefined);
        });
        await appeared.promise;
        await watch[Symbol.asyncDispose]();
    }

    async function planned(
        action = 'unit.restart',
        parameters: Record<string, unknown> = { scope: 'system', unit: name },
    ): Promise<Plan> {
        const systemd = new Systemd({ system: client, session: null });
        const machine = { ...filesOf('/'), system: client };
        const actions = new Actions({ systemd, contents: new Contents(directory), machine });
        return actions.plan({ action, parameters, explanation: 'because' });
    }

    const apply = ({
        action = plan.action,
        parameters = JSON.stringify(plan.parameters),
        language = '',
        contents = [] as Uint8Array[],
        digest = runDigest(plan),
        interactive = true,
        on = client,
    } = {}) =>
        on.call({
            ...target,
            member: 'Apply',
            signature: 'sssaays',
            arguments: [action, parameters, language, contents, digest],
            interactive,
        });
    const goOn = (what: string, steps: number[], digest = runDigest(plan)) =>
        client.call({
            ...target,
            member: 'Continue',
            signature: 'ssau',
            arguments: [digest, what, steps],
            interactive: true,
        });
    const standing = (what: string, since: number, digest: string) =>
        client.call({
            ...target,
            member: 'Standing',
            signature: 'sst',
            arguments: [digest, what, since],
            interactive: true,
        });
    /** Lets a unit run from now on. */
    const start = (of?: RecordedUnit) => {
        if (of === undefined) throw new Error('no such unit');
        letRun(of);
        const monotonic = Number(process.hrtime.bigint() / 1000n);
        Object.assign(of.unit, { InactiveExitTimestampMonotonic: monotonic, ActiveEnterTimestamp: Date.now() * 1000 });
    };
    const errorOf = (code: string) => jasmine.objectContaining({ errorName: `org.reevedesktop.Reeve1.Error.${code}` });
    const records = async () => {
        const folder = join(directory, 'transactions');
        const names = await readdir(folder).catch(() => []);
        return Promise.all(
            names.map(async file => {
                const { runs } = JSON.parse(await readFile(join(folder, file), 'utf8')) as { runs: object[] };
                return {
                    runs: runs.map(one => Object.fromEntries(Object.entries(one).filter(([key]) => key !== 'begun'))),
                };
            }),
        );
    };

    it('asks polkit with the title of the plan it worked out, about the caller, then makes the change and records it', async () => {
        expect(await apply()).toEqual(['done', true, 1, '']);
        expect(authority.asked).toEqual([
            { action: 'org.reevedesktop.reeve.units', message: `Restart ${name}`, subject: client.uniqueName },
        ]);
        expect(units.calls).toEqual([`RestartUnit ${name}`]);
        expect((await records()).map(({ runs }) => runs)).toEqual([
            [{ kind: 'apply', steps: [0], done: 1, state: 'done' }],
        ]);
    });

    it('changes nothing without the permission, which it asks for each time', async () => {
        authority.answer = false;
        const refused = ['refused', false, 0, jasmine.stringContaining('password')];
        expect(await apply()).toEqual(refused);
        expect(await apply()).toEqual(refused);
        expect(authority.asked.length).toBe(2);
        expect(units.calls).toEqual([]);
        expect(await records()).toEqual([]);
    });

    it('asks nobody where a rule of the administrator permits it', async () => {
        authority.permitted.add('org.reevedesktop.reeve.files');
        authority.answer = false;
        expect((await apply())[0]).toBe('refused');
        authority.permitted.add('org.reevedesktop.reeve.units');
        expect((await apply())[0]).toBe('done');
        expect(authority.asked.length).toBe(1);
    });

    it('says in its question what else it does, than the title names', async () => {
        const parameters = { scope: 'system', dependency: name, dependants: [web], reset: false };
        const started = await planned('unit.startDependency', parameters);
        await apply({
            action: started.action,
            parameters: JSON.stringify(parameters),
            digest: runDigest(started),
        });
        expect(authority.asked[0]?.message.split('\n')).toEqual([
            started.title,
            '',
            ...started.steps.map(({ description }) => `• ${description}`),
        ]);
        expect(authority.asked[0]?.message).toContain('Start sample-web.service');
    });

    it('makes several changes after one question, unless one of them is not for root', async () => {
        const other = { scope: 'system', unit: web };
        const parts = [
            { action: 'unit.restart', parameters: { scope: 'system', unit: name } },
            { action: 'unit.restart', parameters: other },
        ];
        const several = await planned('several', { parts });
        expect(
            await apply({
                action: 'several',
                parameters: JSON.stringify(several.parameters),
                digest: runDigest(several),
            }),
        ).toEqual(['done', true, 2, '']);
        expect(authority.asked.map(({ action, message }) => [action, message.split('\n')])).toEqual([
            ['org.reevedesktop.reeve.units', [several.title, '', `• Restart ${name}`, '• Start sample-web.service']],
        ]);
        expect(units.calls).toEqual([`RestartUnit ${name}`, 'StartUnit sample-web.service']);
        const mixed = { parts: [...parts, { action: 'trash.empty', parameters: {} }] };
        await expectAsync(
            apply({ action: 'several', parameters: JSON.stringify(mixed), digest: runDigest(several) }),
        ).toBeRejectedWith(errorOf('InvalidArgument'));
        expect(authority.asked.length).toBe(1);
    });

    it('asks nobody about a plan that is another, is not for root, or has bad parameters', async () => {
        await expectAsync(apply({ digest: 'a'.repeat(64) })).toBeRejectedWith(errorOf('PlanChanged'));
        await expectAsync(apply({ digest: 'A' })).toBeRejectedWith(errorOf('InvalidArgument'));
        await expectAsync(apply({ language: '../de' })).toBeRejectedWith(errorOf('InvalidArgument'));
        await expectAsync(apply({ parameters: '[]' })).toBeRejectedWith(errorOf('InvalidArgument'));
        await expectAsync(apply({ parameters: '{"scope":"system","unit":"x\\ny.service"}' })).toBeRejectedWith(
            errorOf('PlanChanged'),
        );
        await expectAsync(apply({ parameters: ' '.repeat(70_000) })).toBeRejectedWith(errorOf('TooLarge'));
        await expectAsync(apply({ contents: [new Uint8Array(10)] })).toBeRejectedWith(errorOf('InvalidArgument'));
        for (const action of ['program.kill', 'session.end', 'no.action', ''])
            await expectAsync(apply({ action, parameters: '{}' })).toBeRejectedWith(errorOf('InvalidArgument'));
        const own = { scope: 'user', unit: name };
        await expectAsync(apply({ parameters: JSON.stringify(own) })).toBeRejected();
        await expectAsync(apply({ interactive: false })).toBeRejectedWith(errorOf('NotAuthorized'));
        expect(authority.asked).toEqual([]);
        expect(units.calls).toEqual([]);
    });

    it('withdraws its question when the caller leaves', async () => {
        authority.answer = null;
        const other = await Connection.open({ address: units.address });
        const pending = apply({ on: other });
        await once(authority, 'asked');
        const withdrawn = once(authority, 'withdrawn');
        await other[Symbol.asyncDispose]();
        await expectAsync(pending).toBeRejected();
        await withdrawn;
        expect(units.calls).toEqual([]);
    });

    it('works the plan out once more when the password has come', async () => {
        authority.once('asked', () => {
            unit.LoadState = 'masked';
        });
        await expectAsync(apply()).toBeRejectedWith(errorOf('InvalidState'));
        expect(units.calls).toEqual([]);
    });

    it('ends by itself when nobody calls', async () => {
        stop.abort();
        await ended;
        ended = runMechanism({ system: { address: units.address }, directory, catalogues: directory, idle: 1 });
        await ended;
        expect(await client.nameOwner(mechanismName)).toBeNull();
    });

    it('withdraws its question on Cancel', async () => {
        authority.answer = null;
        const pending = apply();
        await once(authority, 'asked');
        const withdrawn = once(authority, 'withdrawn');
        await client.call({ ...target, member: 'Cancel', signature: 's', arguments: [runDigest(plan)] });
        await withdrawn;
        expect(await pending).toEqual(['cancelled', false, 0, 'Cancelled before anything was changed']);
    });

    it('keeps nobody waiting for a question that is open, and asks a user no more than four at once', async () => {
        authority.answer = null;
        const others = await Promise.all([1, 2, 3].map(() => Connection.open({ address: units.address })));
        const open = Promise.allSettled(others.map(on => apply({ on })));
        while (authority.asked.length < others.length) await once(authority, 'asked');
        authority.answer = true;
        expect((await apply())[0]).toBe('done');
        authority.answer = null;
        const fourth = apply();
        while (authority.asked.length < others.length + 2) await once(authority, 'asked');
        await expectAsync(goOn('finish', [0], 'b'.repeat(64))).toBeRejectedWith(errorOf('Busy'));
        await client.call({ ...target, member: 'Cancel', signature: 's', arguments: [runDigest(plan)] });
        expect((await fourth)[0]).toBe('cancelled');
        for (const other of others) await other[Symbol.asyncDispose]();
        await open;
    });

    it('makes one change at a time, also for two callers: the second waits until the first has ended', async () => {
        const ending = Promise.withResolvers<string>();
        const calling = Promise.withResolvers<undefined>();
        behaviour = () => {
            calling.resolve(undefined);
            return ending.promise;
        };
        const first = apply();
        await calling.promise;
        await using other = await Connection.open({ address: units.address });
        const second = apply({ on: other });
        // It has the call by the time that it answers this.
        await other.getProperty(mechanismName, mechanismPath, mechanismName, 'Release');
        expect([authority.asked.length, (await records()).length]).toEqual([1, 1]);
        behaviour = () => 'done';
        ending.resolve('done');
        expect([(await first)[0], (await second)[0]]).toEqual(['done', 'done']);
        expect((await records()).map(({ runs }) => runs.length)).toEqual([1, 1]);
    });

    it('goes on only with what it has recorded of this user, by steps that are there', async () => {
        await expectAsync(goOn('undo', [0])).toBeRejectedWith(errorOf('NotFound'));
        behaviour = () => 'failed';
        expect((await apply())[0]).toBe('failed');
        behaviour = () => 'done';
        for (const steps of [[], [1], [0, 0], [4294967295]])
            await expectAsync(goOn('finish', steps)).toBeRejectedWith(errorOf('InvalidArgument'));
        await expectAsync(goOn('again', [0])).toBeRejectedWith(errorOf('InvalidArgument'));
        expect(await goOn('finish', [0])).toEqual(['done', true, 1, '']);
        expect(authority.asked.at(-1)?.message).toBe(`Finish: Restart ${name}\n\n• Restart ${name}`);
        await expectAsync(goOn('finish', [0])).toBeRejectedWith(errorOf('InvalidState'));
        expect((await records()).map(({ runs }) => runs)).toEqual([
            [
                { kind: 'apply', steps: [0], done: 0, state: 'failed' },
                { kind: 'finish', steps: [0], done: 1, state: 'done' },
            ],
        ]);
        const folder = join(directory, 'transactions');
        const [file = ''] = await readdir(folder);
        await writeFile(join(folder, file), '{"version":1,"plan":{}}');
        await expectAsync(goOn('finish', [0])).toBeRejectedWith(errorOf('NotFound'));
    });

    for (const { step, moment, done } of [
        { step: 0, moment: 'before', done: 0 },
        { step: 0, moment: 'after', done: 1 },
        { step: 1, moment: 'before', done: 1 },
        { step: 1, moment: 'after', done: 2 },
    ] as const)
        it(`that is killed ${moment} the system does step ${step + 1} of 2 knows that ${done} are done, and another goes on`, async () => {
            stop.abort();
            await ended;
            const parameters = { scope: 'system', dependency: name, dependants: [web], reset: false };
            const started = await planned('unit.startDependency', parameters);
            const digest = runDigest(started);
            const child = spawn(process.execPath, [new URL('../../mechanism/main.ts', import.meta.url).pathname], {
                env: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: units.address, STATE_DIRECTORY: directory },
                stdio: 'ignore',
            });
            const exited = once(child, 'exit');
            await untilThere();
            let calls = 0;
            behaviour = unitName => {
                const isMeant = calls === step;
                calls += 1;
                if (isMeant) child.kill('SIGKILL');
                if (!isMeant || moment === 'after') start(recordedOnes[unitName]);
                return 'done';
            };
            const since = Date.now() * 1000;
            await expectAsync(
                apply({ action: started.action, parameters: JSON.stringify(parameters), digest }),
            ).toBeRejectedWith(jasmine.objectContaining({ errorName: 'org.freedesktop.DBus.Error.NoReply' }));
            await exited;
            expect((await records()).map(({ runs }) => runs)).toEqual([
                [{ kind: 'apply', steps: [0, 1], done: step, state: 'under way' }],
            ]);
            behaviour = unitName => {
                start(recordedOnes[unitName]);
                return 'done';
            };
            run();
            await untilThere();
            expect(await standing('apply', since, digest)).toEqual([done, false]);
            await expectAsync(standing('apply', Date.now() * 1000, digest)).toBeRejectedWith(errorOf('NotFound'));
            await expectAsync(standing('undo', since, digest)).toBeRejectedWith(errorOf('NotFound'));
            const left = [0, 1].slice(done);
            if (left.length === 0)
                await expectAsync(goOn('finish', [1], digest)).toBeRejectedWith(errorOf('InvalidState'));
            else expect(await goOn('finish', left, digest)).toEqual(['done', true, left.length, '']);
            expect(await goOn('undo', [0, 1], digest)).toEqual(['done', true, 2, '']);
        });

    describe('that a person allowed to act without asking', () => {
        const day = 86_400_000_000;
        const terms = {
            action: 'unit.restart',
            parameters: { scope: 'system', unit: name },
            ...{ family: 'unit', kind: 'exit-code', subject: name, incident: 1 },
            ...defaultLimits,
        };
        const id = grantId(terms);
        const allow = async (change: object = {}) => {
            const wanted = { ...terms, ...change };
            const given = [JSON.stringify(wanted), '', runDigest(await planned('grant.allow', wanted))];
            return client.call({ ...target, member: 'Allow', signature: 'sss', arguments: given, interactive: true });
        };
        const use = ({ of = plan, grant = id }: { of?: Plan; grant?: string } = {}) =>
            client.call({
                ...target,
                member: 'Use',
                signature: 'sssss',
                arguments: [grant, of.action, JSON.stringify(of.parameters), '', runDigest(of)],
                interactive: true,
            });
        const folder = () => join(directory, 'grants');
        const file = async () => join(folder(), (await readdir(folder()))[0] ?? '');
        const keep = async (change: object) => {
            const path = await file();
            await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }));
        };

        it('asks polkit once, with the words of the grant, and keeps it where only root can read', async () => {
            expect(await allow()).toEqual(['done', '']);
            const message = [
                `Always restart ${name} when it fails`,
                '',
                '• Allow this for 30 days: at most 20 times, and at most 3 times in an hour',
            ].join('\n');
            expect(authority.asked).toEqual([
                { action: 'org.reevedesktop.reeve.grants', message, subject: client.uniqueName },
            ]);
            expect(units.calls).toEqual([]);
            expect((await stat(await file())).mode & 0o777).toBe(0o600);

            expect(await use()).toEqual(['done', true, 1, '']);
            expect(authority.asked.length).toBe(1);
            expect(units.calls).toEqual([`RestartUnit ${name}`]);
            expect((await records()).map(({ runs }) => runs)).toEqual([
                [{ kind: 'apply', steps: [0], done: 1, state: 'done' }],
            ]);
            // It can be undone, by a question of its own.
            expect((await goOn('undo', [0]))[0]).toBe('done');
            expect(authority.asked.length).toBe(2);
        });

        it('keeps nothing that polkit refuses, and nothing by Apply', async () => {
            authority.answer = false;
            expect(await allow()).toEqual(['refused', jasmine.stringContaining('password')]);
            await expectAsync(apply({ action: 'grant.allow', parameters: JSON.stringify(terms) })).toBeRejectedWith(
                errorOf('InvalidArgument'),
            );
            await expectAsync(allow({ parameters: { scope: 'user', unit: name } })).toBeRejectedWith(
                errorOf('PlanChanged'),
            );
            await expectAsync(use()).toBeRejectedWith(errorOf('NotAuthorized'));
            expect(units.calls).toEqual([]);
        });

        it('does nothing else, and nothing after its end', async () => {
            await allow();
            const other = await planned('unit.resetAndRestart');
            const web = await planned('unit.restart', { scope: 'system', unit: 'sample-web.service' });
            for (const asked of [other, web])
                await expectAsync(use({ of: asked })).toBeRejectedWith(errorOf('NotAuthorized'));
            await expectAsync(use({ grant: '../../x' })).toBeRejectedWith(errorOf('NotAuthorized'));
            const ways = [
                { made: Date.now() * 1000 - 30 * day },
                { made: Date.now() * 1000, uses: Array.from({ length: 20 }, () => 1) },
                { uses: [], uid: 4242 },
            ];
            for (const change of ways) {
                await keep(change);
                await expectAsync(use()).toBeRejectedWith(errorOf('NotAuthorized'));
            }
            expect(units.calls).toEqual([]);
        });

        it('restarts only what has failed', async () => {
            await allow();
            unit.ActiveState = 'inactive';
            await expectAsync(use({ of: await planned() })).toBeRejectedWith(errorOf('NotAuthorized'));
            Object.assign(unit, { ActiveState: 'active', SubState: 'running' });
            await expectAsync(use({ of: await planned() })).toBeRejectedWith(errorOf('NotAuthorized'));
            expect(units.calls).toEqual([]);
        });

        it('stops when it is needed too often, until it is allowed again', async () => {
            await allow();
            for (let count = 0; count < 3; count += 1) expect((await use())[0]).toBe('done');
            await expectAsync(use()).toBeRejectedWith(errorOf('NotAuthorized'));
            await keep({ uses: [] });
            await expectAsync(use()).toBeRejectedWith(errorOf('NotAuthorized'));
            await allow();
            expect((await use())[0]).toBe('done');
        });

        it('stops when that is wished', async () => {
            await allow();
            const call = { ...target, member: 'Disallow', signature: 's', interactive: true };
            await client.call({ ...call, arguments: [id] });
            await client.call({ ...call, arguments: [id] });
            expect(await readdir(folder())).toEqual([]);
            await expectAsync(use()).toBeRejectedWith(errorOf('NotAuthorized'));
            await expectAsync(client.call({ ...call, arguments: ['../x'] })).toBeRejectedWith(
                errorOf('InvalidArgument'),
            );
        });
    });

    it('is what the service uses where it can be started, and the service’s own way is used elsewhere', async () => {
        const open = () => Connection.open({ address: units.address });
        const run = { progress: () => undefined, signal: new AbortController().signal, begun: 1 };
        const mechanism = new Mechanism({ open, contents: new Contents(directory) });
        const change = { plan, kind: 'apply' as const, steps: plan.steps };
        // This bus cannot start it by itself, so for the service it is not there.
        expect(await mechanism.run(change, run)).toBeNull();
        expect(await new Executor({ open }).run(plan.steps, run)).toEqual(jasmine.objectContaining({ result: 'done' }));
        expect(authority.asked).toEqual([]);
    });
});

describe('The policy of the mechanism', () => {
    it('has polkit’s action for each sort of change, and keeps no permission', () => {
        const policy = polkitPolicyText();
        const ids = [...policy.matchAll(/<action id="([^"]+)">/g)].map(([, id]) => id);
        expect(ids.sort()).toEqual([...polkitActions].sort());
        const defaults = [...policy.matchAll(/<allow_\w+>(\w+)</g)].map(([, value]) => value);
        expect(new Set(defaults)).toEqual(new Set(['auth_admin']));
    });
});
