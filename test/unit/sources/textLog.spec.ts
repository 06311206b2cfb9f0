import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TextLog } from '../../../service/sources/textLog.ts';

describe('A plain-text log given to the service', () => {
    let directory: string;

    beforeEach(async () => {
        directory = await mkdtemp(join(tmpdir(), 'reeve-text-'));
    });

    afterEach(async () => {
        await rm(directory, { recursive: true });
    });

    it('is read to its end, line by line', async () => {
        const path = join(directory, 'syslog');
        await writeFile(
            path,
            'Nov 21 02:00:00 host systemd[1]: first\r\n\xff\u202esecond\nlast without a break',
            'latin1',
        );
        const source = new TextLog(path);
        const states: string[] = [];
        source.on('status', ({ state }) => states.push(state));
        const messages: [number | null, string][] = [];
        await source.run(entry => messages.push([entry.line, entry.message()]), new AbortController().signal);
        expect(messages.map(([line]) => line)).toEqual([1, 2, 3]);
        expect(messages[0]?.[1]).toBe('first');
        expect(messages[2]?.[1]).toBe('last without a break');
        expect(states).toEqual(['starting', 'off']);
        expect(source.status.events).toBe(3);
    });

    it('that cannot be read says why', async () => {
        const source = new TextLog(join(directory, 'missing'));
        await source.run(() => undefined, new AbortController().signal);
        expect(source.status.state).toBe('unavailable');
        expect(source.status.detail).toContain('ENOENT');
    });

    it('is left when it is told to', async () => {
        const path = join(directory, 'syslog');
        await writeFile(path, 'line\n');
        const source = new TextLog(path);
        await source.run(() => undefined, AbortSignal.abort());
        expect([source.status.state, source.status.events]).toEqual(['off', 0]);
    });
});
