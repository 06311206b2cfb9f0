import {
    initialsOf,
    initialsOfWord,
    matchPattern,
    parsePattern,
} from '../../../../service/assistant/phrasing/pattern.ts';
import { splitWords } from '../../../../service/assistant/words.ts';

const slots = new Map([['thing', new Map([['wifi', [parsePattern('wifi'), parsePattern('[the] network')]]])]]);
const initials = (pattern: string) => {
    const found = initialsOf(parsePattern(pattern), slots);
    return found && [...found].sort().join('');
};

describe('A pattern', () => {
    it('begins with its first word, and with what may stand before that', () => {
        expect(initials('turn on {thing}')).toBe('t');
        expect(initials('[now] [really] (turn|switch) on')).toBe('nrst');
        expect(initials('schließe den Deckel')).toBe('s');
    });

    it('begins with the values of its first slot', () => {
        expect(initials('{thing} on')).toBe('ntw');
        expect(initials('[all] {thing} on')).toBe('antw');
    });

    it('may begin with anything where a name or a number comes first', () => {
        expect(initials('{name} on')).toBeNull();
        expect(initials('[set] {number} percent')).toBeNull();
    });

    for (const [pattern, wish] of [
        ['turn on {thing}', 'turn on wifi'],
        ['{thing} on', 'netwrok on'],
        ['einschalten', 'einschaltem'],
        ['شبكه', 'والشبكة'],
    ] as const)
        it(`begins as “${wish}” does, which it fits`, () => {
            const words = splitWords(wish);
            expect(matchPattern(parsePattern(pattern), words, slots)).not.toBeNull();
            const [first] = words;
            const begins = first === undefined ? [] : initialsOfWord(first);
            expect(begins.some(letter => initials(pattern)?.includes(letter))).toBe(true);
        });
});
