import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { until } from '../../desktop/waiting.ts';
import { isPresent } from '../../support/hostPackages.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../../support/journals.ts';
import { isRunning, running, withDescendants } from '../../support/processTree.ts';
import { run } from '../../support/program.ts';

/** Milliseconds: each start builds everything first. */
const slow = 120_000;
const failure = (unit: string) => `\
Nov 21 03:00:00 host systemd[1]: Starting ${unit} - A service...
Nov 21 03:00:01 host systemd[1]: ${unit}: Main process exited, code=exited, status=3/NOTIMPLEMENTED
Nov 21 03:00:01 host systemd[1]: ${unit}: Failed with result 'exit-code'.
`;

describe('npm start without a session', () => {
    let scratch: string;
    let environment: NodeJS.ProcessEnv;
    let started: ChildProcess;
    let output: string;
    let wanted: { text: string; resolve: () => void } | null;

    beforeEach(() => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-start-'));
        mkdirSync(join(scratch, 'run'));
        environment = {
            HOME: scratch,
            PATH: process.env.PATH,
            XDG_RUNTIME_DIR: join(scratch, 'run'),
            DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(scratch, 'no-system-bus')}`,
        };
        wanted = null;
    });
    afterEach(async () => {
        if (started.exitCode === null && started.signalCode === null) {
            const exited = once(started, 'exit');
            started.kill('SIGINT');
            await exited;
        }
        rmSync(scratch, { recursive: true });
    });

    function start(...args: string[]): void {
        output = '';
        // A process group of its own, as a terminal makes one.
        started = spawn('npm', ['start', '--', ...args], { env: environment, detached: true });
        const take = (chunk: Buffer) => {
            output += chunk.toString();
            if (wanted !== null && output.includes(wanted.text)) wanted.resolve();
        };
        started.stdout?.on('data', take);
        started.stderr?.on('data', take);
    }

    async function untilSaid(text: string): Promise<void> {
        if (output.includes(text)) return;
        const appeared = new Promise<void>(resolve => {
            wanted = { text, resolve };
        });
        const ended = once(started, 'exit').then(() => {
            throw new Error(`it ended before it said “${text}”: ${output}`);
        });
        await Promise.race([appeared, ended]);
    }

    function pidOfNpm(): number {
        if (started.pid === undefined) throw new Error('npm did not start');
        return started.pid;
    }

    const reeve = (...args: string[]) => run(['build/out/bin/reeve', ...args], { env: environment });

    it(
        'says what it watches, answers another terminal, and leaves nothing behind',
        async () => {
            start();
            await untilSaid('Ctrl+C stops it');

            expect(output).toContain('journal:');
            expect((await reeve('ask', 'how', 'long', 'has', 'it', 'been', 'up')).code).toBe(0);

            const exited = once(started, 'exit');
            started.kill('SIGINT');
            expect(await exited).toEqual([0, null]);
            expect(readdirSync(join(scratch, 'run'))).toEqual([]);
            expect((await reeve('status')).code).toBe(3);
        },
        slow,
    );

    it(
        'finds incidents in the log that it is given, and in what is added to it',
        async () => {
            const log = join(scratch, 'syslog');
            writeFileSync(log, failure('one.service'));
            start('--text', log);
            await untilSaid('one.service failed');

            appendFileSync(log, failure('two.service'));
            await untilSaid('two.service failed');

            const { output: listed } = await reeve('incidents');
            expect(listed).toContain('one.service');
            expect(listed).toContain('two.service');
            expect(existsSync(join(scratch, '.local/state/reeve')))
                .withContext('kept as this machine’s history')
                .toBeFalse();
        },
        slow,
    );

    it(
        'finds incidents in the journal that it is given',
        async () => {
            if (!isPresent(journalRemote) || !isPresent('journalctl'))
                pending('systemd-journal-remote is not installed');
            const journal = join(scratch, 'other.journal');
            await appendToJournal(scratch, new EntryWriter().failure('three.service', 1), 'other.journal');
            start('--journal', journal);
            await untilSaid('three.service failed');

            expect((await reeve('show', '1')).output).toContain('run 1 cannot go on');
        },
        slow,
    );

    it(
        'leaves nothing behind at Ctrl+C, which a terminal sends to each process in its foreground',
        async () => {
            start();
            await untilSaid('Ctrl+C stops it');
            const members = withDescendants(pidOfNpm());
            const exited = once(started, 'exit');

            process.kill(-pidOfNpm(), 'SIGINT');

            await exited;
            await until('all of it has ended', () => !members.some(isRunning));
            expect(readdirSync(join(scratch, 'run'))).toEqual([]);
        },
        slow,
    );

    it(
        'leaves nothing running, whichever part of it is killed',
        async () => {
            for (const victim of ['npm', 'build/run.mjs', resolve('build/start.ts')]) {
                start();
                await untilSaid('Ctrl+C stops it');
                const npm = pidOfNpm();
                for (const part of ['dbus-daemon', resolve('build/out/lib/reeved.mjs')]) {
                    expect(running(part, npm).length).withContext(part).toBe(1);
                }
                const members = withDescendants(npm);
                const [killed] = victim === 'npm' ? [npm] : running(victim, npm);
                if (killed === undefined) throw new Error(`there is no ${victim}`);

                process.kill(killed, 'SIGKILL');

                await until(`all has ended without ${victim}`, () => !members.some(isRunning));
            }
        },
        3 * slow,
    );

    it(
        'does not start beside itself',
        async () => {
            start();
            await untilSaid('Ctrl+C stops it');

            const second = await run([process.execPath, 'build/run.mjs', 'build/start.ts'], { env: environment });

            expect(second.code).toBe(1);
            expect(second.errors).toContain('runs already');
            expect((await reeve('status', '--json')).output).toContain('"version"');
        },
        slow,
    );

    it(
        'says what is wrong with what it is given',
        async () => {
            start('--text', join(scratch, 'missing'));
            // All of what it has said is there.
            expect(await once(started, 'close')).toEqual([1, null]);
            expect(output).toContain(`There is no ${join(scratch, 'missing')}`);
        },
        slow,
    );
});
