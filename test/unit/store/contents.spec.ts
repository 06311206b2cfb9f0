import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { Contents } from '../../../service/store/contents.ts';

describe('Contents', () => {
    let directory: string;
    let contents: Contents;
    const port = Buffer.from('Port 22\n');

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-contents-'));
        contents = new Contents(directory);
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    it('gives back what was put, and nothing else', async () => {
        const hash = await contents.put(port);
        expect(await contents.get(hash)).toEqual(port);
        expect(await contents.get(Contents.hashOf(Buffer.from('Port 23\n')))).toBeNull();
        expect(await contents.get('../../etc/passwd')).toBeNull();
    });

    it('writes again what a power cut left empty', async () => {
        const hash = await contents.put(port);
        writeFileSync(contents.path(hash), '');
        expect(await contents.get(hash)).toBeNull();
        await contents.put(port);
        expect(await contents.get(hash)).toEqual(port);
    });

    it('lets equal contents be put at the same time, and leaves no partial file', async () => {
        const hashes = await Promise.all(Array.from({ length: 20 }, () => contents.put(port)));
        const path = contents.path(hashes[0] ?? '');
        expect(await contents.get(hashes[0] ?? '')).toEqual(port);
        expect(readdirSync(dirname(path))).toEqual([basename(path)]);
    });

    it('keeps no more than its limit, until a sweep frees space', async () => {
        contents = new Contents(directory, port.length);
        const hash = await contents.putWithinLimit(port);
        const other = Buffer.from('Port 23\n');
        expect(await contents.putWithinLimit(other)).toBeNull();
        expect(await contents.putWithinLimit(port)).toBe(hash);
        await contents.sweep(new Set());
        expect(contents.isFull).withContext('a plan may want what was put just now').toBeTrue();
        utimesSync(contents.path(hash ?? ''), 0, 0);
        await contents.sweep(new Set([hash ?? '']));
        expect(contents.isFull).toBeTrue();
        await contents.sweep(new Set());
        expect(await contents.get(hash ?? '')).toBeNull();
        expect(await contents.putWithinLimit(other)).toBe(Contents.hashOf(other));
    });

    it('does not sweep what somebody holds', async () => {
        const hash = await contents.put(port);
        utimesSync(contents.path(hash), 0, 0);
        contents.hold(() => [hash]);
        await contents.sweep(new Set());
        expect(await contents.get(hash)).toEqual(port);
    });
});
