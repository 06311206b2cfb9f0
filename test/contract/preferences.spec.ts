import { variant } from '../../service/dbus/connection.ts';
import { Client, errorOf, rootPath, startLive, type Live } from './live.ts';

describe('Preferences on the bus', () => {
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

    const call = (member: string, signature: string, ...values: unknown[]) =>
        client.call(rootPath, `Preferences.${member}`, signature, ...values);
    const said = async () =>
        ((await client.get(rootPath, 'Preferences.Preferences')) as { said: string }[]).map(one => one.said);

    afterEach(async () => {
        const left = (await client.get(rootPath, 'Preferences.Preferences')) as { id: number }[];
        for (const { id } of left) await call('Forget', 't', id);
    });

    it('are stated, edited and forgotten, there and in a conversation', async () => {
        const [id] = await call('State', 's', 'my name for eth0 is dock');
        await client.call(rootPath, 'Assistant.AskAndWait', 'sa{sv}', 'my name for wlan0 is air', {});
        expect(await said()).toEqual(['my name for eth0 is dock', 'my name for wlan0 is air']);
        await call('Edit', 'ts', id, 'my name for eth0 is port');
        expect((await said())[0]).toBe('my name for eth0 is port');
        await call('Forget', 't', id);
        expect(await said()).toEqual(['my name for wlan0 is air']);
    });

    it('are in the audit log, with who stated, changed or forgot them', async () => {
        const [id] = await call('State', 's', 'my name for eth1 is side');
        await call('Edit', 'ts', id, 'my name for eth1 is back');
        await call('Forget', 't', id);
        const [listed] = await client.call(rootPath, 'Audit.List', 'a{sv}', { limit: variant('u', 3) });
        const entries = listed as Record<string, string>[];
        const subject = `preference ${String(id)}`;
        expect(entries.map(entry => [entry.event, entry.actor, entry.subject, entry.detail])).toEqual([
            ['preference-forgotten', 'other', subject, 'my name for eth1 is back'],
            ['preference-changed', 'other', subject, 'my name for eth1 is back'],
            ['preference-stated', 'other', subject, 'my name for eth1 is side'],
        ]);
        await client.call(rootPath, 'Assistant.AskAndWait', 'sa{sv}', 'my name for eth2 is top', {});
        const [after] = await client.call(rootPath, 'Audit.List', 'a{sv}', { limit: variant('u', 1) });
        expect(after).toEqual([
            jasmine.objectContaining({ event: 'preference-stated', actor: 'other', detail: 'my name for eth2 is top' }),
        ]);
    });

    it('are refused, changing nothing, where a sentence states none or there is none of that number', async () => {
        const before = await said();
        expect(await errorOf(call('State', 's', 'what failed'))).toBe('Error.InvalidArgument');
        expect(await errorOf(call('State', 's', 'a'.repeat(257)))).toBe('Error.InvalidArgument');
        expect(await errorOf(call('Edit', 'ts', 999, 'my name for eth0 is dock'))).toBe('Error.NotFound');
        expect(await errorOf(call('Forget', 't', 999))).toBe('Error.NotFound');
        expect(await said()).toEqual(before);
    });
});
