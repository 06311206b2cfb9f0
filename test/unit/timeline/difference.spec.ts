import { difference } from '../../../service/timeline/difference.ts';

describe('The difference between two files', () => {
    const text = (...lines: string[]) => Buffer.from(lines.map(line => `${line}\n`).join(''));

    it('is shown as diff -u does', async () => {
        expect(await difference(text('a', 'b', 'c'), text('a', 'x', 'c'))).toBe('@@ -1,3 +1,3 @@\n a\n-b\n+x\n c');
        expect(await difference(null, text('a'))).toBe('@@ -0,0 +1,1 @@\n+a');
    });

    it('names the characters that would make a line read as another', async () => {
        const shown = await difference(text('PermitRootLogin no'), text('PermitRootLogin \u202eon\u202c'));
        expect(shown).toContain('+PermitRootLogin <U+202E>on<U+202C>');
    });

    it('says how much of it is not shown', async () => {
        const many = Array.from({ length: 300 }, (_line, index) => `${index}`);
        const shown = (await difference(null, text(...many))).split('\n');
        expect(shown.at(-2)).toBe('+198');
        expect(shown.at(-1)).toBe('… and 101 more lines');
        expect((await difference(null, text(...many.slice(0, 199)))).split('\n').at(-1)).toBe('+198');
    });
});
