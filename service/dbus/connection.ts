/** A connection to a message bus: calls, signals and names. exportedObjects.ts has what we offer on it ourselves. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { log } from '../util/log.ts';
import { messageOf } from '../util/errors.ts';
import { safeText } from '../text/sanitise.ts';
import { busAddress, socketPaths } from './address.ts';
import { BusError, standardError } from './busError.ts';
import { unwrap } from './variant.ts';
import { authenticate, Decoder, encode, messageFlag, messageType, type Message } from './wire.ts';

export { BusError } from './busError.ts';
export { variant, Variant } from './variant.ts';

export type Call = {
    destination: string;
    path: string;
    interface: string;
    member: string;
    signature?: string;
    arguments?: readonly unknown[];
    /** Lets the service ask the user for a password (ALLOW_INTERACTIVE_AUTHORIZATION). */
    interactive?: boolean;
    /** Whether the bus may start the destination for this, default true. */
    autoStart?: boolean;
    /** Milliseconds, default 25000, which is libdbus' own. Infinity waits for as long as both sides live. */
    timeout?: number;
    signal?: AbortSignal;
};

/** Which signals to receive. A well-known `sender` is followed from owner to owner. */
export type Match = {
    sender?: string;
    path?: string;
    pathNamespace?: string;
    interface: string;
    member?: string;
    /** The first argument, a string. */
    argument?: string;
};

/** A signal as it arrived; variants in `body` are unwrapped. */
export type Signal = { sender: string; path: string; interface: string; member: string; body: unknown[] };

/** One of the buses of this machine, or a D-Bus server address. */
export type BusAddress = 'session' | 'system' | { address: string };

const bus = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };
const defaultTimeout = 25_000;
const openTimeout = 10_000;
/** Characters. */
const longestError = 2048;

type Pending = { resolve: (reply: Message) => void; reject: (error: Error) => void };
type Subscription = { matches: (message: Message) => boolean; handle: (signal: Signal) => void };

export class Connection implements AsyncDisposable {
    /** Resolves when the connection has ended, for any reason. Never rejects. */
    readonly closed: Promise<void>;
    /** The handler of method calls; without one every call is refused. */
    onCall: (message: Message) => void = message => {
        this.replyError(message, standardError('UnknownObject', 'Nothing is offered here'));
    };
    readonly #socket: Socket;
    readonly #pending = new Map<number, Pending>();
    readonly #subscriptions = new Set<Subscription>();
    #uniqueName = '';
    #serial = 0;
    #failure: Error | undefined;

    /**
     * @throws BusError org.freedesktop.DBus.Error.NoServer when nothing answers there
     */
    static async open(on: BusAddress): Promise<Connection> {
        const address = typeof on === 'string' ? busAddress(on) : on.address;
        let failure: unknown = new Error('the address contains no unix socket');
        for (const path of socketPaths(address)) {
            const connection = new Connection(connect(path));
            try {
                await connection.#start();
                return connection;
            } catch (error) {
                failure = error;
                await connection[Symbol.asyncDispose]();
            }
        }
        throw standardError('NoServer', `Cannot connect to the bus at ${address}: ${messageOf(failure)}`, {
            cause: failure,
        });
    }

    private constructor(socket: Socket) {
        this.#socket = socket;
        const { promise, resolve } = Promise.withResolvers<undefined>();
        this.closed = promise;
        socket.on('error', error => {
            this.#failure = error;
        });
        socket.once('close', () => {
            const error = standardError('Disconnected', 'The connection to the bus was closed', {
                cause: this.#failure,
            });
            for (const { reject } of this.#pending.values()) reject(error);
            this.#pending.clear();
            this.#subscriptions.clear();
            resolve(undefined);
        });
    }

    async #start(): Promise<void> {
        const socket = this.#socket;
        const timer = setTimeout(() => {
            socket.destroy(new Error('the bus did not answer'));
        }, openTimeout);
        try {
            await Promise.race([
                once(socket, 'connect').then(() => authenticate(socket)),
                this.closed.then(() => {
                    throw this.#failure ?? new Error('the bus closed the connection');
                }),
            ]);
        } finally {
            clearTimeout(timer);
        }
        const decoder = new Decoder(
            message => {
                this.#receive(message);
            },
            error => {
                log('warning', 'Ignored a malformed message from the bus', { error: messageOf(error) });
            },
        );
        socket.on('data', (chunk: Buffer) => {
            try {
                decoder.push(chunk);
            } catch (error) {
                log('error', 'Left the bus: what it sends makes no sense', { error: messageOf(error) });
                socket.destroy();
            }
        });
        this.#uniqueName = String((await this.call({ ...bus, member: 'Hello' }))[0]);
    }

    /** Our address on the bus, such as ":1.42". */
    get uniqueName(): string {
        return this.#uniqueName;
    }

