import { CitationStream, citedIn, withoutCitations } from '../../../service/assistant/conversation/citations.ts';

const made = new Set([1, 2, 12]);

/** The text as it is passed on when it arrives in pieces of this many characters. */
function checked(text: string, size: number): string {
    const stream = new CitationStream(made);
    let told = '';
    for (let begin = 0; begin < text.length; begin += size) told += stream.push(text.slice(begin, begin + size));
    return told + stream.end();
}

describe('The citations in a model’s answer', () => {
    const cases: Record<string, [said: string, told: string]> = {
        'stay when the lookup was made': ['It is full [1], see [2] and [12].', 'It is full [1], see [2] and [12].'],
        'go when it was not': ['It is full [3]. And [7] so on [1][4].', 'It is full. And so on [1].'],
        'are put in one way': ['Full [1, 2]. Also [2; 9] [1]. And`x`[1].', 'Full [1][2]. Also [2][1]. And`x`[1].'],
        'may stand at a word': ['The disk is full[1]. Really[1][2]', 'The disk is full [1]. Really [1][2]'],
        'are no indices and processes': [
            'systemd[1]: Started. a[3] and b[4][1], x[0], [0], [2024], [a], [1',
            'systemd[1]: Started. a[3] and b[4][1], x[0], [0], [2024], [a], [1',
        ],
        'are no links': [
            '[1](https://example.org) and [9](https://example.org)',
            '[1](https://example.org) and [9](https://example.org)',
        ],
        'are not in code': [
            'Run `a [9]` or ``b ` [9]`` [9].\n```\n[9]\n` [8]\n```\n[9] `open\n[9]',
            'Run `a [9]` or ``b ` [9]``.\n```\n[9]\n` [8]\n```\n `open\n',
        ],
    };
    for (const [name, [said, told]] of Object.entries(cases))
        it(`${name}, in whatever pieces they come`, () => {
            for (let size = 1; size <= said.length; size += 1)
                expect(checked(said, size)).withContext(`${size}`).toBe(told);
        });

    it('lose nothing else', () => {
        const text = `${'[ '.repeat(200)}${'`'.repeat(99)} ${'a '.repeat(50)}[[[1]]]`;
        expect(checked(text, 3).replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    });

    it('are found again, and taken out', () => {
        const text = 'It is full [1][2]. systemd[3]: a [1](https://example.org) [1].';
        expect([...citedIn(text)]).toEqual([1, 2]);
        expect(withoutCitations(text)).toBe('It is full. systemd[3]: a [1](https://example.org).');
    });
});
