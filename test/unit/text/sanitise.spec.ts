import { nameInvisible, safeText } from '../../../service/text/sanitise.ts';

describe('safeText', () => {
    it('leaves ordinary text of any script alone', () => {
        for (const text of ['', 'plain', 'Größe ≥ 3 µm', 'فشلت الخدمة', '服务失败', 'a 😀 b', '<b>&amp;</b> %s ${x}']) {
            expect(safeText(text)).toBe(text);
        }
    });

    it('replaces what is not UTF-8', () => {
        expect(safeText(Buffer.from([0x61, 0xff, 0xfe, 0x62]))).toBe('a\ufffd\ufffdb');
        expect(safeText('a\ud800b')).toBe('a\ufffdb');
    });

    it('removes control characters and what terminals would obey', () => {
        expect(safeText('a\u0000b\u0007c\u007fd\u009be')).toBe('abcde');
        expect(safeText('\u001b[0;1;31mred\u001b[0m \u001b]0;title\u0007done')).toBe('red done');
        expect(safeText('line\r\n')).toBe('line ');
    });

    it('removes characters that hide text or turn its direction', () => {
        const hidden = '\u202e\u202d\u2066\u2069\u200e\u200f\u061c\u200b\u200d\u2060\ufeff\u00ad\u3164\u{e0041}\ufff9';
        expect(safeText(`a${hidden}b`)).toBe('ab');
    });

    it('keeps isolates only where they are asked for, and in pairs', () => {
        expect(safeText('a\u2068b\u2069c')).toBe('abc');
        const kept = (text: string, maxLength = 100) => safeText(text, maxLength, { multiline: true, isolates: true });
        expect(kept('a\u2068b \u2068c\u2069\u2069 d')).toBe('a\u2068b \u2068c\u2069\u2069 d');
        expect(kept('\u2069\u202ea\u2069 b\u2068 c')).toBe('a b\u2068 c\u2069');
        expect(kept('\u2068a\nb\u2069')).toBe('\u2068a\u2069\nb');
        expect(kept('a \u2068bcdef\u2069', 6)).toBe('a \u2068bc…\u2069');
    });

    it('turns line breaks and tabs to spaces, or keeps line breaks when asked', () => {
        expect(safeText('a\tb\nc\u2028d')).toBe('a b c d');
        expect(safeText('a\tb\r\nc\u2029d', 100, { multiline: true })).toBe('a b\nc d');
    });

    it('cuts at code points and says so', () => {
        expect(safeText('abcdef', 6)).toBe('abcdef');
        expect(safeText('abcdefg', 6)).toBe('abcde…');
        expect(safeText('😀😀😀😀', 3)).toBe('😀😀…');
        expect(safeText('ab'.repeat(10) + '\u0000'.repeat(1000), 30)).toBe('ab'.repeat(10) + '…');
    });

    it('looks only at the beginning of huge input', () => {
        const huge = Buffer.alloc(100 * 1024 * 1024, 0x61);
        expect(safeText(huge, 10)).toBe('aaaaaaaaa…');
    });
});

describe('nameInvisible', () => {
    it('names what does not show, and leaves the rest', () => {
        expect(nameInvisible('a\u202eb\u200b\r\n\tc\u2028\u{e0041}\u001b[m')).toBe(
            'a<U+202E>b<U+200B><U+000D>\n\tc<U+2028><U+E0041><U+001B>[m',
        );
        expect(nameInvisible('Größe فشلت 😀')).toBe('Größe فشلت 😀');
    });
});
