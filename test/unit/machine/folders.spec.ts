import { chmod, link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { measureFolders } from '../../../service/machine/storage/folders.ts';

const never = new AbortController().signal;
const generous = { entries: 100_000, milliseconds: 60_000 };
const megabyte = Buffer.alloc(1_048_576, 1);

describe('Folders', () => {
    let home: string;

    beforeEach(async () => {
        home = await mkdtemp(join(tmpdir(), 'reeve-folders-'));
    });

    afterEach(async () => {
        await rm(home, { recursive: true });
    });

    async function file(path: string, megabytes: number): Promise<void> {
        await mkdir(join(home, path, '..'), { recursive: true });
        for (let number = 0; number < megabytes; number += 1) await writeFile(join(home, `${path}${number}`), megabyte);
    }

    it('are listed by what they take on the disk, largest first', async () => {
        await file('music/song', 3);
        await file('papers/letter', 1);
        const { folders, entries, complete, unreadable } = await measureFolders(home, generous, never);
        expect(folders.map(({ path }) => path)).toEqual([join(home, 'music'), join(home, 'papers')]);
        expect(folders[0]?.size).toBeGreaterThanOrEqual(3_145_728);
        expect({ entries, complete, unreadable }).toEqual({ entries: 6, complete: true, unreadable: 0 });
    });

    it('give way to the folder in them that is nearly all of it', async () => {
        await file('.cache/browser/entries/data', 4);
        const { folders } = await measureFolders(home, generous, never);
        expect(folders[0]?.path).toBe(join(home, '.cache/browser/entries'));
    });

    it('are not left through links, and files with several names count once', async () => {
        await file('one/big', 2);
        await symlink('/', join(home, 'one/everything'));
        await mkdir(join(home, 'two'));
        await link(join(home, 'one/big0'), join(home, 'two/same'));
        const { folders, entries } = await measureFolders(home, generous, never);
        const sizes = folders.reduce((sum, { size }) => sum + size, 0);
        expect(sizes).toBeLessThan(2.5 * 1_048_576);
        expect(entries).toBe(6);
    });

    it('are not all looked at when there are too many files, and that is said', async () => {
        await file('many/file', 5);
        const limited = await measureFolders(home, { ...generous, entries: 3 }, never);
        expect(limited.complete).toBeFalse();
        expect((await measureFolders(home, { ...generous, milliseconds: 0 }, never)).complete).toBeFalse();
    });

    it('that cannot be read are counted', async () => {
        await mkdir(join(home, 'locked'));
        await chmod(join(home, 'locked'), 0);
        await chmod(home, 0o755);
        // Nothing is locked for root.
        const root = process.geteuid?.() === 0;
        if (root) process.seteuid?.(65_534);
        try {
            expect((await measureFolders(home, generous, never)).unreadable).toBe(1);
        } finally {
            if (root) process.seteuid?.(0);
        }
    });

    it('that are not there are no error', async () => {
        expect(await measureFolders(join(home, 'nowhere'), generous, never)).toEqual({
            folders: [],
            files: [],
            size: 0,
            entries: 0,
            complete: true,
            unreadable: 1,
        });
    });

    it('are no longer walked once that is stopped', async () => {
        await file('many/file', 5);
        const controller = new AbortController();
        controller.abort(new Error('enough'));
        await expectAsync(measureFolders(home, generous, controller.signal)).toBeRejectedWithError('enough');
    });
});
