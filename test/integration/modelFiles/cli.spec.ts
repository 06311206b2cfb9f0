import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { variant } from '../../../service/dbus/connection.ts';
import { Client, rootPath, startLive, type Live } from '../../contract/live.ts';
import { until } from '../../desktop/waiting.ts';
import { run, startProgram, type Ran } from '../../support/program.ts';
import { file } from '../../unit/modelFiles/ggufBytes.ts';
import { startTestHub, type TestHub } from './testHub.ts';

const content = file({}, 3_000_000);
/** Milliseconds: each command is a process of its own, on a machine that may be busy. */
const slow = 60_000;
const wanted = 'owner/some-GGUF/Some-Q4_K_M.gguf';

describe('reeve models', () => {
    let hub: TestHub;
    let live: Live;
    let folder: string;

    beforeEach(async () => {
        hub = await startTestHub(content);
        live = await startLive(undefined, { hub: hub.base });
        folder = await mkdtemp(join(tmpdir(), 'reeve-models-cli-'));
        await writeFile(join(folder, 'own.gguf'), file());
    });
    afterEach(async () => {
        await live[Symbol.asyncDispose]();
        await hub[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
    });

    const argv = (...args: string[]) => [
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        join(process.cwd(), 'service/cli/main.ts'),
        'models',
        ...args,
    ];
    const environment = (): NodeJS.ProcessEnv => ({
        PATH: process.env.PATH,
        HOME: folder,
        LANG: 'C.UTF-8',
        XDG_RUNTIME_DIR: folder,
        DBUS_SESSION_BUS_ADDRESS: live.bus.address,
    });
    const reeve = (...args: string[]): Promise<Ran> => run(argv(...args), { env: environment(), cwd: folder });
    const json = async (...args: string[]) => {
        const { code, output } = await reeve(...args, '--json');
        return { code, value: JSON.parse(output) as Record<string, unknown> };
    };

    it(
        'says that there is none, and what would fit',
        async () => {
            const none = await reeve();
            expect(none.code).toBe(1);
            expect(none.output).toBe('No model is installed. To see what fits: reeve models recommend\n');
            const recommended = await json('recommend');
            expect((recommended.value.models as unknown[]).length).toBeGreaterThan(15);
            const text = await reeve('recommend', '--all');
            expect(text.output).toContain('qwen3.5-27b');
            const survey = await json('survey');
            expect(survey.value).toEqual(
                jasmine.objectContaining({ cores: jasmine.any(Number), gpus: jasmine.any(Array) }),
            );
            expect((await reeve('survey')).output).toMatch(/^Memory: .*\sGB$/m);
            expect(hub.fetched).toEqual([]);
        },
        slow,
    );

    it(
        'says what computes, finds it out when asked, and gives memory back',
        async () => {
            const unknown = await reeve('status');
            expect(unknown.code).toBe(1);
            expect(unknown.output).toMatch(/^Not known yet\n/);
            const probed = await reeve('probe');
            expect(probed.code).toBe(0);
            expect(probed.errors).toMatch(/^Testing the processor$/m);
            expect(probed.output).toMatch(/^\[works\] Processor$/m);
            expect(probed.output).toMatch(/^No model is loaded\.$/m);
            const { code, value } = await json('status');
            expect({ code, loaded: value.loaded }).toEqual({ code: 0, loaded: '' });
            expect((value.tried as unknown[]).length).toBe(3);
            expect((await reeve('unload')).output).toBe('No model is loaded.\n');
        },
        slow,
    );

    it(
        'imports a file by a relative path, lists, chooses and removes it',
        async () => {
            expect(await reeve('import', 'own.gguf')).toEqual(
                jasmine.objectContaining({
                    code: 0,
                    output: 'a-small-model is installed.\n',
                    errors: 'Reading own.gguf\n',
                }),
            );
            const list = await reeve('list');
            expect(list.code).toBe(0);
            expect(list.output).toMatch(
                /^A small model\n {2}a-small-model, .*, Q4_K_M, apache-2\.0, for quick questions, for hard/,
            );
            expect((await json()).value).toEqual(
                jasmine.objectContaining({
                    quick: 'a-small-model',
                    installed: [jasmine.objectContaining({ id: 'a-small-model', template: 'tools' })],
                }),
            );
            expect((await reeve('use', 'a-small-model', '--for', 'hard')).output).toContain(
                'For hard questions: A small model',
            );
            expect((await json('use', 'none')).code).toBe(0);
            expect(await json('remove', 'a-small-model')).toEqual({ code: 0, value: { model: 'a-small-model' } });
            expect((await json()).value.installed).toEqual([]);
        },
        slow,
    );

    it(
        'downloads a model, and says what it does',
        async () => {
            const { code, output, errors } = await reeve('download', wanted);
            expect(code).toBe(0);
            expect(output).toBe('some-q4_k_m is installed.\n');
            expect(errors).toBe('Looking up Some-Q4_K_M on the hub\nDownloading\nChecking\n');
            expect(await json('download', wanted)).toEqual({
                code: 6,
                value: jasmine.objectContaining({ outcome: 'failed', error: jasmine.stringMatching(/InvalidState$/) }),
            });
        },
        slow,
    );

    it(
        'stops a download with Ctrl+C, says how to go on, and goes on by the name that it lists',
        async () => {
            hub.faults = [{ stallAfter: 2_000_000 }];
            const { child, ended } = startProgram(argv('download', wanted), { env: environment() });
            await using client = await Client.open(live.bus);
            await until('some of it is there', async () => {
                const [transfer] = (await client.get(rootPath, 'Models.Transfers')) as { received: number }[];
                return transfer !== undefined && transfer.received > 0;
            });
            child.kill('SIGINT');
            const { code, errors } = await ended;
            expect(code).toBe(130);
            expect(errors).toContain(`Stopped. To resume: reeve models download ${wanted}`);
            expect((await reeve()).output).toContain('to resume: reeve models download some-q4_k_m');
            expect((await reeve('download', 'some-q4_k_m')).code).toBe(0);
            expect((await json()).value.transfers).toEqual([]);
        },
        slow,
    );

    it(
        'takes the key of a server from a pipe, and says why it cannot be kept',
        async () => {
            const key = (text: string) => run(argv('key'), { env: environment(), cwd: folder, input: text });
            expect(await key('sk-1')).toEqual(
                jasmine.objectContaining({ code: 6, errors: jasmine.stringContaining('No server is configured') }),
            );
            await using client = await Client.open(live.bus);
            const url = variant('s', 'http://127.0.0.1:8080/v1');
            await client.call(rootPath, 'Settings.Set', 'sva{sv}', 'server.url', url, {});
            expect((await key('sk-1')).errors).toContain('There is no keyring to store');
        },
        slow,
    );

    it(
        'says what went wrong, in words and with its exit code',
        async () => {
            const cases: [string[], number, RegExp][] = [
                [['download', 'nothing'], 5, /no model nothing/],
                [['import', 'nothing.gguf'], 5, /The file .*nothing\.gguf does not exist/],
                [['import', '/etc/passwd'], 6, /not a GGUF file/],
                [['remove', 'nothing'], 5, /no model nothing/],
                [['use', 'nothing'], 5, /no model nothing/],
                [['cancel', 'nothing'], 5, /not being installed/],
                [['download'], 2, /MODEL is missing/],
                [['paint'], 2, /expected one of list/],
                [['use', 'x', '--for', 'fun'], 2, /expected one of quick, hard/],
            ];
            for (const [args, code, message] of cases) {
                const ran = await reeve(...args);
                expect(ran.code).withContext(args.join(' ')).toBe(code);
                expect(ran.errors).withContext(args.join(' ')).toMatch(message);
            }
        },
        slow,
    );
});
