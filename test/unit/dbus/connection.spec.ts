import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusError, Connection } from '../../../service/dbus/connection.ts';
import { Decoder, encode, messageType, type Message } from '../../../service/dbus/wire.ts';

/** The other end of the socket: authenticates and answers Hello like a bus, then does what a test tells it. */
class ScriptedBus {
    readonly calls: Message[] = [];
    socket: Socket | undefined;
    readonly #server: Server;
    readonly #directory: string;
    #waiting: (() => void) | undefined;

    static async start(): Promise<ScriptedBus> {
        const directory = await mkdtemp(join(tmpdir(), 'reeve-scripted-'));
        const bus = new ScriptedBus(directory);
        bus.#server.listen(join(directory, 'bus'));
        await once(bus.#server, 'listening');
        return bus;
    }

    private constructor(directory: string) {
        this.#directory = directory;
        this.#server = createServer(socket => {
            this.#serve(socket);
        });
    }

    get address(): string {
        return `unix:path=${join(this.#directory, 'bus')}`;
    }

    /** Waits until this many calls after Hello have come in. */
    async received(count: number): Promise<void> {
        while (this.calls.length < count) {
            await new Promise<void>(resolve => {
                this.#waiting = resolve;
            });
        }
    }

    reply(call: Message | undefined, body: string): void {
        this.send({ type: messageType.return, replySerial: call?.serial ?? 0, signature: 's', body: [body] });
    }

    send(message: Omit<Message, 'flags' | 'serial' | 'skipped'>): void {
        this.socket?.write(encode({ ...message, flags: 0, serial: 1 }));
    }

    async stop(): Promise<void> {
        this.socket?.destroy();
        await new Promise(resolve => this.#server.close(resolve));
        await rm(this.#directory, { recursive: true });
    }

    #serve(socket: Socket): void {
        this.socket = socket;
        const decoder = new Decoder(
            message => {
                if (message.member === 'Hello') this.reply(message, ':1.7');
                else this.calls.push(message);
                this.#waiting?.();
            },
            () => undefined,
        );
        let authenticated = false;
        socket.on('error', () => undefined);
        socket.on('data', (chunk: Buffer) => {
            if (authenticated) decoder.push(chunk);
            else if (chunk.includes('AUTH EXTERNAL')) socket.write('OK 0123456789abcdef0123456789abcdef\r\n');
            const begin = chunk.indexOf('BEGIN\r\n');
            if (authenticated || begin < 0) return;
            authenticated = true;
            const rest = chunk.subarray(begin + 7);
            if (rest.length > 0) decoder.push(rest);
        });
    }
}

const call = { destination: 'a.b', path: '/a', interface: 'a.b', member: 'C' };

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(
        () => undefined,
        (error: unknown) => error,
    );
}

