// The real service on a bus of its own, with a state directory of its own, and clients to talk to it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusError, Connection } from '../../service/dbus/connection.ts';
import { busName, rootPath } from '../../service/util/names.ts';
import { startService, type Service } from '../../service/service.ts';
import { startPrivateBus, type PrivateBus } from '../support/privateBus.ts';

export type Live = AsyncDisposable & {
    bus: PrivateBus;
    service: Service;
    /** Stops the service and starts it again on the same bus and state. */
    restart: () => Promise<void>;
    /** Starts a second service beside the first one. */
    startAnother: () => Promise<Service>;
};

/**
 * @param prepare what is done to the state directory before the service starts
 * @param options.hub where models come from
 * @param options.journal a folder of journal files to watch; none otherwise
 * @param options.text a plain-text log to watch; none otherwise
 */
export async function startLive(
    prepare?: (stateDirectory: string) => void,
    { hub, journal, text = null }: { hub?: string; journal?: string; text?: string | null } = {},
): Promise<Live> {
    await using stack = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), 'reeve-live-'));
    stack.defer(() => rm(directory, { recursive: true }));
    const stateDirectory = join(directory, 'state');
    prepare?.(stateDirectory);
    const bus = stack.use(await startPrivateBus());
    const start = (state: string) =>
        startService({
            session: { address: bus.address },
            system: null,
            journal: journal === undefined ? null : { kind: 'directory', path: journal },
            text,
            root: state,
            home: state,
            stateDirectory: state,
            dataDirectory: join(state, 'data'),
            cacheDirectory: join(state, 'cache'),
            ...(hub !== undefined && { hub }),
            configurationFile: join(directory, 'config.toml'),
            commandLine: { node: process.execPath, script: join(directory, 'reeve') },
        });
    let service = await start(stateDirectory);
    stack.defer(() => service[Symbol.asyncDispose]());
    const everything = stack.move();
    return {
        bus,
        get service() {
            return service;
        },
        restart: async () => {
            await service[Symbol.asyncDispose]();
            service = await start(stateDirectory);
        },
        startAnother: () => start(join(directory, 'another')),
        [Symbol.asyncDispose]: () => everything.disposeAsync(),
    };
}

/** Somebody else on the bus, who talks to the service. */
export class Client implements AsyncDisposable {
    readonly connection: Connection;

    static async open({ address }: { address: string }): Promise<Client> {
        return new Client(await Connection.open({ address }));
    }

    private constructor(connection: Connection) {
        this.connection = connection;
    }

    /** @param method "Manager.Pause", or a full name for interfaces that are not ours */
    call(path: string, method: string, signature = '', ...args: unknown[]): Promise<unknown[]> {
        const dot = method.lastIndexOf('.');
        const iface = method.slice(0, dot);
        return this.connection.call({
            destination: busName,
            path,
            interface: iface.includes('.') ? iface : `${busName}.${iface}`,
            member: method.slice(dot + 1),
            signature,
            arguments: args,
        });
    }

    get(path: string, property: string): Promise<unknown> {
        const [iface = '', name = ''] = property.split('.');
        return this.connection.getProperty(busName, path, `${busName}.${iface}`, name);
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.connection[Symbol.asyncDispose]();
    }
}

/** The name of the error that a call is answered with, less the prefixes of ours and of the specification; null for none. */
export async function errorOf(call: Promise<unknown>): Promise<string | null> {
    try {
        await call;
        return null;
    } catch (error) {
        if (!(error instanceof BusError)) throw error;
        return error.errorName.replace(`${busName}.`, '').replace('org.freedesktop.DBus.Error.', '');
    }
}

export { busName, rootPath };
