import {
    chmodSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    utimesSync,
    writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Indexing } from '../../../service/knowledge/indexing.ts';
import { PollClock } from '../../../service/sources/pollClock.ts';

/** A program in place of the reeve command: it notes that it ran, and ends as it is told. */
const program = `
    import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
    const folder = process.argv[1].replace(/script.mjs$/, '');
    appendFileSync(folder + 'ran', process.argv.slice(2).join(' ') + '\\n');
    if (existsSync(folder + 'hang')) setInterval(() => {}, 1000);
    else if (existsSync(folder + 'full')) { console.error('reeve: something\\nreeve: database or disk is full'); process.exitCode = 6; }
    else writeFileSync(folder + 'complete', '');
`;

describe('Indexing the documentation', () => {
    let root: string;
    let stop: AbortController;
    let done: Promise<void>;
    let notices: Map<string, string>;
    let clock: PollClock;
    let changed: () => void;
    let isEnabled: boolean;
    const path = process.env.PATH;

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-indexing-'));
        writeFileSync(join(root, 'script.mjs'), program);
        stop = new AbortController();
        notices = new Map();
        clock = new PollClock(() => 1_000_000);
        changed = () => undefined;
        isEnabled = true;
    });
    afterEach(async () => {
        stop.abort();
        await done;
        clock[Symbol.dispose]();
        process.env.PATH = path;
        rmSync(root, { recursive: true });
    });

    const start = (unit: string | null = null) => {
        const indexing = new Indexing({
            folder: root,
            commandLine: { node: process.execPath, script: join(root, 'script.mjs') },
            settings: () => ({ enabled: isEnabled, folders: [] }),
            pollClock: clock,
            status: {
                setNotice: ({ code, text }) => {
                    notices.set(code, text);
                    changed();
                },
                clearNotice: code => {
                    notices.delete(code);
                    changed();
                },
            },
            unit,
        });
        done = indexing.run(stop.signal);
    };
    /** Has it poll, and waits until it waits for the next poll. */
    const isAwaited = () => clock.isAwaited;
    const poll = async () => {
        while (!isAwaited()) await new Promise(setImmediate);
        clock.now();
        while (!isAwaited()) await new Promise(setImmediate);
    };
    const ran = () =>
        existsSync(join(root, 'ran')) ? readFileSync(join(root, 'ran'), 'utf8').split('\n').slice(0, -1) : [];

    it('is done at a poll, and again a day later, unless it is turned off', async () => {
        start();
        isEnabled = false;
        await poll();
        expect(ran()).toEqual([]);
        isEnabled = true;
        await poll();
        await poll();
        expect(ran()).toEqual(['search --update']);
        const yesterday = new Date(Date.now() - 90_000_000);
        utimesSync(join(root, 'complete'), yesterday, yesterday);
        await poll();
        expect(ran()).toHaveSize(2);
        expect(notices.size).toBe(0);
    });

    it('says why it could not, until it can', async () => {
        writeFileSync(join(root, 'full'), '');
        start();
        await poll();
        expect([...notices.values()]).toEqual([
            'The documentation on this computer is not indexed: reeve: database or disk is full',
        ]);
        rmSync(join(root, 'full'));
        await poll();
        expect(notices.size).toBe(0);
    });

    it('is a unit of its own beside that of the service, with what others leave of the computer', async () => {
        mkdirSync(join(root, 'bin'));
        writeFileSync(
            join(root, 'bin/systemd-run'),
            `#!/bin/sh\nprintf '%s\\n' "$@" > ${root}/argv\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n`,
        );
        chmodSync(join(root, 'bin/systemd-run'), 0o755);
        process.env.PATH = `${join(root, 'bin')}:${path ?? ''}`;
        start('reeve.service');
        await poll();
        expect(ran()).toEqual(['search --update']);
        const argv = readFileSync(join(root, 'argv'), 'utf8');
        for (const property of [
            'BindsTo=reeve.service',
            'CPUSchedulingPolicy=idle',
            'IOSchedulingClass=idle',
            'MemoryMax=512M',
        ])
            expect(argv).toContain(`--property=${property}\n`);
    });

    it('is not done when it is killed for memory, and says so', async () => {
        mkdirSync(join(root, 'bin'));
        // As src/run/run.c of systemd says it; a signal that SuccessExitStatus= names would make it a success.
        writeFileSync(
            join(root, 'bin/systemd-run'),
            `#!/bin/sh
            echo 'Running as unit: reeve-documentation-1-1.service' >&2
            for word; do case $word in --property=SuccessExitStatus=*KILL*) exit 0; esac; done
            printf '          Finished with result: %s\\n' "$(cat ${root}/result)" >&2
            printf 'Main processes terminated with: code=killed, status=9/KILL\\n' >&2
            exit 1\n`,
        );
        chmodSync(join(root, 'bin/systemd-run'), 0o755);
        process.env.PATH = `${join(root, 'bin')}:${path ?? ''}`;
        writeFileSync(join(root, 'result'), 'oom-kill');
        start('reeve.service');
        await poll();
        expect([...notices.values()]).toEqual([
            'The documentation on this computer is not indexed: It needs more memory than it may use (512M).',
        ]);
        writeFileSync(join(root, 'result'), 'signal');
        await poll();
        expect([...notices.values()]).toEqual(['The documentation on this computer is not indexed: SIGKILL']);
    });

    it('ends with the watch', async () => {
        writeFileSync(join(root, 'hang'), '');
        start();
        while (!isAwaited()) await new Promise(setImmediate);
        clock.now();
        while (ran().length === 0) await new Promise(setImmediate);
        stop.abort();
        await done;
        expect(notices.size).toBe(0);
    });
});
