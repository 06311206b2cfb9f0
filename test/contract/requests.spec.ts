import { Connection, variant } from '../../service/dbus/connection.ts';
import { ExportedObjects } from '../../service/dbus/exportedObjects.ts';
import type { Finish, RequestKind, Work } from '../../service/api/request.ts';
import { Requests } from '../../service/api/requests.ts';
import { ReeveError } from '../../service/util/errors.ts';
import { startPrivateBus, type PrivateBus } from '../support/privateBus.ts';
import { busName, Client, errorOf, rootPath } from './live.ts';

const done: Finish = { outcome: 'success', results: { topic: variant('s', 'test') } };

/** Ends when it is told to, or aborted. */
function openEnded(): { work: Work; end: () => void; signal: Promise<AbortSignal> } {
    const ended = Promise.withResolvers<Finish>();
    const started = Promise.withResolvers<AbortSignal>();
    return {
        work: ({ signal }) => {
            started.resolve(signal);
            signal.addEventListener('abort', () => {
                ended.reject(signal.reason as Error);
            });
            return ended.promise;
        },
        end: () => {
            ended.resolve(done);
        },
        signal: started.promise,
    };
}

describe('A request', () => {
    let bus: PrivateBus;
    let connection: Connection;
    let requests: Requests;
    let now: number;
    let client: Client;
    let signals: { member: string; path: string; body: unknown[] }[];

    beforeEach(async () => {
        bus = await startPrivateBus();
        connection = await Connection.open({ address: bus.address });
        const objects = new ExportedObjects(connection, rootPath);
        now = 0;
        requests = new Requests({ objects, connection, clock: () => now });
        await connection.requestName(busName);
        client = await Client.open(bus);
        signals = await collect(client);
    });

    afterEach(async () => {
        await requests[Symbol.asyncDispose]();
        await client[Symbol.asyncDispose]();
        await connection[Symbol.asyncDispose]();
        await bus.stop();
    });

    async function collect(listener: Client) {
        const collected: { member: string; path: string; body: unknown[] }[] = [];
        await listener.connection.subscribe({ sender: busName, interface: `${busName}.Request` }, signal => {
            collected.push(signal);
        });
        await listener.connection.subscribe(
            { sender: busName, interface: 'org.freedesktop.DBus.Properties', pathNamespace: `${rootPath}/request` },
            signal => collected.push(signal),
        );
        return collected;
    }

    function start(work: Work, { kind = 'question', token }: { kind?: RequestKind; token?: string } = {}) {
        return requests.start(client.connection.uniqueName, kind, token, work);
    }

    /** Everything that was sent to us before has arrived. */
    const barrier = () => client.call('/', 'org.freedesktop.DBus.Peer.Ping');

    function finished() {
        return signals.filter(({ member }) => member === 'Finished');
    }

    it('has a path that its caller can know beforehand', async () => {
        const request = await start(() => Promise.resolve(done), { token: 'my_token' });
        const sender = client.connection.uniqueName.slice(1).replaceAll('.', '_');
        expect(request.path).toBe(`${rootPath}/request/${sender}/my_token`);
        const other = await start(() => Promise.resolve(done));
        expect(other.path).toMatch(new RegExp(`^${rootPath}/request/${sender}/\\w+$`));
    });

    it('streams text in few pieces without gaps, then finishes once', async () => {
        const request = await start(async ({ write }) => {
            for (let word = 0; word < 1000; word += 1) write(`${word} `);
            await new Promise(resolve => setTimeout(resolve, 50));
            write('end');
            return done;
        });
        await request.finished;
        await barrier();
        const chunks = signals.filter(({ member }) => member === 'Chunk');
        expect(chunks.map(({ body: [seq] }) => seq)).toEqual(chunks.map((_, index) => index));
        expect(chunks.length).toBeLessThan(10);
        const text = chunks.map(({ body: [, piece] }) => piece).join('');
        expect(text).toBe(`${Array.from({ length: 1000 }, (_, word) => `${word} `).join('')}end`);
        expect(await client.get(request.path, 'Request.Text')).toBe(text);
        expect(finished().map(({ body }) => body)).toEqual([[0, { topic: 'test' }]]);
        expect(signals.at(-1)?.member).toBe('Finished');
        const [state] = signals.filter(({ member }) => member === 'PropertiesChanged');
        expect(state?.body)
            .withContext('the text is not announced')
            .toEqual([`${busName}.Request`, { State: 1 }, []]);
    });

    it('is nobody else’s business', async () => {
        await using other = await Client.open(bus);
        const overheard = await collect(other);
        const { work, end } = openEnded();
        const request = await start(async progress => {
            progress.write('secret');
            return work(progress);
        });
        expect(await errorOf(other.call(request.path, 'Request.Cancel'))).toBe('Error.NotAuthorized');
        expect(await errorOf(other.get(request.path, 'Request.Text'))).toBe('Error.NotAuthorized');
        expect(await client.get(request.path, 'Request.State')).toBe(0);
        end();
        await request.finished;
        await other.call('/', 'org.freedesktop.DBus.Peer.Ping');
        expect(overheard).toEqual([]);
        const [objects] = await other.call(rootPath, 'org.freedesktop.DBus.ObjectManager.GetManagedObjects');
        expect(objects).toEqual({});
    });

    it('is cancelled by its caller, once', async () => {
        const { work } = openEnded();
        const request = await start(work);
        await client.call(request.path, 'Request.Cancel');
        await request.finished;
        await client.call(request.path, 'Request.Cancel');
        expect(finished().map(({ body: [outcome] }) => outcome)).toEqual([2]);
        expect(await client.get(request.path, 'Request.State')).toBe(3);
    });

    it('says which error ended it, and nothing of what went wrong inside', async () => {
        const refused = await start(() => Promise.reject(new ReeveError('PlanChanged', 'look again')));
        await refused.finished;
        const defect = await start(() => Promise.reject(new Error('secret detail')));
        await defect.finished;
        await barrier();
        expect(finished().map(({ body }) => body)).toEqual([
            [1, { error: `${busName}.Error.PlanChanged`, message: 'look again' }],
            [1, { error: `${busName}.Error.Internal`, message: jasmine.stringMatching(/^(?!.*secret)/) }],
        ]);
    });

    it('ends when its caller leaves the bus, unless a change is being made', async () => {
        const guest = await Client.open(bus);
        const question = openEnded();
        const change = openEnded();
        const asked = await requests.start(guest.connection.uniqueName, 'question', undefined, question.work);
        const applied = await requests.start(guest.connection.uniqueName, 'change', undefined, change.work);
        const signal = await change.signal;
        await guest[Symbol.asyncDispose]();
        expect((await asked.finished).outcome).toBe('cancelled');
        expect(signal.aborted).toBe(false);
        change.end();
        expect((await applied.finished).outcome).toBe('success');
    });

    it('of a caller that has already left is cancelled', async () => {
        const { work } = openEnded();
        const request = await requests.start(':1.999', 'question', undefined, work);
        expect((await request.finished).outcome).toBe('cancelled');
    });

    it('is refused when eight are running, and when its token is in use', async () => {
        const running = Array.from({ length: 8 }, openEnded);
        for (const [index, { work }] of running.entries()) await start(work, { token: `t${index}` });
        expect(requests.count('question')).toBe(8);
        await expectAsync(start(openEnded().work)).toBeRejectedWithError(ReeveError, /Too many/);
        running[0]?.end();
        await running[0]?.signal;
        await barrier();
        await expectAsync(start(openEnded().work, { token: 't0' })).toBeRejectedWithError(/handle_token/);
        expect(requests.count('question')).toBe(7);
    });

    it('gives a later caller the outcome', async () => {
        const { work, end } = openEnded();
        const request = await start(work);
        expect(await client.get(request.path, 'Request.Results')).toEqual({});
        end();
        await request.finished;
        await barrier();
        expect(await client.get(request.path, 'Request.Results')).toEqual({ topic: 'test' });
        const failed = await start(() => Promise.reject(new ReeveError('Busy', 'too much')));
        await failed.finished;
        await barrier();
        expect(await client.get(failed.path, 'Request.Results')).toEqual({
            error: `${busName}.Error.Busy`,
            message: 'too much',
        });
    });

    it('can still be read for a minute after it has finished, then is gone', async () => {
        const first = await start(() => Promise.resolve(done));
        jasmine.clock().install();
        try {
            await first.finished;
            await barrier();
            now = 30_000;
            const second = await start(() => Promise.resolve(done));
            await second.finished;
            await barrier();
            now = 60_000;
            jasmine.clock().tick(60_000);
            expect(await errorOf(client.get(first.path, 'Request.State'))).toBe('UnknownObject');
            expect(await client.get(second.path, 'Request.State')).toBe(1);
            now = 90_000;
            jasmine.clock().tick(30_000);
            expect(await errorOf(client.get(second.path, 'Request.State'))).toBe('UnknownObject');
        } finally {
            jasmine.clock().uninstall();
        }
    });

    it('goes early when its caller makes very many', async () => {
        const first = await start(() => Promise.resolve(done));
        await first.finished;
        for (let more = 0; more < 32; more += 1) await (await start(() => Promise.resolve(done))).finished;
        await barrier();
        expect(await errorOf(client.get(first.path, 'Request.State'))).toBe('UnknownObject');
    });

    it('is stopped with everything else, and no other begins', async () => {
        const { work } = openEnded();
        const request = await start(work);
        await requests[Symbol.asyncDispose]();
        expect((await request.finished).outcome).toBe('cancelled');
        await expectAsync(start(work)).toBeRejectedWithError(/stopping/);
    });
});
