import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { variant } from '../../service/dbus/connection.ts';
import { tinyModel } from '../../service/inference/gguf/tinyModel.ts';
import { startTestHub, type TestHub } from '../integration/modelFiles/testHub.ts';
import { file, honest, number } from '../unit/modelFiles/ggufBytes.ts';
import { busName, Client, errorOf, rootPath, startLive, type Live } from './live.ts';

type Dictionary = Record<string, unknown>;
type Finished = { outcome: number; results: Dictionary };

const content = file({}, 3_000_000);
/** Milliseconds: processes that run a model take a second each to start, on a machine that may be busy. */
const slow = 120_000;

describe('Models on the bus', () => {
    let hub: TestHub;
    let live: Live;
    let client: Client;
    let folder: string;

    beforeEach(async () => {
        hub = await startTestHub(content);
        live = await startLive(undefined, { hub: hub.base });
        client = await Client.open(live.bus);
        folder = await mkdtemp(join(tmpdir(), 'reeve-models-'));
        await writeFile(join(folder, 'own.gguf'), file());
    });

    afterEach(async () => {
        await client[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
        await hub[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
    });

    const get = async (property: string) => client.get(rootPath, `Models.${property}`);
    const dictionaries = async (property: string) => (await get(property)) as Dictionary[];
    const call = (method: string, signature: string, ...args: unknown[]) =>
        client.call(rootPath, `Models.${method}`, signature, ...args);

    /** Starts a request and waits for its end. @param argument null for a method that has none */
    async function finish(
        method: string,
        argument: string | null,
        options: object = {},
    ): Promise<Finished & { text: string }> {
        const token = `t${String(Math.random()).slice(2)}`;
        const path = `${rootPath}/request/${client.connection.uniqueName.slice(1).replaceAll('.', '_')}/${token}`;
        const { promise, resolve } = Promise.withResolvers<Finished>();
        await using subscription = await client.connection.subscribe(
            { sender: busName, path, interface: `${busName}.Request`, member: 'Finished' },
            ({ body: [outcome, results] }) => {
                resolve({ outcome: Number(outcome), results: results as Dictionary });
            },
        );
        const all = { ...options, handle_token: variant('s', token) };
        const arguments_ = argument === null ? [all] : [argument, all];
        expect(await call(method, argument === null ? 'a{sv}' : 'sa{sv}', ...arguments_)).toEqual([path]);
        const finished = await promise;
        expect(subscription).toBeDefined();
        return { ...finished, text: String(await client.get(path, 'Request.Text')) };
    }

    /** Waits for a change after which a property is as wanted. */
    async function until<T>(property: string, isReached: (value: T) => boolean): Promise<T> {
        const { promise, resolve } = Promise.withResolvers<T>();
        const check = (value: T) => {
            if (isReached(value)) resolve(value);
        };
        await using subscription = await client.connection.subscribe(
            {
                sender: busName,
                path: rootPath,
                interface: 'org.freedesktop.DBus.Properties',
                member: 'PropertiesChanged',
            },
            ({ body: [iface, changed] }) => {
                const value = (changed as Record<string, T>)[property];
                if (iface === `${busName}.Models` && value !== undefined) check(value);
            },
        );
        expect(subscription).toBeDefined();
        check((await get(property)) as T);
        return await promise;
    }

    const transfersUntil = (isReached: (transfers: Dictionary[]) => boolean) =>
        until<Dictionary[]>('Transfers', isReached);

    it('are none at first, and nobody has been asked for any', async () => {
        expect(await get('version')).toBe(1);
        for (const property of ['Installed', 'Transfers'])
            expect(await get(property))
                .withContext(property)
                .toEqual([]);
        for (const property of ['Quick', 'Hard'])
            expect(await get(property))
                .withContext(property)
                .toBe('');
        expect(hub.fetched).toEqual([]);
    });

    it('are recommended from the catalogue, without the network', async () => {
        const [survey] = (await call('Survey', 'a{sv}', {})) as [Dictionary];
        expect(survey).toEqual(
            jasmine.objectContaining({
                gpus: jasmine.any(Array),
                memory: jasmine.any(Number),
                cores: jasmine.any(Number),
                disk: jasmine.any(Number),
                missing_package: '',
            }),
        );
        const [models] = (await call('Catalogue', 'a{sv}', {})) as [Dictionary[]];
        const small = models.find(({ id }) => id === 'qwen3-0.6b');
        expect(small).toEqual(
            jasmine.objectContaining({
                repository: 'Qwen/Qwen3-0.6B-GGUF',
                file: 'Qwen3-0.6B-Q8_0.gguf',
                size: 639_446_688,
                licence: 'Apache-2.0',
                installed: false,
            }),
        );
        expect(hub.fetched).toEqual([]);
    });

    it('are imported from a file, chosen and removed', async () => {
        const { outcome, results, text } = await finish('Import', join(folder, 'own.gguf'));
        expect({ outcome, results }).toEqual({ outcome: 0, results: { model: 'a-small-model' } });
        expect(text).toContain('own.gguf');
        expect(await dictionaries('Installed')).toEqual([
            jasmine.objectContaining({
                id: 'a-small-model',
                name: 'A small model',
                origin: join(folder, 'own.gguf'),
                revision: '',
                quantisation: 'Q4_K_M',
                context: 40_960,
                template: 2,
            }),
        ]);
        expect([await get('Quick'), await get('Hard')]).toEqual(['a-small-model', 'a-small-model']);
        await call('Use', 'ssa{sv}', 'hard', 'a-small-model', {});
        await live.restart();
        expect(await get('Hard')).toBe('a-small-model');
        await call('Remove', 'sa{sv}', 'a-small-model', {});
        expect(await get('Installed')).toEqual([]);
        expect(await get('Hard')).toBe('');
        const [listed] = await client.call(rootPath, 'Audit.List', 'a{sv}', {});
        const entries = listed as Record<string, string>[];
        expect(entries.map(({ event, actor, subject, detail }) => [event, actor, subject, detail])).toEqual([
            ['model-removed', 'other', 'a-small-model', ''],
            ['model-chosen', 'other', 'a-small-model', 'hard'],
            ['model-import-started', 'other', join(folder, 'own.gguf'), ''],
        ]);
    });

    it('are downloaded, with progress for everybody, and stay over a restart', async () => {
        const reached = transfersUntil(([transfer]) => transfer?.step === 'Downloading');
        const { outcome, results, text } = await finish('Download', 'owner/some-GGUF/Some-Q4_K_M.gguf');
        expect({ outcome, results }).toEqual({ outcome: 0, results: { model: 'some-q4_k_m' } });
        expect(text).toBe('Looking up Some-Q4_K_M on the hub\nDownloading\nChecking\n');
        expect((await reached)[0]).toEqual(
            jasmine.objectContaining({ id: 'some-q4_k_m', kind: 0, total: content.length, running: true }),
        );
        expect(await get('Transfers')).toEqual([]);
        await live.restart();
        const [installed] = await dictionaries('Installed');
        expect((await readdir(dirname(String(installed?.path)))).sort()).toEqual(['model.gguf', 'model.json']);
        expect(await dictionaries('Installed')).toEqual([
            jasmine.objectContaining({
                id: 'some-q4_k_m',
                origin: 'owner/some-GGUF/Some-Q4_K_M.gguf',
                revision: 'a'.repeat(40),
                size: content.length,
            }),
        ]);
    });

    it('on their way can be stopped by anybody, taken up again, or thrown away', async () => {
        hub.faults = [{ stallAfter: 2_000_000 }, { stallAfter: 100 }];
        const download = finish('Download', 'owner/some-GGUF/Some-Q4_K_M.gguf');
        await transfersUntil(([transfer]) => Number(transfer?.received) > 0);
        await using other = await Client.open(live.bus);
        expect(await errorOf(call('Remove', 'sa{sv}', 'some-q4_k_m', {}))).toBe('Error.InvalidState');
        const busy = await finish('Import', join(folder, 'own.gguf'));
        expect(busy.results.error).toBe(`${busName}.Error.Busy`);
        await other.call(rootPath, 'Models.Cancel', 's', 'some-q4_k_m');
        expect((await download).outcome).toBe(2);
        const [stopped] = await dictionaries('Transfers');
        expect(stopped).toEqual(jasmine.objectContaining({ id: 'some-q4_k_m', running: false, step: '' }));
        expect(Number(stopped?.received)).toBeGreaterThan(0);

        await live.restart();
        expect(await dictionaries('Transfers')).toEqual([stopped ?? {}]);
        const again = finish('Download', 'owner/some-GGUF/Some-Q4_K_M.gguf');
        await transfersUntil(([transfer]) => transfer?.running === true && transfer.step === 'Downloading');
        expect(hub.fetched.at(-1)?.range).toBe(`bytes=${Number(stopped?.received)}-`);
        await call('Cancel', 's', 'some-q4_k_m');
        expect((await again).outcome).toBe(2);
        await call('Remove', 'sa{sv}', 'some-q4_k_m', {});
        expect(await get('Transfers')).toEqual([]);
    });

    it('go on arriving when whoever wanted them leaves', async () => {
        hub.faults = [{ stallAfter: 1_500_000 }];
        const guest = await Client.open(live.bus);
        await guest.call(rootPath, 'Models.Download', 'sa{sv}', 'owner/some-GGUF/Some-Q4_K_M.gguf', {});
        await transfersUntil(([transfer]) => Number(transfer?.received) > 0);
        await guest[Symbol.asyncDispose]();
        expect((await dictionaries('Transfers'))[0]?.running).toBeTrue();
        await call('Cancel', 's', 'some-q4_k_m');
        await transfersUntil(([transfer]) => transfer?.running === false);
    });

    it('that are of no use, or not what they should be, are refused by name', async () => {
        hub.content = Buffer.from('no model at all');
        const useless = await finish('Download', 'owner/some-GGUF/Some.gguf');
        expect(useless.results.error).toBe(`${busName}.Error.UnusableModel`);
        hub.content = content;
        hub.claimed = { sha256: 'd'.repeat(64) };
        const wrong = await finish('Download', 'owner/some-GGUF/Some.gguf');
        expect(wrong.results.error).toBe(`${busName}.Error.WrongChecksum`);
        hub.claimed = {};
        const replaced = await finish('Download', 'qwen3-0.6b');
        expect(replaced.results.error)
            .withContext('the hub has another file than the catalogue')
            .toBe(`${busName}.Error.WrongChecksum`);
        expect(await get('Transfers')).toEqual([]);
    });

    it('too large for this computer are refused as soon as that can be seen, unless somebody insists', async () => {
        const changed = ['qwen3.block_count', 'qwen3.attention.head_count_kv', 'qwen3.attention.key_length'];
        const entries = [
            ...honest.entries().filter(({ key }) => !changed.includes(key)),
            ...changed.map(key => number(key, 1000)),
        ];
        // Two gigabytes for each token, in a small file.
        hub.content = file({ entries }, 3_000_000);
        const refused = await finish('Download', 'owner/huge-GGUF/Huge.gguf');
        expect(refused.results).toEqual({
            error: `${busName}.Error.DoesNotFit`,
            message: jasmine.stringMatching(/^Huge needs about .* of memory; this computer can provide .*\./),
        });
        expect(await get('Transfers')).toEqual([]);
        const insisted = await finish('Download', 'owner/huge-GGUF/Huge.gguf', {
            even_if_too_large: variant('b', true),
        });
        expect(insisted.outcome).toBe(0);
    });

    it('that cannot be meant are refused at once', async () => {
        const refused: [string, string, unknown[]][] = [
            ['Import', 'sa{sv}', ['relative/path.gguf', {}]],
            ['Import', 'sa{sv}', ['', {}]],
            ['Import', 'sa{sv}', [`/${'x'.repeat(5000)}`, {}]],
            ['Use', 'ssa{sv}', ['clever', 'a', {}]],
            ['Download', 'sa{sv}', ['x', { even_if_too_large: variant('s', 'yes') }]],
        ];
        for (const [method, signature, args] of refused)
            expect(await errorOf(call(method, signature, ...args)))
                .withContext(`${method} ${String(args[0])}`)
                .toBe('Error.InvalidArgument');
        for (const [method, signature, args] of [
            ['Use', 'ssa{sv}', ['quick', 'nothing', {}]],
            ['Remove', 'sa{sv}', ['nothing', {}]],
            ['Remove', 'sa{sv}', ['../..', {}]],
            ['Cancel', 's', ['nothing']],
        ] as const)
            expect(await errorOf(call(method, signature, ...args)))
                .withContext(method)
                .toBe('Error.NotFound');
        expect((await finish('Download', 'no-such-model')).results.error).toBe(`${busName}.Error.NotFound`);
        for (const name of ['owner/name/../../x.gguf', 'owner/name', 'a/b/c.bin', 'a/b/c d.gguf', '//x.gguf'])
            expect((await finish('Download', name)).results.error)
                .withContext(name)
                .toBe(`${busName}.Error.InvalidArgument`);
    });

    it(
        'say what computes and why, give their memory back, and find it out again when asked',
        async () => {
            const computing = async () => (await get('Computing')) as Dictionary;
            const empty = {
                loaded: '',
                layers: 0,
                layers_accelerated: 0,
                memory: 0,
                memory_gpu: 0,
                context: 0,
                threads: 0,
            };
            expect(await computing()).toEqual({
                accelerator: '',
                device: '',
                why: jasmine.any(String),
                tried: [],
                ...empty,
            });
            const { outcome, results, text } = await finish('TryAccelerators', null);
            expect(outcome).toBe(0);
            expect(text.split('\n')[0]).toBe('Testing the processor');
            const found = await computing();
            expect(results.accelerator).toBe(found.accelerator);
            expect(found.why).not.toBe('');
            expect((found.tried as Dictionary[]).at(-1)).toEqual({
                accelerator: 'cpu',
                works: true,
                device: '',
                detail: '',
            });

            await writeFile(join(folder, 'tiny.gguf'), tinyModel({ contextTokens: 32_768 }));
            const { results: imported } = await finish('Import', join(folder, 'tiny.gguf'));
            await client.call(rootPath, 'Assistant.Ask', 'sa{sv}', 'compare the moods of two penguins', {});
            await until<Dictionary>('Computing', ({ loaded }) => loaded !== '');
            const loaded = await computing();
            expect(loaded.loaded).toBe(imported.model);
            for (const name of ['layers', 'memory', 'context', 'threads'])
                expect(loaded[name]).withContext(name).toBeGreaterThan(0);
            await call('Unload', 'a{sv}', {});
            expect(await computing()).toEqual(jasmine.objectContaining(empty));
        },
        slow,
    );

    it('are neither tried nor asked while Reeve is paused', async () => {
        await client.call(rootPath, 'Manager.Pause', 'a{sv}', {});
        expect(await errorOf(call('TryAccelerators', 'a{sv}', {}))).toBe('Error.Paused');
        await call('Unload', 'a{sv}', {});
        expect(await errorOf(call('TryAccelerators', 'a{sv}', { handle_token: variant('s', '-') }))).toBe(
            'Error.InvalidArgument',
        );
    });

    it('take a key for the server that is configured, and say when there is no place to keep it', async () => {
        const key = (text: string) => call('SetServerKey', 'sa{sv}', text, {});
        const name = async (work: Promise<unknown>) => (await errorOf(work))?.split('.').at(-1);
        expect(await name(key('secret')))
            .withContext('no server')
            .toBe('InvalidState');
        expect(await name(call('GetServerKey', 'a{sv}', {}))).toBe('InvalidState');
        const url = variant('s', 'http://127.0.0.1:8080/v1');
        await client.call(rootPath, 'Settings.Set', 'sva{sv}', 'server.url', url, {});

        expect(await name(key('two words'))).toBe('InvalidArgument');
        expect(await name(key('line\nbreak'))).toBe('InvalidArgument');
        expect(await name(key('x'.repeat(4097)))).toBe('TooLarge');
        // The bus of the test has no keyring.
        expect(await call('GetServerKey', 'a{sv}', {})).toEqual([2]);
        expect(await name(key('secret'))).toBe('Unavailable');
    });

    it('do not come while Reeve is paused, and those on their way stop', async () => {
        hub.faults = [{ stallAfter: 1_500_000 }];
        const download = finish('Download', 'owner/some-GGUF/Some-Q4_K_M.gguf');
        await transfersUntil(([transfer]) => Number(transfer?.received) > 0);
        await client.call(rootPath, 'Manager.Pause', 'a{sv}', {});
        expect((await download).outcome).toBe(2);
        expect(await errorOf(call('Import', 'sa{sv}', join(folder, 'own.gguf'), {}))).toBe('Error.Paused');
    });
});
