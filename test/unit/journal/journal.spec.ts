import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Journal } from '../../../service/journal/journal.ts';

const cursor = (number: number) => `s=5eed;i=${number};b=b007`;

/** Stands in for journalctl(1): each case of the script answers the calls whose arguments match it. */
const script = (answers: string) => `#!/bin/sh
entry() { printf '__CURSOR=s=5eed;i=%s;b=b007\\nMESSAGE=line\\n\\n' "$1"; }
echo "$*" >> "$0.calls"
case "$*" in
${answers}
*) entry 1; entry 2;;
esac
`;

describe('Journal', () => {
    let directory: string;
    let path: string | undefined;
    let seen: string[];

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-journal-'));
        path = process.env.PATH;
        process.env.PATH = `${directory}:${path ?? ''}`;
        seen = [];
    });
    afterEach(() => {
        process.env.PATH = path;
        rmSync(directory, { recursive: true });
    });

    const handler = {
        begin: () => undefined,
        entry: (entry: { field(name: string): string | null }, isNew: boolean) =>
            void seen.push(`${isNew ? 'new' : 'known'} ${entry.field('__CURSOR') ?? ''}`),
        settled: (at: string) => void seen.push(`settled ${at}`),
        caughtUp: () => void seen.push('caught up'),
        gap: () => void seen.push('gap'),
    };

    /** Reads behind the ninth entry until the source has come to a state, and has handed over what is to be waited for. */
    async function read(answers: string, state = 'waiting', until?: string): Promise<Journal> {
        const program = join(directory, 'journalctl');
        writeFileSync(program, script(answers));
        chmodSync(program, 0o755);
        const journal = new Journal({ kind: 'directory', path: directory });
        const stop = new AbortController();
        const handedOver = Promise.withResolvers<undefined>();
        const settled = (at: string) => {
            handler.settled(at);
            if (at === until) handedOver.resolve(undefined);
        };
        const running = journal.run({ ...handler, settled }, cursor(9), stop.signal);
        while (journal.status.state !== state) await once(journal, 'status');
        if (until !== undefined) await handedOver.promise;
        stop.abort();
        await running;
        return journal;
    }

    it('takes nothing for new when it cannot be found where reading was', async () => {
        for (const answers of ['*--reverse*) exit 1;;', '*--reverse*) ;;\n*--lines=1*) kill -9 $$;;']) {
            seen = [];
            await read(answers);
            expect(seen).withContext(answers).toEqual(['caught up']);
        }
        expect(readFileSync(join(directory, 'journalctl.calls'), 'utf8').split('\n').length - 1).toBe(3);
    });

    it('ends journalctl also while it does not listen', async () => {
        const { status } = await read(
            '*--follow*) trap "" TERM; entry 9; entry 10; exec sleep 60;;\n*) entry 9;;',
            'watching',
            cursor(10),
        );
        expect(seen).toEqual([`known ${cursor(9)}`, 'caught up', `new ${cursor(10)}`, `settled ${cursor(10)}`]);
        expect(status.state).toBe('off');
    });

    it('goes on with what is logged next when nothing is left behind the last entry that was read', async () => {
        const began = Date.now() * 1000;
        const { status } = await read(`*--cursor=*i=9*) ;;
*--lines=1*) entry 2;;
*--cursor=*i=2*--follow*) entry 2; entry 10;;
*--cursor=*i=2*) entry 2;;`);
        expect(seen).toEqual([
            'gap',
            `settled ${cursor(2)}`,
            `known ${cursor(2)}`,
            'caught up',
            `new ${cursor(10)}`,
            `settled ${cursor(10)}`,
        ]);
        expect(status.lastEvent).toBeGreaterThanOrEqual(began);
        expect(status.events).toBe(1);
    });
});
