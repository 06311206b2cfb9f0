import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Format } from '../../../service/i18n/format.ts';
import { examinePrivacy } from '../../../service/lifecycle/privacy.ts';
import type { Check } from '../../../service/model/healthCheck.ts';

describe('reeve doctor --privacy', () => {
    let directory: string;
    let child: ChildProcess;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-privacy-'));
        mkdirSync(join(directory, 'state', 'database'), { recursive: true, mode: 0o700 });
        mkdirSync(join(directory, 'config'), { mode: 0o700 });
    });
    afterEach(async () => {
        const ended = once(child, 'exit');
        // Its group: the program below it, too.
        process.kill(-(child.pid ?? 0), 'SIGKILL');
        child.stdout?.destroy();
        await ended;
        rmSync(directory, { recursive: true });
    });

    /** A shell in place of the service, with a program below it that does something and says so. */
    async function examine(program: string, { core = 0 } = {}): Promise<(id: string) => Check | undefined> {
        const script = `${program}; setInterval(() => undefined, 60_000)`;
        const shell = `ulimit -S -c ${core}; ulimit -H -c ${core}; "$0" --eval "$1" & wait`;
        child = spawn('sh', ['-c', shell, process.execPath, script], {
            stdio: ['ignore', 'pipe', 'ignore'],
            detached: true,
        });
        if (child.stdout !== null) await once(child.stdout, 'data');
        const checks = await examinePrivacy({
            pid: child.pid ?? 0,
            stateDirectory: join(directory, 'state'),
            configurationFile: join(directory, 'config', 'config.toml'),
            settings: () => ({
                timeline: { days: 30 },
                usage: { enabled: true },
                assistant: { keep_conversations: false, steps: 6 },
            }),
            format: new Format('en'),
        });
        return id => checks.find(check => check.id === `privacy-${id}`);
    }
    const quiet = `console.log('here')`;
    const listening = (host: string) =>
        `require('node:net').createServer().listen(0, '${host}', () => console.log('here'))`;

    it('finds nothing where nothing is connected, dumped or open to others', async () => {
        const found = await examine(quiet);
        expect(found('processes')?.detail).toMatch(/^sh \(\d+\), (?:node|MainThread)[^,]* \(\d+\)$/);
        expect(found('connections')).toEqual(
            jasmine.objectContaining({ status: 'fine', detail: 'No internet socket is open in 2 processes' }),
        );
        expect(found('folders')?.status).toBe('fine');
        expect(found('dumps')?.status).toBe('fine');
        expect(found('graphics')?.detail).toBe('No process of Reeve has a graphics card open');
        expect(found('kept')?.detail).toContain(
            'What changed: 30 days\nHow busy this computer was, with names of programs: a year\nConversations: not kept',
        );
    });

    it('finds a socket of a program that it started, which others can reach', async () => {
        const found = await examine(listening('0.0.0.0'));
        expect(found('connections')).toEqual(
            jasmine.objectContaining({
                status: 'problem',
                detail: jasmine.stringMatching(/^Open to other computers:\n0\.0\.0\.0:\d+ \S+ \(\d+\)$/),
            }),
        );
    });

    for (const [host, shown] of [
        ['127.0.0.1', '127\\.0\\.0\\.1'],
        ['::1', '\\[0:0:0:0:0:0:0:1\\]'],
    ] as const) {
        it(`tells a socket at ${host} from those`, async () => {
            const found = await examine(listening(host));
            expect(found('connections')).toEqual(
                jasmine.objectContaining({
                    status: 'note',
                    detail: jasmine.stringMatching(new RegExp(`^Within this computer:\\n${shown}:\\d+ `)),
                }),
            );
        });
    }

    it('finds a process whose memory a crash would write', async () => {
        const found = await examine(quiet, { core: 1024 });
        expect(found('dumps')?.status).toBe('problem');
    });

    it('finds a folder that others can enter', async () => {
        chmodSync(join(directory, 'state'), 0o755);
        const found = await examine(quiet);
        expect(found('folders')).toEqual(
            jasmine.objectContaining({ status: 'problem', remedy: `chmod go-rwx ${join(directory, 'state')}` }),
        );
    });

    it('finds a configuration that others can change', async () => {
        chmodSync(join(directory, 'config'), 0o777);
        const found = await examine(quiet);
        expect(found('folders')?.detail).toContain(join(directory, 'config'));
    });
});
