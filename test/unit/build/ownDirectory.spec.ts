import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeOwnDirectory, NotOurs } from '../../../build/ownDirectory.ts';

describe('A directory of our own', () => {
    let scratch: string;
    let path: string;

    beforeEach(() => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-own-'));
        path = join(scratch, 'reeve');
    });
    afterEach(() => {
        rmSync(scratch, { recursive: true });
    });

    it('lets nobody else look into it, and holds nothing of an earlier run', async () => {
        mkdirSync(path, { mode: 0o755 });
        writeFileSync(join(path, 'address'), 'old');
        await makeOwnDirectory(path);
        expect(readdirSync(path)).toEqual([]);
        expect(statSync(path).mode & 0o777).toBe(0o700);
    });

    it('is not made through a link, nor over a file', async () => {
        const elsewhere = join(scratch, 'elsewhere');
        mkdirSync(elsewhere);
        writeFileSync(join(elsewhere, 'precious'), '');
        symlinkSync(elsewhere, path);
        await expectAsync(makeOwnDirectory(path)).toBeRejectedWithError(NotOurs);
        expect(readdirSync(elsewhere)).toEqual(['precious']);
        rmSync(path);
        writeFileSync(path, '');
        await expectAsync(makeOwnDirectory(path)).toBeRejectedWithError(NotOurs);
    });

    it('is not one that somebody else made', async () => {
        if (process.getuid?.() !== 0) {
            pending('only root can make a directory for somebody else');
            return;
        }
        mkdirSync(path);
        chownSync(path, 65_534, 65_534);
        await expectAsync(makeOwnDirectory(path)).toBeRejectedWithError(NotOurs);
        expect(statSync(path).uid).toBe(65_534);
    });
});
