import { AnchorIndex } from '../../../service/detection/anchorIndex.ts';

describe('AnchorIndex', () => {
    const index = new AnchorIndex([
        ['timed out', 1],
        ['timeout', 2],
        [' exited, code=', 3],
    ]);

    const find = <T>(from: AnchorIndex<T>, text: string) => from.find(Buffer.from(text)) ?? [];

    it('finds every literal that occurs, once', () => {
        expect(find(index, 'timed out, timed out and a timeout')).toEqual([1, 2]);
        expect(find(index, 'Main process exited, code=killed')).toEqual([3]);
        expect(find(index, 'TIMED OUT, Timeout')).toEqual([1, 2]);
    });

    it('finds nothing in other text', () => {
        for (const text of ['', 'tim', 'time', 'timed ou', 'exited', '\u0000\uffff😀']) {
            expect(find(index, text)).withContext(text).toEqual([]);
        }
    });

    for (const sample of ['', 'abab', 'bbbbbbbbaaaaaaaa'])
        it(`agrees with a plain search on random text, whatever it was shown of the text: "${sample}"`, () => {
            const anchors = ['aaaa', 'abab', 'babab', 'aabba', 'bbbbb', 'abababababab'];
            const random = new AnchorIndex(
                anchors.map(anchor => [anchor, anchor] as const),
                Buffer.from(sample),
            );
            let state = 1;
            for (let round = 0; round < 2000; round++) {
                let text = '';
                for (let i = 0; i < 24; i++) {
                    state = (state * 48271) % 2147483647;
                    text += state % 2 === 0 ? 'a' : 'b';
                }
                expect(find(random, text).toSorted()).toEqual(
                    anchors.filter(anchor => text.includes(anchor)).toSorted(),
                );
            }
        });

    it('finds nothing that reaches beyond the part it is to look at', () => {
        const text = Buffer.from('a timed out timeouts');
        for (let start = 0; start <= text.length; start++)
            for (let end = start; end <= text.length; end++) {
                const part = text.toString('latin1', start, end);
                const expected = [...(part.includes('timed out') ? [1] : []), ...(part.includes('timeout') ? [2] : [])];
                expect(index.find(text, start, end) ?? [])
                    .withContext(part)
                    .toEqual(expected);
            }
    });

    it('refuses literals that are too short to be told apart', () => {
        expect(() => new AnchorIndex([['abc', 0]])).toThrowError(RangeError);
    });
});
