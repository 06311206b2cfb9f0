/** The service as the command sees it: a connection to the bus, and what is read from there parsed. */
import * as z from 'zod';

import { BusError, Connection, variant, type Variant } from '../dbus/connection.ts';
import { busName, rootPath } from '../util/names.ts';
import { _ } from '../i18n/i18n.ts';
import { CommandError, exit } from './exit.ts';
import {
    declaredServersSchema,
    grantsSchema,
    incidentSchema,
    managerSchema,
    modelsChange,
    modelsSchema,
    proposalSchema,
    type DeclaredServer,
    type Grant,
    type Incident,
    type Manager,
    type Models,
    taskSchema,
    preferencesSchema,
    type Preference,
    type Proposal,
    type Task,
    type Transfer,
} from './objects.ts';
import { privateBusAddress } from './privateBus.ts';

const errorPrefix = `${busName}.Error.`;
/** Milliseconds until a service that must be started first counts as failed. */
const startTimeout = 15_000;
/** Before a change begins, its plan is made again, for which a package manager may take 40 seconds. */
const beginTimeout = 45_000;

const managedObjects = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));

export type RequestHandlers = {
    /** Text as it comes. */
    chunk: (text: string) => void;
    /** A lookup by a language model has begun or ended; as Request.Step has it. */
    step?: (step: unknown) => void;
    /** Aborted when the user stops it. */
    signal: AbortSignal;
};

export const outcomes = ['success', 'failed', 'cancelled', 'refused', 'not-cleared'] as const;
export type RequestResult = { outcome: (typeof outcomes)[number]; results: Record<string, unknown>; text: string };

const finishedBody = z.tuple([
    z
        .int()
        .min(0)
        .max(outcomes.length - 1),
    z.record(z.string(), z.unknown()),
]);
const chunkBody = z.tuple([z.number(), z.string()]);

export class Client implements AsyncDisposable {
    readonly #connection: Connection;
    #lastToken = 0;

    private constructor(connection: Connection) {
        this.#connection = connection;
    }

    /**
     * Connects to the service on the session bus, starting it if need be, or else on the private bus of `npm start`.
     * @throws CommandError unavailable
     */
    static async open(): Promise<Client> {
        const privateAddress = privateBusAddress();
        const buses = ['session' as const, ...(privateAddress === null ? [] : [{ address: privateAddress }])];
        let failure: BusError | null = null;
        for (const bus of buses) {
            try {
                return await Client.#openOn(bus);
            } catch (error) {
                if (!(error instanceof BusError)) throw error;
                failure ??= error;
            }
        }
        const message =
            failure?.errorName === 'org.freedesktop.DBus.Error.NoServer'
                ? _('There is no session bus, and no Reeve service on a private bus. To start one: npm start')
                : _('The service cannot be reached: {reason}\nTo see why: systemctl --user status reeve.service', {
                      reason: failure?.message ?? '',
                  });
        throw new CommandError(exit.unavailable, 'ServiceUnavailable', message, { cause: failure });
    }