    /**
     * Calls a method and gives the body of its reply, with variants unwrapped; integers of 64 bits are numbers when safe,
     * else bigints; byte arrays are Uint8Array; dictionaries are plain objects.
     *
     * @throws BusError as the callee answered; NoReply after the timeout; Disconnected; InvalidArgs when the arguments do
     * not fit the signature
     * @throws the reason of `signal` once it is aborted; a late reply is then ignored
     */
    async call(call: Call): Promise<unknown[]> {
        call.signal?.throwIfAborted();
        const serial = this.#nextSerial();
        const data = encodeOrRefuse({
            type: messageType.call,
            flags:
                (call.interactive ? messageFlag.interactive : 0) |
                (call.autoStart === false ? messageFlag.noAutoStart : 0),
            serial,
            destination: call.destination,
            path: call.path,
            interface: call.interface,
            member: call.member,
            signature: call.signature ?? '',
            body: [...(call.arguments ?? [])],
        });
        const { promise, resolve, reject } = Promise.withResolvers<Message>();
        const timeout = call.timeout ?? defaultTimeout;
        const timer = Number.isFinite(timeout)
            ? setTimeout(() => {
                  reject(
                      standardError('NoReply', `${call.destination} did not answer ${call.member} in ${timeout} ms`),
                  );
              }, timeout)
            : undefined;
        const abort = () => {
            reject(call.signal?.reason as Error);
        };
        call.signal?.addEventListener('abort', abort, { once: true });
        this.#pending.set(serial, { resolve, reject });
        try {
            if (!this.#socket.writable) throw standardError('Disconnected', 'The connection to the bus was closed');
            this.#socket.write(data);
            const reply = await promise;
            if (reply.type === messageType.return) return reply.body.map(unwrap);
            const [text] = reply.body;
            throw new BusError(reply.errorName ?? '', typeof text === 'string' ? text : '');
        } finally {
            clearTimeout(timer);
            call.signal?.removeEventListener('abort', abort);
            this.#pending.delete(serial);
        }
    }

    async getProperty(destination: string, path: string, iface: string, name: string): Promise<unknown> {
        const [value] = await this.call({
            destination,
            path,
            interface: 'org.freedesktop.DBus.Properties',
            member: 'Get',
            signature: 'ss',
            arguments: [iface, name],
        });
        return value;
    }

    async getProperties(destination: string, path: string, iface: string): Promise<Record<string, unknown>> {
        const [values] = await this.call({
            destination,
            path,
            interface: 'org.freedesktop.DBus.Properties',
            member: 'GetAll',
            signature: 's',
            arguments: [iface],
        });
        return values as Record<string, unknown>;
    }

    /** Resolves once the bus delivers these signals. A handler that throws is logged and stays subscribed. */
    async subscribe(match: Match, handler: (signal: Signal) => void): Promise<AsyncDisposable> {
        const { sender } = match;
        const isWellKnown = sender !== undefined && !sender.startsWith(':') && sender !== bus.destination;
        let owner = sender ?? null;
        const name = isWellKnown
            ? await this.watchName(sender, current => {
                  owner = current;
              })
            : null;
        try {
            const subscription = await this.#addMatch(
                match,
                message => (sender === undefined || message.sender === owner) && fits(match, message),
                handler,
            );
            return {
                [Symbol.asyncDispose]: async () => {
                    await subscription[Symbol.asyncDispose]();
                    await name?.[Symbol.asyncDispose]();
                },
            };
        } catch (error) {
            await name?.[Symbol.asyncDispose]();
            throw error;
        }
    }

    /** The unique name of the owner of `name`, or null while nobody owns it. */
    async nameOwner(name: string): Promise<string | null> {
        try {
            const [owner] = await this.call({ ...bus, member: 'GetNameOwner', signature: 's', arguments: [name] });
            return String(owner);
        } catch (error) {
            if (error instanceof BusError && error.errorName === 'org.freedesktop.DBus.Error.NameHasNoOwner')
                return null;
            throw error;
        }
    }

