import { writeFile } from 'node:fs/promises';

import { variant } from '../../service/dbus/connection.ts';
import { Client, errorOf, rootPath, startLive, type Live } from './live.ts';

describe('Model servers on the bus', () => {
    let live: Live;
    let client: Client;

    beforeEach(async () => {
        live = await startLive();
        client = await Client.open(live.bus);
    });
    afterEach(async () => {
        await client[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
    });

    const list = async () => {
        const [services] = await client.call(rootPath, 'Services.List', 'a{sv}', {});
        return services as Record<string, unknown>[];
    };
    const log = (name: string, options = {}) => errorOf(client.call(rootPath, 'Services.Log', 'sa{sv}', name, options));

    it('are those of the configuration, as they are doing', async () => {
        expect(await list()).toEqual([]);
        const file = String(await client.get(rootPath, 'Settings.File'));
        await writeFile(file, '[services.chat]\nunit = "a.service"\nurl = "http://127.0.0.1:1/v1"\n');
        // The file is read again with each change of a setting.
        await client.call(rootPath, 'Settings.Set', 'sva{sv}', 'timeline.days', variant('i', 9), {});
        const common = { name: 'chat', kind: 'unit', unit: 'a.service', url: 'http://127.0.0.1:1/v1' };
        // There is no service manager on this bus.
        expect(await list()).toEqual([{ ...common, state: 4, detail: jasmine.stringContaining('systemd1') }]);
        expect(await log('chat', { lines: variant('u', 0) })).toBe('Error.InvalidArgument');
    });

    it('that are not declared have no log', async () => {
        expect(await log('chat')).toBe('Error.NotFound');
    });
});
