import { variant } from '../../service/dbus/connection.ts';
import { Client, errorOf, rootPath, startLive, type Live } from './live.ts';

const nowhere = `${rootPath}/incident/999`;

describe('A call', () => {
    let live: Live;
    let client: Client;

    beforeAll(async () => {
        live = await startLive();
        client = await Client.open(live.bus);
    });

    afterAll(async () => {
        await client[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
    });

    it('to an object, interface or member that is not there says which of them', async () => {
        expect(await errorOf(client.call(nowhere, 'Incident.Recheck', 'a{sv}', {}))).toBe('UnknownObject');
        expect(await errorOf(client.call('/', 'Manager.Pause', 'a{sv}', {}))).toBe('UnknownObject');
        expect(await errorOf(client.call(rootPath, 'Incident.Recheck', 'a{sv}', {}))).toBe('UnknownInterface');
        expect(await errorOf(client.call(rootPath, 'Manager.SelfDestruct'))).toBe('UnknownMethod');
        expect(await errorOf(client.call(rootPath, 'Manager.toString'))).toBe('UnknownMethod');
        expect(await errorOf(client.call(rootPath, 'Manager.constructor'))).toBe('UnknownMethod');
        expect(await errorOf(client.call(rootPath, 'org.freedesktop.DBus.Properties.valueOf'))).toBe('UnknownMethod');
        expect(await errorOf(client.get(rootPath, 'Manager.Nonsense'))).toBe('UnknownProperty');
        expect(await errorOf(client.get(rootPath, 'Manager.__proto__'))).toBe('UnknownProperty');
        expect(await errorOf(client.get(rootPath, 'Request.Text'))).toBe('UnknownInterface');
        expect(await errorOf(client.get(nowhere, 'Incident.Title'))).toBe('UnknownObject');
    });

    it('with arguments of the wrong types is refused, and told the right ones', async () => {
        const wrong: [string, string, unknown[]][] = [
            ['Manager.Pause', '', []],
            ['Manager.Pause', 's', ['a']],
            ['Manager.Pause', 'a{ss}', [{}]],
            ['Audit.Verify', 's', ['a']],
            ['Timeline.Query', 'v', [variant('a{sv}', {})]],
            ['org.freedesktop.DBus.Properties.Get', 's', ['a']],
            ['org.freedesktop.DBus.Introspectable.Introspect', 's', ['a']],
        ];
        for (const [method, signature, args] of wrong) {
            expect(await errorOf(client.call(rootPath, method, signature, ...args)))
                .withContext(`${method}(${signature})`)
                .toBe('InvalidArgs');
        }
        await expectAsync(client.call(rootPath, 'Manager.Pause', 's', 'a')).toBeRejectedWithError(/“a\{sv\}”.*“s”/);
    });

    it('is answered without what changes how a text is drawn, whatever it names', async () => {
        const hidden = '\u001b[31m\u202ea\u0007\u200b';
        for (const [method, signature, args] of [
            ['org.freedesktop.DBus.Properties.GetAll', 's', [hidden]],
            ['Models.Cancel', 's', [hidden]],
            ['Manager.Unmute', 'sssa{sv}', ['unit', 'system', hidden, {}]],
        ] as const) {
            const text = await client.call(rootPath, method, signature, ...args).catch(String);
            expect(text)
                .withContext(method)
                .toMatch(/^\w*Error: [\x20-\x7e]+$/);
        }
        const long = await client.call(rootPath, 'Models.Cancel', 's', 'x'.repeat(9000)).catch(String);
        expect(String(long).length).toBeLessThan(3000);
    });

    it('cannot write a property', async () => {
        const set = (name: string) =>
            client.call(
                rootPath,
                'org.freedesktop.DBus.Properties.Set',
                'ssv',
                'org.reevedesktop.Reeve1.Manager',
                name,
                variant('t', 3),
            );
        expect(await errorOf(set('PausedSince'))).toBe('PropertyReadOnly');
        expect(await errorOf(set('Nonsense'))).toBe('UnknownProperty');
        expect(await client.get(rootPath, 'Manager.PausedSince')).toBe(0);
    });

    it('that names no interface finds the method', async () => {
        const [reply] = await client.connection.call({
            destination: 'org.reevedesktop.Reeve1',
            path: rootPath,
            interface: '',
            member: 'Verify',
        });
        expect(reply).toBe(true);
    });

    it('reads all properties at once, of one interface or of all', async () => {
        const all = (name: string) => client.call(rootPath, 'org.freedesktop.DBus.Properties.GetAll', 's', name);
        const [manager] = await all('org.reevedesktop.Reeve1.Manager');
        expect(Object.keys(manager as object)).toEqual(
            jasmine.arrayContaining(['version', 'State', 'Sources', 'Notices']),
        );
        const [everything] = await all('');
        expect(Object.keys(everything as object)).toEqual(jasmine.arrayContaining(['State', 'version']));
        expect(await errorOf(all('org.reevedesktop.Reeve1.Nonsense'))).toBe('UnknownInterface');
    });

    it('asks whether the service is there, on any path', async () => {
        expect(await client.call('/any/path', 'org.freedesktop.DBus.Peer.Ping')).toEqual([]);
        const [id] = await client.call('/', 'org.freedesktop.DBus.Peer.GetMachineId');
        expect(String(id)).toMatch(/^[0-9a-f]{32}$/);
    });

    it('may carry options that are not known, but known ones of the wrong type or value are refused by name', async () => {
        const query = (filter: object) => client.call(rootPath, 'Timeline.Query', 'a{sv}', filter);
        expect(await errorOf(query({ colour: variant('s', 'red'), ['__proto__']: variant('s', 'x') }))).toBeNull();
        const wrong: [object, RegExp][] = [
            [{ limit: variant('s', 'many') }, /^limit must be of type u, not s$/],
            [{ limit: variant('u', 0) }, /^limit: /],
            [{ limit: variant('u', 1001) }, /^limit: /],
            [{ since: variant('d', 1) }, /^since must be of type t, not d$/],
            [{ kinds: variant('s', 'unit') }, /^kinds must be of type as, not s$/],
            [{ kinds: variant('as', ['nonsense']) }, /^kinds/],
        ];
        for (const [filter, message] of wrong) {
            const call = query(filter);
            expect(await errorOf(call))
                .withContext(String(message))
                .toBe('Error.InvalidArgument');
            await expectAsync(call).toBeRejectedWithError(message);
        }
        expect(await errorOf(client.call(rootPath, 'Audit.List', 'a{sv}', { before: variant('t', 0) }))).toBe(
            'Error.InvalidArgument',
        );
    });

    it('that breaks something for the demo is taken from a person alone', async () => {
        for (const method of ['Manager.BeginDemo', 'Manager.EndDemo']) {
            expect(await errorOf(client.call(rootPath, method, 'a{sv}', {})))
                .withContext(method)
                .toBe('Error.NotAuthorized');
            expect(await errorOf(client.call(rootPath, method, 's', 'reeve-demo.service')))
                .withContext(method)
                .toBe('InvalidArgs');
        }
        expect(await client.get(rootPath, 'Manager.Demo')).toBeFalse();
        const [audited] = await client.call(rootPath, 'Audit.List', 'a{sv}', {});
        expect(audited).not.toContain(jasmine.objectContaining({ subject: 'reeve-demo.service' }));
    });

    it('that is absurdly large is answered at once, and the service goes on', async () => {
        const huge = 'x'.repeat(10_000_000);
        expect(await errorOf(client.call(rootPath, 'Assistant.Ask', 'sa{sv}', huge, {}))).toBe('Error.TooLarge');
        expect(await errorOf(client.call(rootPath, 'Timeline.Query', 'a{sv}', { text: variant('s', huge) }))).toBe(
            'Error.TooLarge',
        );
        expect(await client.get(rootPath, 'Manager.version')).toBe(1);
    });
});
