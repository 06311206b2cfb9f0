import { createHash } from 'node:crypto';

import { sha256, sha256InTurns } from '../../../service/util/sha256.ts';

const bytes = (length: number) => Buffer.from(Array.from({ length }, (_each, index) => (index * 167) % 256));
const expected = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

describe('SHA-256', () => {
    it('is that of OpenSSL, wherever the last block ends', async () => {
        for (let length = 0; length <= 200; length++) expect(sha256(bytes(length))).toBe(expected(bytes(length)));
        for (const length of [16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 100_000])
            expect(await sha256InTurns(bytes(length))).toBe(expected(bytes(length)));
        expect(await sha256InTurns(bytes(0))).toBe(expected(''));
    });

    it('is that of a text in UTF-8', () => {
        expect(sha256('Grüße, ⏻ 😀')).toBe(expected('Grüße, ⏻ 😀'));
    });

    it('is of the given part of a larger buffer alone', () => {
        expect(sha256(bytes(300).subarray(3, 200))).toBe(expected(bytes(300).subarray(3, 200)));
    });

    it('lets others take their turn while it hashes much, two at a time', async () => {
        let turns = 0;
        const others = setInterval(() => (turns += 1), 0);

        const hashes = await Promise.all([sha256InTurns(bytes(900_000)), sha256InTurns(bytes(800_000))]);

        clearInterval(others);
        expect(turns).toBeGreaterThan(0);
        expect(hashes).toEqual([expected(bytes(900_000)), expected(bytes(800_000))]);
    });
});
