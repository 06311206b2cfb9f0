import { attachable, beginning, mostBytes } from '../../../extension/text/attachable.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('Text of another program', () => {
    it('goes with a question as it is', () => {
        expect(attachable(bytes('Größe: 3 µm\n'))).toEqual({ text: 'Größe: 3 µm\n', isCut: false });
    });

    it('is nothing when there is nothing to read', () => {
        expect(attachable(bytes(''))).toBeNull();
        expect(attachable(bytes(' \n\t'))).toBeNull();
    });

    it('becomes what the bus can carry', () => {
        expect(attachable(bytes('a\0b'))?.text).toBe('a\uFFFDb');
        expect(attachable(Uint8Array.of(0x61, 0xff))?.text).toBe('a\uFFFD');
    });

    it('is cut where a question can take no more, between characters', () => {
        const cut = attachable(bytes(`a${'😀'.repeat(40_000)}`));
        expect(cut?.isCut).toBeTrue();
        expect(cut?.text.length).toBe(65_535);
        expect(cut?.text.endsWith('😀')).toBeTrue();
        expect(attachable(bytes('x'.repeat(65_536)))?.isCut).toBeFalse();
        expect(attachable(bytes('€'.repeat(mostBytes / 3)))?.isCut).toBeTrue();
    });

    it('is known again by its beginning, in one line', () => {
        expect(beginning('  one\n two\tthree ', 20)).toBe('one two three');
        expect(beginning('one two three', 7)).toBe('one two…');
        expect(beginning('x😀', 2)).toBe('x…');
    });
});
