import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { parseConfig } from '../../../service/config/parse.ts';
import { ModelServers } from '../../../service/lifecycle/modelServers.ts';
import type { UnitDetails } from '../../../service/machine/units/systemd.ts';

describe('A model server', () => {
    let server: Server;
    let status: number;
    let asked: string[];
    let unit: Partial<UnitDetails> | null;
    let notices: Map<string, { code: string; text: string; remedy: string }>;
    let text: string;

    beforeEach(async () => {
        [status, asked, notices, unit] = [200, [], new Map(), null];
        server = createServer((request, response) => {
            asked.push(request.url ?? '');
            response.writeHead(status).end('{}');
        }).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        text = `[services.chat]\nunit = "chat.service"\nurl = "http://127.0.0.1:${port}/v1"\n`;
    });
    afterEach(() => {
        server.close();
    });

    const runs = (seconds: number) => {
        const since = process.hrtime.bigint() / 1000n - BigInt(seconds * 1_000_000);
        unit = { activeState: 'active', subState: 'running', process: null, activeSinceMonotonic: Number(since) };
    };
    const servers = (next: () => Promise<void> = () => Promise.resolve()) =>
        new ModelServers({
            declared: () => parseConfig(text).config.services,
            systemd: { unit: () => Promise.resolve(unit as UnitDetails | null) },
            status: {
                get notices() {
                    return [...notices.values()];
                },
                setNotice: notice => notices.set(notice.code, notice),
                clearNotice: code => notices.delete(code),
            },
            pollClock: { next },
        });
    const look = async () => {
        const all = await servers().list(new AbortController().signal);
        return all.map(({ state, detail }) => [state, detail]);
    };

    it('is healthy where its unit runs and it answers', async () => {
        runs(600);
        expect(await look()).toEqual([['healthy', '']]);
        expect(asked).toEqual(['/v1/models']);
        expect(notices.size).toBe(0);
    });

    it('is noted while it runs and does not answer as it should', async () => {
        runs(600);
        status = 500;
        expect(await look()).toEqual([['unhealthy', 'HTTP 500']]);
        expect([...notices.values()]).toEqual([
            {
                code: 'service-chat',
                text: 'The model server chat runs, but does not answer as it should: HTTP 500',
                remedy: 'reeve services logs chat',
            },
        ]);
        status = 200;
        await look();
        expect(notices.size).toBe(0);
    });

    it('is no longer noted once it is not declared', async () => {
        runs(600);
        status = 404;
        await look();
        text = '';
        expect(await look()).toEqual([]);
        expect(notices.size).toBe(0);
    });

    it('is no longer noted by the next poll after it was the only one declared', async () => {
        runs(600);
        status = 404;
        await look();
        text = '';
        const stop = new AbortController();
        let polls = 0;
        await servers(() => {
            polls += 1;
            if (polls === 2) stop.abort();
            return Promise.resolve();
        }).run(stop.signal);
        expect(notices.size).toBe(0);
    });

    it('may take two minutes to load its model', async () => {
        runs(60);
        status = 503;
        expect(await look()).toEqual([['starting', 'HTTP 503']]);
        expect(notices.size).toBe(0);
    });

    it('is not asked while its unit does not run', async () => {
        expect(await look()).toEqual([['stopped', '']]);
        unit = { activeState: 'failed', subState: 'failed', result: 'exit-code', process: null };
        expect(await look()).toEqual([['failed', 'exit-code']]);
        expect(asked).toEqual([]);
        expect(notices.size).toBe(0);
    });

    it('that nothing answers for is named with what the socket says', async () => {
        runs(600);
        server.close();
        await once(server, 'close');
        expect(await look()).toEqual([['unhealthy', jasmine.stringContaining('ECONNREFUSED')]]);
    });
});