    /** Calls `handler` with the present owner before it resolves, then whenever the owner changes. */
    async watchName(name: string, handler: (owner: string | null) => void): Promise<AsyncDisposable> {
        const seen = { change: false };
        const subscription = await this.#addMatch(
            { ...bus, sender: bus.destination, member: 'NameOwnerChanged', argument: name },
            message =>
                message.sender === bus.destination && message.member === 'NameOwnerChanged' && message.body[0] === name,
            ({ body: [, , owner] }) => {
                seen.change = true;
                handler(typeof owner === 'string' && owner !== '' ? owner : null);
            },
        );
        try {
            const owner = await this.nameOwner(name);
            // A change that arrived in the meantime is newer than this answer, or equal to it.
            if (!seen.change) handler(owner);
        } catch (error) {
            await subscription[Symbol.asyncDispose]();
            throw error;
        }
        return subscription;
    }

    /** @throws BusError NameHasOwner when another process owns the name; we do not queue for it */
    async requestName(name: string): Promise<void> {
        const doNotQueue = 4;
        const primaryOwner = 1;
        const [result] = await this.call({
            ...bus,
            member: 'RequestName',
            signature: 'su',
            arguments: [name, doNotQueue],
        });
        if (result !== primaryOwner) throw standardError('NameHasOwner', `Another process already owns ${name}`);
    }

    /** Answers a call. Does nothing when the caller wants no answer or the bus has gone. */
    reply(call: Message, signature: string, body: unknown[]): void {
        if ((call.flags & messageFlag.noReply) !== 0) return;
        this.#send({ type: messageType.return, ...answering(call), signature, body });
    }

    replyError(call: Message, error: BusError): void {
        if ((call.flags & messageFlag.noReply) !== 0) return;
        this.#send({
            type: messageType.error,
            ...answering(call),
            errorName: error.errorName,
            signature: 's',
            // It may quote what the caller wrote, and a terminal shows it.
            body: [safeText(error.message, longestError, { isolates: true })],
        });
    }

    /** @param destination one connection, or undefined for everyone who listens */
    emit(
        signal: { path: string; interface: string; member: string; signature: string; body: unknown[] },
        destination?: string,
    ): void {
        this.#send({ type: messageType.signal, ...signal, ...(destination === undefined ? {} : { destination }) });
    }

    /** Sends pending messages, then ends the connection. */
    async [Symbol.asyncDispose](): Promise<void> {
        this.#socket.destroySoon();
        await this.closed;
    }

    #send(message: Omit<Message, 'flags' | 'serial' | 'skipped'>): void {
        if (!this.#socket.writable) return;
        this.#socket.write(encode({ ...message, flags: 0, serial: this.#nextSerial() }));
    }

    #nextSerial(): number {
        this.#serial = (this.#serial % 0xffffffff) + 1;
        return this.#serial;
    }

    #receive(message: Message): void {
        if (message.type === messageType.call) {
            this.onCall(message);
        } else if (message.type === messageType.signal) {
            this.#deliver(message);
        } else if (message.replySerial !== undefined) {
            this.#pending.get(message.replySerial)?.resolve(message);
        }
    }

    #deliver(message: Message): void {
        const { sender, path, interface: iface, member } = message;
        if (sender === undefined || path === undefined || iface === undefined || member === undefined) return;
        let signal: Signal | undefined;
        for (const subscription of [...this.#subscriptions]) {
            if (!subscription.matches(message)) continue;
            signal ??= { sender, path, interface: iface, member, body: message.body.map(unwrap) };
            try {
                subscription.handle(signal);
            } catch (error) {
                log('error', 'Could not handle a signal', {
                    signal: `${iface}.${member}`,
                    error: messageOf(error),
                });
            }
        }
    }

    async #addMatch(
        match: Match,
        matches: (message: Message) => boolean,
        handle: (signal: Signal) => void,
    ): Promise<AsyncDisposable> {
        const rule = matchRule(match);
        const subscription = { matches, handle };
        this.#subscriptions.add(subscription);
        try {
            await this.call({ ...bus, member: 'AddMatch', signature: 's', arguments: [rule] });
        } catch (error) {
            this.#subscriptions.delete(subscription);
            throw error;
        }
        return {
            [Symbol.asyncDispose]: async () => {
                if (!this.#subscriptions.delete(subscription)) return;
                try {
                    await this.call({ ...bus, member: 'RemoveMatch', signature: 's', arguments: [rule] });
                } catch (error) {
                    // Without the connection there is no match left to remove.
                    if (this.#socket.writable)
                        log('warning', 'Could not remove a match rule', { rule, error: messageOf(error) });
                }
            },
        };
    }
}

function encodeOrRefuse(message: Omit<Message, 'skipped'>): Buffer {
    try {
        return encode(message);
    } catch (error) {
        throw standardError('InvalidArgs', `Cannot call ${message.member}: ${messageOf(error)}`, { cause: error });
    }
}

function answering(call: Message): { replySerial: number; destination?: string } {
    return { replySerial: call.serial, ...(call.sender === undefined ? {} : { destination: call.sender }) };
}

/** D-Bus specification, "Match Rules": an apostrophe ends the quotes, is escaped, and opens them again. */
function matchRule(match: Match): string {
    const keys = {
        type: 'signal',
        sender: match.sender,
        path: match.path,
        path_namespace: match.pathNamespace,
        interface: match.interface,
        member: match.member,
        arg0: match.argument,
    };
    return Object.entries(keys)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => `${key}='${String(value).replaceAll("'", "'\\''")}'`)
        .join(',');
}

function fits(match: Match, message: Message): boolean {
    const { path = '' } = message;
    const namespace = match.pathNamespace;
    return (
        message.interface === match.interface &&
        (match.member === undefined || message.member === match.member) &&
        (match.path === undefined || path === match.path) &&
        (namespace === undefined || namespace === '/' || path === namespace || path.startsWith(`${namespace}/`)) &&
        (match.argument === undefined || message.body[0] === match.argument)
    );
}
