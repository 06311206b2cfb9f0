// The built service as a process of its own, on a bus and with directories of its own, and the built command to talk to it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAll } from '../../build/build.ts';
import { Connection } from '../../service/dbus/connection.ts';
import { startPrivateBus } from './privateBus.ts';
import { run, type Ran } from './program.ts';

export type BuiltService = AsyncDisposable & {
    built: string;
    pid: number;
    environment: NodeJS.ProcessEnv;
    reeve: (...args: string[]) => Promise<Ran>;
    /** Runs it on a terminal of its own, where `input` is typed; output and errors come as one, as they do there. */
    reeveOnTerminal: (args: readonly string[], input: string) => Promise<Ran>;
};

/**
 * One for all services of this process: the sources do not change meanwhile. It has a place of its own, since another process
 * of the tests may build at the same time.
 */
let build: Promise<string> | undefined;

function buildApart(): Promise<string> {
    const place = mkdtempSync(join(tmpdir(), 'reeve-build-'));
    process.once('exit', () => {
        rmSync(place, { recursive: true, force: true });
    });
    return buildAll(join(place, 'out'));
}

/**
 * @param options.of where the programs are, if not built here
 * @param options.prepare what is done to the state directory before the service starts
 * @param options.systemBus the address of the system bus; without it there is none
 */
export async function startBuiltService({
    of,
    prepare,
    arguments: args = [],
    systemBus,
}: {
    of?: string;
    prepare?: (stateDirectory: string) => void;
    arguments?: readonly string[];
    systemBus?: string;
} = {}): Promise<BuiltService> {
    await using stack = new AsyncDisposableStack();
    const built = of ?? (await (build ??= buildApart()));
    const directory = await mkdtemp(join(tmpdir(), 'reeve-built-'));
    stack.defer(() => rm(directory, { recursive: true }));
    prepare?.(join(directory, 'state', 'reeve'));
    const bus = stack.use(await startPrivateBus());
    const environment: NodeJS.ProcessEnv = {
        HOME: directory,
        PATH: process.env.PATH,
        LANG: 'C.UTF-8',
        TERM: 'xterm',
        XDG_RUNTIME_DIR: join(directory, 'run'),
        XDG_STATE_HOME: join(directory, 'state'),
        XDG_CONFIG_HOME: join(directory, 'config'),
        DBUS_SESSION_BUS_ADDRESS: bus.address,
        DBUS_SYSTEM_BUS_ADDRESS: systemBus ?? `unix:path=${join(directory, 'no-system-bus')}`,
    };
    const connection = stack.use(await Connection.open({ address: bus.address }));
    const service = spawn(join(built, 'bin', 'reeved'), args, {
        env: environment,
        stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaints = '';
    service.stderr.on('data', (chunk: Buffer) => {
        complaints += chunk.toString();
    });
    const exited = once(service, 'exit');
    stack.defer(async () => {
        service.kill('SIGTERM');
        await exited;
    });
    const appeared = Promise.withResolvers<undefined>();
    await connection.watchName('org.reevedesktop.Reeve1', owner => {
        if (owner !== null) appeared.resolve(undefined);
    });
    await Promise.race([
        appeared.promise,
        exited.then(() => {
            throw new Error(`reeved ended: ${complaints}`);
        }),
    ]);
    const reeve = join(built, 'bin', 'reeve');
    const everything = stack.move();
    return {
        built,
        pid: service.pid ?? 0,
        environment,
        reeve: (...given) => run([reeve, ...given], { env: environment }),
        // script(1) takes its command as one line for a shell; our arguments are words without quotes.
        reeveOnTerminal: (given, input) =>
            run(['script', '--quiet', '--return', '--command', [reeve, ...given].join(' '), '/dev/null'], {
                env: environment,
                input,
            }),
        [Symbol.asyncDispose]: () => everything.disposeAsync(),
    };
}