    static async #openOn(bus: 'session' | { address: string }): Promise<Client> {
        const connection = await Connection.open(bus);
        try {
            const client = new Client(connection);
            if ((await connection.nameOwner(busName)) === null) await client.#start();
            return client;
        } catch (error) {
            await connection[Symbol.asyncDispose]();
            throw error;
        }
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#connection[Symbol.asyncDispose]();
    }

    /** When the service fails to start, the bus sends no error: hence the time-out. */
    async #start(): Promise<void> {
        await this.#connection.call({
            destination: 'org.freedesktop.DBus',
            path: '/org/freedesktop/DBus',
            interface: 'org.freedesktop.DBus',
            member: 'StartServiceByName',
            signature: 'su',
            arguments: [busName, 0],
            timeout: startTimeout,
        });
    }

    async manager(): Promise<Manager> {
        return managerSchema.parse(await this.#properties(rootPath, 'Manager'));
    }

    /** What Reeve may do without asking, oldest first. */
    async grants(): Promise<Grant[]> {
        return grantsSchema.parse(await this.#properties(rootPath, 'Grants'));
    }

    /** The servers of models that are declared, as they are doing now. */
    async services(): Promise<DeclaredServer[]> {
        const [services] = await this.call(rootPath, 'Services.List', 'a{sv}', [{}]);
        return declaredServersSchema.parse(services);
    }

    /** What the person stated, oldest first. */
    async preferences(): Promise<Preference[]> {
        return preferencesSchema.parse(await this.#properties(rootPath, 'Preferences'));
    }

    async models(): Promise<Models> {
        return modelsSchema.parse(await this.#properties(rootPath, 'Models'));
    }

    /** Calls `handle` whenever a transfer of a model advances. */
    async watchTransfers(handle: (transfers: Transfer[]) => void): Promise<AsyncDisposable> {
        return this.#connection.subscribe(
            {
                sender: busName,
                path: rootPath,
                interface: 'org.freedesktop.DBus.Properties',
                member: 'PropertiesChanged',
                argument: `${busName}.Models`,
            },
            ({ body: [, changed] }) => {
                const { Transfers: transfers } = modelsChange.parse(changed);
                if (transfers !== undefined) handle(transfers);
            },
        );
    }

    /** Open incidents and those that closed last, by number. */
    async incidents(): Promise<Incident[]> {
        return (await this.#objects('Incident', incidentSchema)).sort((a, b) => a.id - b.id);
    }

    /** @throws CommandError notFound */
    async incident(id: number): Promise<Incident> {
        const found = (await this.incidents()).find(incident => incident.id === id);
        if (found !== undefined) return found;
        throw new CommandError(exit.notFound, 'NotFound', _('There is no incident {id}', { id }));
    }

    /** Waits for the first incident that fits. @throws CommandError failed when the signal is aborted before */
    async untilIncident(fits: (incident: Incident) => boolean, signal: AbortSignal): Promise<Incident> {
        const { promise, resolve, reject } = Promise.withResolvers<Incident>();
        const look = () => {
            this.incidents().then(incidents => {
                const found = incidents.find(fits);
                if (found !== undefined) resolve(found);
            }, reject);
        };
        await using subscriptions = new AsyncDisposableStack();
        const match = { sender: busName, interface: 'org.freedesktop.DBus.Properties', member: 'PropertiesChanged' };
        subscriptions.use(await this.#connection.subscribe(match, look));
        const giveUp = () => {
            reject(new CommandError(exit.failed, 'TimedOut', _('Reeve has not noticed the fault')));
        };
        signal.addEventListener('abort', giveUp, { once: true });
        look();
        return await promise;
    }

    /** What people asked for, oldest first. */
    async tasks(): Promise<Task[]> {
        return (await this.#objects('Task', taskSchema)).sort((a, b) => a.id - b.id);
    }

    /** @throws CommandError notFound */
    async task(id: number): Promise<Task> {
        const found = (await this.tasks()).find(task => task.id === id);
        if (found !== undefined) return found;
        throw new CommandError(exit.notFound, 'NotFound', _('There is no task t{id}', { id }));
    }

    /** Those of one incident or task, best first. */
    async proposals(owner: Incident | Task): Promise<Proposal[]> {
        return await this.proposalsAt(owner.proposals);
    }

    /** In the order of the paths; missing ones are left out. */
    async proposalsAt(paths: readonly string[]): Promise<Proposal[]> {
        const all = await this.#objects('Proposal', proposalSchema);
        return paths.flatMap(path => all.filter(proposal => proposal.path === path));
    }

    /** Calls a method of ours. `options` are put into the a{sv} that such calls end in. */
    async call(
        path: string,
        member: `${string}.${string}`,
        signature: string,
        args: readonly unknown[],
        { timeout, signal }: { timeout?: number; signal?: AbortSignal } = {},
    ): Promise<unknown[]> {
        const [iface = '', name = ''] = member.split('.');
        try {
            return await this.#connection.call({
                destination: busName,
                path,
                interface: `${busName}.${iface}`,
                member: name,
                signature,
                arguments: args,
                interactive: true,
                ...(timeout === undefined ? {} : { timeout }),
                ...(signal === undefined ? {} : { signal }),
            });
        } catch (error) {
            throw error instanceof BusError ? toCommandError(error) : error;
        }
    }

    /**
     * Calls a method that returns a Request, and follows that to its end. Listens before it calls, so that nothing of a
     * quick answer is missed.
     *
     * @param text the argument before the options; null for a method that has none
     * @param options the handle_token is added
     */
    async request(
        path: string,
        member: `${string}.${string}`,
        text: string | readonly string[] | null,
        options: Record<string, Variant>,
        { chunk, step, signal }: RequestHandlers,
    ): Promise<RequestResult> {
        this.#lastToken += 1;
        const token = `cli${process.pid}_${this.#lastToken}`;
        const sender = this.#connection.uniqueName.slice(1).replaceAll('.', '_');
        const request = `${rootPath}/request/${sender}/${token}`;
        const { promise, resolve, reject } = Promise.withResolvers<RequestResult>();
        // It may reject before anybody waits for it, or after the call itself has failed.
        promise.catch(() => undefined);
        let received = '';
        await using subscriptions = new AsyncDisposableStack();
        const subscription = await this.#connection.subscribe(
            { sender: busName, path: request, interface: `${busName}.Request` },
            ({ member: name, body }) => {
                if (name === 'Chunk') {
                    const [, piece] = chunkBody.parse(body);
                    received += piece;
                    chunk(piece);
                } else if (name === 'Step') {
                    step?.(body[0]);
                } else if (name === 'Finished') {
                    const [outcome, results] = finishedBody.parse(body);
                    resolve({ outcome: outcomes[outcome] ?? 'failed', results, text: received });
                }
            },
        );
        subscriptions.use(subscription);
        const watch = await this.#connection.watchName(busName, owner => {
            if (owner === null)
                reject(new CommandError(exit.unavailable, 'ServiceLost', _('Lost the connection to the service')));
        });
        subscriptions.use(watch);
        void this.#connection.closed.then(() => {
            reject(new CommandError(exit.unavailable, 'ServiceLost', _('Lost the connection to the bus')));
        });
        const all = { ...options, handle_token: variant('s', token) };
        await (text === null
            ? this.call(path, member, 'a{sv}', [all], { timeout: beginTimeout })
            : this.call(path, member, typeof text === 'string' ? 'sa{sv}' : 'asa{sv}', [text, all], {
                  timeout: beginTimeout,
              }));
        const cancel = () => {
            this.call(request, 'Request.Cancel', '', []).catch(reject);
        };
        signal.addEventListener('abort', cancel, { once: true });
        if (signal.aborted) cancel();
        try {
            return await promise;
        } finally {
            signal.removeEventListener('abort', cancel);
        }
    }

    async #properties(path: string, iface: string): Promise<Record<string, unknown>> {
        try {
            return await this.#connection.getProperties(busName, path, `${busName}.${iface}`);
        } catch (error) {
            throw error instanceof BusError ? toCommandError(error) : error;
        }
    }

    async #objects<T>(iface: string, schema: z.ZodType<T>): Promise<T[]> {
        const [objects] = await this.#connection
            .call({
                destination: busName,
                path: rootPath,
                interface: 'org.freedesktop.DBus.ObjectManager',
                member: 'GetManagedObjects',
            })
            .catch((error: unknown) => {
                throw error instanceof BusError ? toCommandError(error) : error;
            });
        return Object.entries(managedObjects.parse(objects)).flatMap(([path, interfaces]) => {
            const properties = interfaces[`${busName}.${iface}`];
            return properties === undefined ? [] : [schema.parse({ ...properties, path })];
        });
    }
}

const codes: Record<string, CommandError['code']> = {
    NotAuthorized: exit.refused,
    ConfirmationRequired: exit.refused,
    NotFound: exit.notFound,
    InvalidArgument: exit.usage,
    TooLarge: exit.usage,
};

function toCommandError(error: BusError): CommandError {
    const { errorName, message } = error;
    if (errorName.startsWith(errorPrefix)) {
        const reason = errorName.slice(errorPrefix.length);
        return new CommandError(codes[reason] ?? exit.failed, reason, message, { cause: error });
    }
    const reason = errorName.slice(errorName.lastIndexOf('.') + 1);
    // The object has left the bus since we learned of it.
    if (reason === 'UnknownObject') return new CommandError(exit.notFound, 'NotFound', message, { cause: error });
    return new CommandError(exit.unavailable, reason, message, { cause: error });
}
