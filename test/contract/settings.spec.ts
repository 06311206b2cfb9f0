import { mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { variant } from '../../service/dbus/connection.ts';
import { Client, errorOf, rootPath, startLive, type Live } from './live.ts';

describe('Settings on the bus', () => {
    let live: Live;
    let client: Client;
    let file: string;

    beforeEach(async () => {
        live = await startLive();
        client = await Client.open(live.bus);
        file = String(await client.get(rootPath, 'Settings.File'));
    });
    afterEach(async () => {
        await client[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
    });

    const values = async () => (await client.get(rootPath, 'Settings.Values')) as Record<string, unknown>;
    const set = (setting: string, signature: string, value: unknown) =>
        client.call(rootPath, 'Settings.Set', 'sva{sv}', setting, variant(signature, value), {});

    it('are those of the file or their defaults, and apply when they are set', async () => {
        expect(await values()).toEqual(
            jasmine.objectContaining({
                'model.unload_after': 10,
                'assistant.keep_conversations': true,
                'server.url': '',
                'watch.ignore': [],
                'notifications.quiet_hours': '',
            }),
        );
        await set('model.unload_after', 'i', 3);
        await set('notifications.quiet_hours', 's', '22:00-7:00');
        await set('watch.ignore', 'as', ['cups.service']);
        expect(await readFile(file, 'utf8')).toBe(
            '[model]\nunload_after = 3\n\n[notifications]\nquiet_hours = "22:00-7:00"\n\n[watch]\nignore = ["cups.service"]\n',
        );
        expect(await values()).toEqual(
            jasmine.objectContaining({
                'model.unload_after': 3,
                'notifications.quiet_hours': '22:00-07:00',
                'watch.ignore': ['cups.service'],
            }),
        );
        await client.call(rootPath, 'Settings.Reset', 'sa{sv}', 'model.unload_after', {});
        expect((await values())['model.unload_after']).toBe(10);
    });

    it('are in the audit log, with who changed them and to what', async () => {
        await set('server.url', 's', 'http://127.0.0.1:8080/v1');
        await client.call(rootPath, 'Settings.Reset', 'sa{sv}', 'server.url', {});
        const [listed] = await client.call(rootPath, 'Audit.List', 'a{sv}', { limit: variant('u', 2) });
        const entries = listed as Record<string, string>[];
        expect(entries.map(({ event, actor, subject, detail }) => [event, actor, subject, detail])).toEqual([
            ['setting-changed', 'other', 'server.url', 'default'],
            ['setting-changed', 'other', 'server.url', '"http://127.0.0.1:8080/v1"'],
        ]);
    });

    it('that have a former name in the file get their present one when they are changed', async () => {
        await writeFile(file, '[watch]\nlook_every = 60\n');
        await client.call(rootPath, 'Settings.Reset', 'sa{sv}', 'watch.poll_every', {});
        expect((await values())['watch.poll_every']).toBe(900);
        await writeFile(file, '[watch]\nlook_every = 60\n');
        await set('watch.poll_every', 'u', 30);
        expect(await readFile(file, 'utf8')).toBe('[watch]\npoll_every = 30\n');
    });

    it('that are set at once are all there in the end', async () => {
        await Promise.all([set('assistant.steps', 'u', 2), set('model.threads', 'u', 3), set('timeline.days', 'u', 4)]);
        expect(await values()).toEqual(
            jasmine.objectContaining({ 'assistant.steps': 2, 'model.threads': 3, 'timeline.days': 4 }),
        );
    });

    it('refuse what they are not, and leave the file alone', async () => {
        const refused: [string, string, unknown, string][] = [
            ['model.unload_after', 'u', 0, 'InvalidArgument'],
            ['model.unload_after', 's', '5', 'InvalidArgument'],
            ['model.unload_after', 'd', 1.5, 'InvalidArgument'],
            ['server.url', 's', 'ftp://x', 'InvalidArgument'],
            ['server.url', 'a{sv}', {}, 'InvalidArgument'],
            ['server', 's', '', 'NotFound'],
            ['server.url.more', 's', '', 'NotFound'],
            ['constructor.name', 's', '', 'NotFound'],
            ['', 's', '', 'NotFound'],
        ];
        for (const [setting, signature, value, error] of refused)
            expect(await errorOf(set(setting, signature, value)))
                .withContext(setting)
                .toBe(`Error.${error}`);
        expect(await errorOf(client.call(rootPath, 'Settings.Reset', 'sa{sv}', 'x.y', {}))).toBe('Error.NotFound');
        await expectAsync(readFile(file)).toBeRejected();
    });

    it('are not written where something else manages the file, or into one with a mistake', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'reeve-dotfiles-'));
        const managed = join(folder, 'config.toml');
        await writeFile(managed, '[assistant]\nsteps = 4\n');
        await symlink(managed, file);
        expect(await errorOf(set('assistant.steps', 'u', 5))).toBe('Error.InvalidState');
        expect(await readlink(file)).toBe(managed);
        expect(await readFile(managed, 'utf8')).toBe('[assistant]\nsteps = 4\n');
        await rm(file);
        await rm(folder, { recursive: true });
        await writeFile(file, '[assistant\n');
        expect(await errorOf(set('assistant.steps', 'u', 5))).toBe('Error.InvalidState');
        expect(await readFile(file, 'utf8')).toBe('[assistant\n');
    });
});
