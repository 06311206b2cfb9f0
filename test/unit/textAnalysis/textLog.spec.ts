import { once } from 'node:events';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TextLog } from '../../../service/textAnalysis/textLog.ts';

describe('A plain-text log', () => {
    let directory: string;
    let path: string;
    let log: TextLog;
    let stop: AbortController;
    let running: Promise<void>;
    let lines: [line: number | null, message: string][];
    let wanted: { count: number; resolve: () => void } | null;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-text-'));
        path = join(directory, 'syslog');
        log = new TextLog(path);
        lines = [];
        wanted = null;
    });
    afterEach(async () => {
        stop.abort();
        await running;
        rmSync(directory, { recursive: true });
    });

    function start(): void {
        stop = new AbortController();
        running = log.run(entry => {
            lines.push([entry.line, entry.message()]);
            if (wanted !== null && lines.length >= wanted.count) wanted.resolve();
        }, stop.signal);
    }

    async function until(count: number): Promise<void> {
        if (lines.length >= count) return;
        await new Promise<void>(resolve => {
            wanted = { count, resolve };
        });
    }

    const line = (text: string) => `Nov 21 03:00:00 host program[1]: ${text}\n`;

    it('is read from its beginning, also without a last line break, and followed', async () => {
        writeFileSync(path, line('one') + line('two').trimEnd());
        start();
        await until(2);

        appendFileSync(path, `\n${line('three')}`);
        await until(4);

        // The second line was still incomplete; the line break that completes it makes an empty one.
        expect(lines.map(([, message]) => message)).toEqual(['one', 'two', '', 'three']);
        expect(log.status).toEqual(jasmine.objectContaining({ state: 'watching' }));
    });

    it('hands over a line when it is whole', async () => {
        writeFileSync(path, line('one'));
        start();
        await until(1);

        appendFileSync(path, 'Nov 21 03:00:00 host program[1]: tw');
        appendFileSync(path, `o\n${line('three')}`);
        await until(3);

        expect(lines.map(([, message]) => message)).toEqual(['one', 'two', 'three']);
    });

    it('is followed when it is replaced and when it is cut', async () => {
        writeFileSync(path, line('one'));
        start();
        await until(1);

        renameSync(path, `${path}.1`);
        writeFileSync(path, line('two'));
        await until(2);
        truncateSync(path);
        appendFileSync(path, line('3'));
        await until(3);

        expect(lines).toEqual([
            [1, 'one'],
            [1, 'two'],
            [1, '3'],
        ]);
    });

    it('leaves out what is logged between two runs', async () => {
        writeFileSync(path, line('one'));
        start();
        await until(1);
        stop.abort();
        await running;

        appendFileSync(path, line('two'));
        start();
        while (log.status.state !== 'watching') await once(log, 'status');
        appendFileSync(path, line('three'));
        await until(2);

        expect(lines).toEqual([
            [1, 'one'],
            [3, 'three'],
        ]);
    });

    it('that cannot be read is unavailable, and says why', async () => {
        start();
        await running;

        expect(log.status.state).toBe('unavailable');
        expect(log.status.detail).toContain('ENOENT');
    });
});