describe('A connection', () => {
    let bus: ScriptedBus;
    let connection: Connection;

    beforeEach(async () => {
        bus = await ScriptedBus.start();
        connection = await Connection.open({ address: bus.address });
    });

    afterEach(async () => {
        await connection[Symbol.asyncDispose]();
        await bus.stop();
    });

    it('gives each reply to its own call, in whatever order they come', async () => {
        const first = connection.call({ ...call, member: 'First' });
        const second = connection.call({ ...call, member: 'Second' });
        await bus.received(2);
        bus.reply(bus.calls[1], 'two');
        bus.reply(bus.calls[0], 'one');
        expect(await Promise.all([first, second])).toEqual([['one'], ['two']]);
    });

    it('forgets a call that is aborted, and its late reply', async () => {
        const abort = new AbortController();
        const answer = errorOf(connection.call({ ...call, signal: abort.signal }));
        await bus.received(1);
        abort.abort(new Error('not wanted any more'));
        expect(await answer).toEqual(new Error('not wanted any more'));
        bus.reply(bus.calls[0], 'late');
        const next = connection.call(call);
        await bus.received(2);
        bus.reply(bus.calls[1], 'next');
        expect(await next).toEqual(['next']);
    });

    it('does not send a call that is aborted beforehand', async () => {
        expect(await errorOf(connection.call({ ...call, signal: AbortSignal.abort(new Error('before')) }))).toEqual(
            new Error('before'),
        );
        const next = connection.call({ ...call, member: 'Next' });
        await bus.received(1);
        bus.reply(bus.calls[0], '');
        await next;
        expect(bus.calls.map(({ member }) => member)).toEqual(['Next']);
    });

    it('gives up a call after its time', async () => {
        const error = await errorOf(connection.call({ ...call, timeout: 1 }));
        expect(error).toBeInstanceOf(BusError);
        expect((error as BusError).errorName).toBe('org.freedesktop.DBus.Error.NoReply');
    });

    it('refuses arguments that do not fit without sending them', async () => {
        const error = await errorOf(connection.call({ ...call, signature: 'u', arguments: [-1] }));
        expect((error as BusError).errorName).toBe('org.freedesktop.DBus.Error.InvalidArgs');
        expect(bus.calls).toEqual([]);
    });

    it('rejects what is under way when the bus vanishes, and says so once', async () => {
        const answers = [errorOf(connection.call(call)), errorOf(connection.call({ ...call, timeout: Infinity }))];
        await bus.received(2);
        bus.socket?.destroy();
        await connection.closed;
        for (const error of await Promise.all(answers)) {
            expect((error as BusError).errorName).toBe('org.freedesktop.DBus.Error.Disconnected');
        }
        expect((await errorOf(connection.call(call))) as BusError).toBeInstanceOf(BusError);
        connection.emit({ path: '/a', interface: 'a.b', member: 'C', signature: '', body: [] });
    });

    it('leaves a bus that sends nonsense', async () => {
        bus.socket?.write('HTTP/1.1 200 OK\r\n\r\n');
        await connection.closed;
        expect(await errorOf(connection.call(call))).toBeInstanceOf(BusError);
    });

    it('answers calls with an error while it offers nothing', async () => {
        bus.send({ type: messageType.call, sender: ':1.9', ...call, signature: '', body: [] });
        await bus.received(1);
        expect(bus.calls[0]).toEqual(
            jasmine.objectContaining({
                type: messageType.error,
                destination: ':1.9',
                errorName: 'org.freedesktop.DBus.Error.UnknownObject',
            }),
        );
    });

    it('escapes what goes into a match rule', async () => {
        const subscription = connection.subscribe({ interface: 'a.b', argument: "it's, 'quoted'" }, () => undefined);
        await bus.received(1);
        expect(bus.calls[0]?.body).toEqual(["type='signal',interface='a.b',arg0='it'\\''s, '\\''quoted'\\'''"]);
        bus.reply(bus.calls[0], '');
        await subscription;
    });

    it('keeps a subscription whose handler throws', async () => {
        const seen: unknown[] = [];
        const subscription = connection.subscribe({ interface: 'a.b' }, ({ body }) => {
            seen.push(body[0]);
            if (body[0] === 'bad') throw new Error('cannot handle this');
        });
        await bus.received(1);
        bus.reply(bus.calls[0], '');
        await subscription;
        const signal = {
            type: messageType.signal,
            sender: ':1.9',
            path: '/a',
            interface: 'a.b',
            member: 'C',
            signature: 's',
        };
        bus.send({ ...signal, body: ['bad'] });
        bus.send({ ...signal, interface: 'c.d', body: ['of another interface'] });
        bus.send({ ...signal, body: ['good'] });
        const marker = connection.call(call);
        await bus.received(2);
        bus.reply(bus.calls[1], '');
        await marker;
        expect(seen).toEqual(['bad', 'good']);
    });
});

describe('Opening a connection', () => {
    it('fails with NoServer when nobody is there', async () => {
        const error = await errorOf(Connection.open({ address: 'unix:path=/nonexistent/bus' }));
        expect((error as BusError).errorName).toBe('org.freedesktop.DBus.Error.NoServer');
    });

    it('fails when the address names no socket', async () => {
        expect(await errorOf(Connection.open({ address: 'tcp:host=localhost,port=1' }))).toBeInstanceOf(BusError);
    });

    it('fails when the other side hangs up or does not let us in', async () => {
        const directory = await mkdtemp(join(tmpdir(), 'reeve-rude-'));
        const path = join(directory, 'bus');
        let answer = '';
        const server = createServer(socket =>
            socket
                .on('error', () => undefined)
                .resume()
                .end(answer),
        ).listen(path);
        await once(server, 'listening');
        for (answer of ['', 'REJECTED ANONYMOUS\r\n', 'gibberish']) {
            const error = await errorOf(Connection.open({ address: `unix:path=${path}` }));
            expect(error).withContext(answer).toBeInstanceOf(BusError);
        }
        await new Promise(resolve => server.close(resolve));
        await rm(directory, { recursive: true });
    });
});
