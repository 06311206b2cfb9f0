// The extension's own D-Bus client under GJS, with the service's side of the bus in this spec's hands.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { build, type Plugin } from 'esbuild';

import { Connection, variant } from '../../service/dbus/connection.ts';
import type { Message } from '../../service/dbus/wire.ts';
import { startPrivateBus, type PrivateBus } from '../support/privateBus.ts';
import { busName, rootPath } from './live.ts';

type Snapshot = { link: string; incidents: { id: number; title: string }[] };
type Program = ChildProcessByStdio<null, Readable, null>;

const folder = new URL('extensionClient/', import.meta.url).pathname;
const incidentInterface = `${busName}.Incident`;
const objectManager = { path: rootPath, interface: 'org.freedesktop.DBus.ObjectManager' };
const pathOf = (id: number) => `${rootPath}/incident/${id}`;
const incident = (id: number, title: string) => ({
    [incidentInterface]: { Id: variant('t', id), Title: variant('s', title) },
});

const theShellsSignals: Plugin = {
    name: 'signals',
    setup: bundling => {
        bundling.onResolve({ filter: /^resource:.*\/misc\/signals\.js$/ }, () => ({
            path: join(folder, 'signals.js'),
        }));
    },
};

describe('The client of the extension', () => {
    let directory: string;
    let bundle: string;
    let bus: PrivateBus;
    let service: Connection;
    let program: Program;

    beforeAll(async () => {
        directory = await mkdtemp(join(tmpdir(), 'reeve-client-'));
        bundle = join(directory, 'client.js');
        await build({
            entryPoints: [join(folder, 'program.js')],
            bundle: true,
            format: 'esm',
            platform: 'neutral',
            plugins: [theShellsSignals],
            external: ['system', 'gi://*'],
            target: 'firefox102',
            outfile: bundle,
            logLevel: 'error',
        });
    });
    afterAll(async () => {
        await rm(directory, { recursive: true });
    });
    beforeEach(async () => {
        bus = await startPrivateBus();
        service = await Connection.open(bus);
    });
    afterEach(async () => {
        program.kill('SIGKILL');
        await service[Symbol.asyncDispose]();
        await bus[Symbol.asyncDispose]();
    });

    const start = (...args: string[]) =>
        spawn('gjs', ['-m', bundle, bus.address, ...args], { stdio: ['ignore', 'pipe', 'inherit'], timeout: 20_000 });

    /** Starts it, and collects its first three questions: what there is, and the properties of two interfaces. */
    async function untilItHasAsked(): Promise<Record<'objects' | 'manager' | 'assistant', Message>> {
        const asked = new Map<string, Message>();
        const all = Promise.withResolvers<undefined>();
        service.onCall = message => {
            if (message.member === 'Ping') return;
            asked.set(message.member === 'GetAll' ? String(message.body[0]) : String(message.member), message);
            if (asked.size === 3) all.resolve(undefined);
        };
        await service.requestName(busName);
        program = start();
        await Promise.race([all.promise, once(program, 'exit')]);
        const take = (name: string) => {
            const message = asked.get(name);
            if (message === undefined) throw new Error(`${name} was not asked for`);
            return message;
        };
        return {
            objects: take('GetManagedObjects'),
            manager: take(`${busName}.Manager`),
            assistant: take(`${busName}.Assistant`),
        };
    }

    async function untilPresent(): Promise<Snapshot> {
        for await (const line of createInterface(program.stdout)) {
            const snapshot = JSON.parse(line) as Snapshot;
            if (snapshot.link === 'present') return snapshot;
        }
        throw new Error('it ended');
    }

    it('misses nothing that is told between the first and the last of its answers', async () => {
        const { objects, manager, assistant } = await untilItHasAsked();
        service.reply(objects, 'a{oa{sa{sv}}}', [
            {
                [pathOf(1)]: incident(1, 'first'),
                [pathOf(2)]: incident(2, 'second'),
                [pathOf(3)]: incident(3, 'third'),
            },
        ]);
        service.emit({
            path: pathOf(1),
            interface: 'org.freedesktop.DBus.Properties',
            member: 'PropertiesChanged',
            signature: 'sa{sv}as',
            body: [incidentInterface, { Title: variant('s', 'first, seen again') }, []],
        });
        service.emit({
            ...objectManager,
            member: 'InterfacesRemoved',
            signature: 'oas',
            body: [pathOf(2), [incidentInterface]],
        });
        service.reply(manager, 'a{sv}', [{ State: variant('u', 1) }]);
        service.emit({
            ...objectManager,
            member: 'InterfacesAdded',
            signature: 'oa{sa{sv}}',
            body: [pathOf(4), incident(4, 'fourth')],
        });
        service.reply(assistant, 'a{sv}', [{}]);

        expect((await untilPresent()).incidents).toEqual([
            { id: 1, title: 'first, seen again' },
            { id: 3, title: 'third' },
            { id: 4, title: 'fourth' },
        ]);
    });

    it('is not led back by what was told before its answers were made', async () => {
        const { objects, manager, assistant } = await untilItHasAsked();
        service.emit({
            ...objectManager,
            member: 'InterfacesAdded',
            signature: 'oa{sa{sv}}',
            body: [pathOf(1), incident(1, 'old')],
        });
        service.emit({
            ...objectManager,
            member: 'InterfacesRemoved',
            signature: 'oas',
            body: [pathOf(1), [incidentInterface]],
        });
        service.emit({
            ...objectManager,
            member: 'InterfacesAdded',
            signature: 'oa{sa{sv}}',
            body: [pathOf(1), incident(1, 'new')],
        });
        service.reply(objects, 'a{oa{sa{sv}}}', [{ [pathOf(1)]: incident(1, 'new') }]);
        service.reply(manager, 'a{sv}', [{ State: variant('u', 1) }]);
        service.reply(assistant, 'a{sv}', [{}]);

        expect((await untilPresent()).incidents).toEqual([{ id: 1, title: 'new' }]);
    });

    it('goes back to a service that was too busy to answer at first', async () => {
        const { objects, manager, assistant } = await untilItHasAsked();
        const links: string[] = [];
        for await (const line of createInterface(program.stdout)) {
            const { link } = JSON.parse(line) as Snapshot;
            links.push(link);
            if (link === 'present') break;
            if (link !== 'absent') continue;
            service.reply(objects, 'a{oa{sa{sv}}}', [{ [pathOf(1)]: incident(1, 'first') }]);
            service.reply(manager, 'a{sv}', [{ State: variant('u', 1) }]);
            service.reply(assistant, 'a{sv}', [{}]);
        }

        expect(links.slice(-2)).toEqual(['absent', 'present']);
    });

    it('misses no words that come while it takes up a request again', async () => {
        const path = `${rootPath}/request/1_2/shell1`;
        const asked = Promise.withResolvers<Message>();
        const tell = (question: Message, text: string) => {
            service.reply(question, 'a{sv}', [{ Text: variant('s', text) }]);
        };
        let told = '';
        const say = (seq: number, text: string) => {
            told += text;
            service.emit({
                path,
                interface: `${busName}.Request`,
                member: 'Chunk',
                signature: 'us',
                body: [seq, text],
            });
        };
        service.onCall = message => {
            if (message.path === path) asked.resolve(message);
        };
        await service.requestName(busName);
        program = start(path);
        const lines = createInterface(program.stdout);
        const question = await asked.promise;
        service.onCall = message => {
            if (message.path === path) tell(message, told);
        };
        // So that it finds the answer and what comes after it at once.
        program.kill('SIGSTOP');
        tell(question, told);
        say(0, 'They hum');
        program.kill('SIGCONT');

        let last = '';
        for await (const line of lines) {
            const { text = '' } = JSON.parse(line) as { text?: string };
            if (text !== '') last = text;
            if (text === 'They hum') say(1, ', and whistle');
            if (text.endsWith('whistle')) break;
        }
        expect(last).toBe('They hum, and whistle');
    });
});
