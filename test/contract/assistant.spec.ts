import { variant } from '../../service/dbus/connection.ts';
import { busName, Client, errorOf, rootPath, startLive, type Live } from './live.ts';
import { storeSample } from './sample.ts';

type Results = {
    topic: string;
    answerer: string;
    conversation: number;
    evidence: { message: string }[];
    incidents: string[];
    suggestions: string[];
};
type Message = { role: string; text: string; answerer: string };

const attached = (path: string) => ({
    attachments: variant('aa{sv}', [{ kind: variant('s', 'file'), path: variant('s', path) }]),
});

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
        expect(results.answerer).toBe('built-in');
        expect(Object.keys(results).sort()).toEqual([
            'answerer',
            'choices',
            'conversation',
            'evidence',
            'figures',
            'incidents',
            'proposals',
            'steps',
            'suggestions',
            'topic',
        ]);
    });

    it('explains how it reads a question, and neither answers nor keeps it', async () => {
        type Explained = { kind: string; id: string; phrase: string; lost: string; reason: string; score: number };
        const explain = (question: string) =>
            client.call(rootPath, 'Assistant.Explain', 's', question) as Promise<[Explained[], string[]]>;
        const [[taken, ...others]] = await explain('who is listening on port 8080');
        expect(taken).toEqual(
            jasmine.objectContaining({
                kind: 'question',
                id: 'fact:network_ports',
                parameters: jasmine.objectContaining({ number: '8080' }),
                lost: '',
                reason: '',
            }),
        );
        for (const { lost, reason, score } of others) {
            expect(lost).not.toBe('');
            expect(reason).not.toBe('');
            expect(score).toBeLessThanOrEqual(1);
        }
        const [wish] = await explain('turn on dark mode');
        expect(wish[0]).toEqual(jasmine.objectContaining({ kind: 'wish', id: 'setting.switch', lost: '' }));
        const [foreign] = await explain('which port is the ferry leaving from');
        expect(foreign.every(({ lost }) => lost !== '')).toBeTrue();
        expect(await errorOf(explain(' '))).toBe('Error.InvalidArgument');
        expect(await errorOf(explain('a'.repeat(16_385)))).toBe('Error.TooLarge');
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

    it('refuses options that are wrong, and names them', async () => {
        const wrong: [object, string][] = [
            [{ conversation: variant('s', '1') }, 'Error.InvalidArgument'],
            [{ conversation: variant('t', 99) }, 'Error.NotFound'],
            [{ incident: variant('t', 99) }, 'Error.NotFound'],
            [{ schema: variant('s', '{"type":') }, 'Error.InvalidArgument'],
            [{ schema: variant('s', '[]') }, 'Error.InvalidArgument'],
            [{ deadline: variant('u', 0) }, 'Error.InvalidArgument'],
            [{ attachments: variant('aa{sv}', [{ kind: variant('s', 'file') }]) }, 'Error.InvalidArgument'],
            [{ attachments: variant('aa{sv}', [{ kind: variant('s', 'movie') }]) }, 'Error.InvalidArgument'],
            [attached('/etc/shadow'), 'Error.NotAuthorized'],
            [attached('/nowhere/at/all'), 'Error.NotFound'],
            [attached('/etc'), 'Error.InvalidArgument'],
        ];
        for (const [options, name] of wrong)
            expect(await errorOf(ask('help', options)))
                .withContext(JSON.stringify(options))
                .toBe(name);
    });

    it('says when only a model could answer and none is chosen', async () => {
        expect(await errorOf(ask('help', { schema: variant('s', '{"type":"object"}') }))).toBe('Error.Unavailable');
        expect(await errorOf(ask('help', attached('/etc/os-release')))).toBe('Error.Unavailable');
        expect(await errorOf(ask('help', { model: variant('s', 'built-in') }))).toBeNull();
    });

    it('reports the incident that a question is about', async () => {
        const [answer, results] = (await ask('explain', { incident: variant('t', sample.incident) })) as [
            string,
            Results,
        ];
        expect(answer).toContain('sample.service failed');
        expect(results.incidents).toEqual([`${rootPath}/incident/${sample.incident}`]);
    });

    it('keeps a conversation that is wanted, lets it be found and read, and deletes it', async () => {
        const changes: unknown[] = [];
        await client.connection.subscribe(
            { sender: busName, interface: `${busName}.Assistant`, path: rootPath, member: 'ConversationsChanged' },
            () => changes.push(1),
        );
        const [, first] = (await ask('what failed?', { conversation: variant('t', 0) })) as [string, Results];
        expect(first.conversation).toBeGreaterThan(0);
        const conversation = variant('t', first.conversation);
        const [, second] = (await ask('help', { conversation })) as [string, Results];
        expect(second.conversation).toBe(first.conversation);
        expect(((await ask('help')) as [string, Results])[1].conversation).toBe(0);

        const list = async (filter: object = {}) =>
            (await client.call(rootPath, 'Assistant.ListConversations', 'a{sv}', filter))[0] as { title: string }[];
        expect((await list()).map(({ title }) => title)).toEqual(['what failed?']);
        expect(await list({ text: variant('s', 'nothing of the kind') })).toEqual([]);
        const get = (id: number) => client.call(rootPath, 'Assistant.GetConversation', 't', id);
        const [messages] = (await get(first.conversation)) as [Message[]];
        expect(messages.map(({ role, answerer }) => [role, answerer])).toEqual([
            ['user', ''],
            ['assistant', 'built-in'],
            ['user', ''],
            ['assistant', 'built-in'],
        ]);

        await client.call(rootPath, 'Assistant.DeleteConversation', 't', first.conversation);
        expect(await list()).toEqual([]);
        expect(await errorOf(get(first.conversation))).toBe('Error.NotFound');
        await client.call('/', 'org.freedesktop.DBus.Peer.Ping');
        expect(changes.length).toBe(3);
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
