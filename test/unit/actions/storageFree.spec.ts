import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { storageFree } from '../../../service/actions/storage/storageFree.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';

describe('Freeing space', () => {
    let root: string;
    let home: string | undefined;
    const system = () =>
        ({
            machine: {
                root,
                system: null,
                session: null,
                run: () => Promise.resolve(null),
            },
            signal: new AbortController().signal,
        }) as unknown as Surroundings & { signal: AbortSignal };
    const [wish] = storageFree.wishes ?? [];

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-free-'));
        home = process.env.HOME;
        process.env.HOME = root;
        mkdirSync(join(root, 'var/log/journal/0123'), { recursive: true });
        // What is written now is never deleted.
        writeFileSync(join(root, 'var/log/journal/0123/system.journal'), Buffer.alloc(90_000_000, 1));
        writeFileSync(join(root, 'var/log/journal/0123/system@1-2-3.journal'), Buffer.alloc(300_000_000, 1));
        mkdirSync(join(root, 'var/cache/apt/archives'), { recursive: true });
        writeFileSync(join(root, 'var/cache/apt/archives/vlc.deb'), Buffer.alloc(150_000_000, 1));
    });
    afterEach(() => {
        if (home === undefined) delete process.env.HOME;
        else process.env.HOME = home;
        rmSync(root, { recursive: true });
    });

    it('offers what is large enough, with its size, and none of what the person made', async () => {
        mkdirSync(join(root, '.local/share/Trash/files'), { recursive: true });
        writeFileSync(join(root, '.local/share/Trash/files/film'), Buffer.alloc(50_000_000, 1));
        const [way] = (await wish?.parameters({}, system())) ?? [];
        expect(way).toEqual({ parts: ['packages', 'journal'] });
        const plan = await storageFree.plan({ parts: ['packages', 'journal'] }, system());
        expect(plan.explanation).toBe('This frees about 240 MB: downloaded packages 140 MB, old log entries 80 MB.');
        expect(plan.steps.map(({ command }) => command).join('\n')).toMatch(
            /apt-get clean\n.*journalctl --vacuum-size=200M/,
        );
    });

    it('of an amount takes only what is needed for it, and tells when that is not there', async () => {
        const asked = async (text: string) => (await readWish(text, system())?.ways())?.[0]?.parameters;
        expect(await asked('free 100 MB')).toEqual({ parts: ['packages'], amount: 1e8 });
        expect(await asked('free up 100MB of space')).toEqual({ parts: ['packages'], amount: 1e8 });
        expect(await asked('Gib 0.2 GB frei')).toEqual({ parts: ['packages', 'journal'], amount: 2e8 });
        expect(await asked('حرر ٢ جيجابايت')).toEqual({ parts: ['packages', 'journal'], amount: 2e9 });
        expect(await asked('free up 50 pounds of space')).toBeUndefined();

        const plan = await storageFree.plan({ parts: ['packages', 'journal'], amount: 2e9 }, system());
        expect(plan.explanation).toBe(
            'This frees about 240 MB: downloaded packages 140 MB, old log entries 80 MB. That is less than 2.0 GB: nothing else can be deleted without a loss.',
        );
        expect(plan.risk).toBe('low');
    });

    it('of an amount empties the trash last, which wants its name', async () => {
        mkdirSync(join(root, '.local/share/Trash/files'), { recursive: true });
        writeFileSync(join(root, '.local/share/Trash/files/film'), Buffer.alloc(50_000_000, 1));
        const [way] = (await readWish('free 1 GB', system())?.ways()) ?? [];
        expect(way?.parameters).toEqual({ parts: ['packages', 'journal', 'trash'], amount: 1e9 });
        const plan = await storageFree.plan({ parts: ['packages', 'journal', 'trash'], amount: 1e9 }, system());
        expect([plan.risk, plan.subject]).toEqual(['high', 'Trash']);
        expect(plan.steps.map(({ description }) => description)).toEqual([
            'Delete the package files that were downloaded for installation',
            'Delete the oldest log entries until the log takes at most 200M',
            'Delete everything in the trash (1)',
        ]);
        // Another film in the trash makes another plan of it.
        writeFileSync(join(root, '.local/share/Trash/files/other'), '');
        const again = await storageFree.plan({ parts: ['packages', 'journal', 'trash'], amount: 1e9 }, system());
        expect(again.preconditions).not.toEqual(plan.preconditions);
    });

    it('deletes the memory of crashed programs, and says what is lost with it', async () => {
        mkdirSync(join(root, 'var/lib/systemd/coredump'), { recursive: true });
        writeFileSync(join(root, 'var/lib/systemd/coredump/core.bash.0.1.2.3.zst'), Buffer.alloc(60_000_000, 1));
        const { steps, riskText } = await storageFree.plan({ parts: ['dumps'] }, system());
        expect(steps[0]?.command).toContain('find /var/lib/systemd/coredump -xdev -mindepth 1');
        expect(riskText).toContain('Why a program crashed');
    });

    it('is refused when there is nothing to free', async () => {
        rmSync(join(root, 'var/cache/apt/archives/vlc.deb'));
        rmSync(join(root, 'var/log/journal/0123/system@1-2-3.journal'));
        await expectAsync(Promise.resolve(wish?.parameters({}, system()))).toBeRejectedWithError(
            /nothing that I could delete/,
        );
    });

    it('is checked by what is left', async () => {
        expect(await storageFree.verify?.({ parts: ['packages'] }, system())).toEqual({
            gone: false,
            detail: 'Still there: downloaded packages',
        });
        writeFileSync(join(root, 'var/cache/apt/archives/vlc.deb'), '');
        expect(await storageFree.verify?.({ parts: ['packages'] }, system())).toEqual({ gone: true, detail: '' });
    });
});
