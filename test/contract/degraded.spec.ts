import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client, errorOf, rootPath, startLive, type Live } from './live.ts';

type Notice = { code: string; text: string; remedy: string };

describe('A service that cannot do all of its work', () => {
    async function notices(live: Live): Promise<Notice[]> {
        await using client = await Client.open(live.bus);
        expect(await client.get(rootPath, 'Manager.State')).not.toBe(1);
        expect(await errorOf(client.call(rootPath, 'Audit.Verify'))).toBeNull();
        expect(await errorOf(client.call(rootPath, 'Assistant.AskAndWait', 'sa{sv}', 'what failed', {}))).toBeNull();
        return (await client.get(rootPath, 'Manager.Notices')) as Notice[];
    }

    it('begins a new database when the old one is damaged, and keeps that', async () => {
        let state = '';
        await using live = await startLive(stateDirectory => {
            state = stateDirectory;
            mkdirSync(join(state, 'database'), { recursive: true });
            writeFileSync(join(state, 'database', 'reeve.db'), 'this is no database'.repeat(1000));
        });
        const [notice] = await notices(live);
        expect(notice?.code).toBe('database-replaced');
        const kept = readdirSync(state).find(name => name.startsWith('database.replaced'));
        expect(notice?.remedy).toContain(String(kept));
    });

    it('goes on without a memory when its state cannot be written', async () => {
        await using live = await startLive(stateDirectory => {
            writeFileSync(stateDirectory, 'a file where the directory should be');
        });
        expect((await notices(live)).map(({ code }) => code)).toEqual(['database-unavailable']);
    });

    it('says which line of the configuration it cannot use, and uses the rest', async () => {
        let file = '';
        await using live = await startLive(stateDirectory => {
            file = join(dirname(stateDirectory), 'config.toml');
            writeFileSync(file, '[notifications]\nper_hour = "many"\n');
        });
        const [notice] = await notices(live);
        expect(notice?.code).toBe('config-invalid');
        expect(notice?.text).toContain(`${file}:2`);
    });
});
