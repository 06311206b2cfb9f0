import { variant } from '../../service/bus/connection.ts';
import { busName, Client, errorOf, rootPath, startLive, type Live } from './live.ts';
import { storeSample } from './sample.ts';

type Results = { topic: string; evidence: { message: string }[]; incidents: string[]; suggestions: string[] };

describe('The assistant on the bus', () => {
    let live: Live;
    let client: Client;
    let sample: ReturnType<typeof storeSample>;

    beforeAll(async () => {
        live = await startLive(stateDirectory => {
            sample = storeSample(stateDirectory);
        });
        client = await Client.open(live.bus);
    });

    afterAll(async () => {
        await client[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
    });

    const ask = (question: string, options: object = {}) =>
        client.call(rootPath, 'Assistant.AskAndWait', 'sa{sv}', question, options);

    it('answers a script in one call, with the incidents and the evidence that it speaks of', async () => {
        const [answer, results] = (await ask('what failed?')) as [string, Results];
        expect(answer).toContain('sample.service');
        expect(results.incidents).toEqual([`${rootPath}/incident/${sample.incident}`]);
        expect(results.topic).not.toBe('none');
        expect(Object.keys(results).sort()).toEqual(['evidence', 'incidents', 'suggestions', 'topic']);
    });

    it('streams the same to a window', async () => {
        const finished = Promise.withResolvers<Results>();
        const pieces: string[] = [];
        const sender = client.connection.uniqueName.slice(1).replaceAll('.', '_');
        await client.connection.subscribe(
            { sender: busName, interface: `${busName}.Request`, path: `${rootPath}/request/${sender}/window` },
            ({ member, body }) => {
                if (member === 'Chunk') pieces.push(String(body[1]));
                else finished.resolve(body[1] as Results);
            },
        );
        await client.call(rootPath, 'Assistant.Ask', 'sa{sv}', 'what failed?', {
            handle_token: variant('s', 'window'),
        });
        const results = await finished.promise;
        const [answer] = await ask('what failed?');
        expect(pieces.join('')).toBe(String(answer));
        expect(results.incidents).toEqual([`${rootPath}/incident/${sample.incident}`]);
    });

    it('says that it answers while it does', async () => {
        const states: unknown[] = [];
        await client.connection.subscribe(
            { sender: busName, interface: 'org.freedesktop.DBus.Properties', path: rootPath },
            ({ body: [, changed] }) => states.push((changed as { Answering?: boolean }).Answering),
        );
        await ask('help');
        await client.call('/', 'org.freedesktop.DBus.Peer.Ping');
        expect(states.filter(state => state !== undefined)).toEqual([true, false]);
    });

    it('refuses questions that are empty or too long, and tokens that make no path', async () => {
        expect(await errorOf(ask(''))).toBe('Error.InvalidArgument');
        expect(await errorOf(ask(' \n\t'))).toBe('Error.InvalidArgument');
        expect(await errorOf(ask('x'.repeat(16_385)))).toBe('Error.TooLarge');
        expect(await errorOf(ask('ä'.repeat(8193)))).toBe('Error.TooLarge');
        expect(await errorOf(ask('x'.repeat(16_384)))).toBeNull();
        for (const token of ['', '../up', 'a/b', 'with space', 'x'.repeat(65), 'ä']) {
            expect(await errorOf(ask('help', { handle_token: variant('s', token) })))
                .withContext(token)
                .toBe('Error.InvalidArgument');
        }
        expect(await errorOf(ask('help', { handle_token: variant('o', '/a') }))).toBe('Error.InvalidArgument');
    });

    it('survives whatever is asked', async () => {
        const questions = ['\u202e\u0007\u001b[31m', '<b>&amp;', '$(reboot); `id`', '\ud800', 'a'.repeat(16_000), '?'];
        for (const question of questions) expect(await errorOf(ask(question))).toBeNull();
    });

    it('can be asked no more once paused, and stops what it was saying', async () => {
        const sender = client.connection.uniqueName.slice(1).replaceAll('.', '_');
        const outcome = Promise.withResolvers<unknown>();
        await client.connection.subscribe(
            {
                sender: busName,
                interface: `${busName}.Request`,
                member: 'Finished',
                path: `${rootPath}/request/${sender}/slow`,
            },
            ({ body }) => {
                outcome.resolve(body[0]);
            },
        );
        // Looks at the processor for a while before it can say how busy it is.
        await client.call(rootPath, 'Assistant.Ask', 'sa{sv}', 'what is using the CPU?', {
            handle_token: variant('s', 'slow'),
        });
        await client.call(rootPath, 'Manager.Pause', 'a{sv}', {});
        expect(await outcome.promise).toBe(2);
        expect(await errorOf(ask('help'))).toBe('Error.Paused');
        await client.call(rootPath, 'Manager.Resume', 'a{sv}', {});
        expect(await errorOf(ask('help'))).toBeNull();
    });
});
