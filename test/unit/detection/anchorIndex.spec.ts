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

    it('agrees with a plain search on random text', () => {
        const anchors = ['aaaa', 'abab', 'babab', 'aabba', 'bbbbb'];
        const random = new AnchorIndex(anchors.map(anchor => [anchor, anchor] as const));
        let state = 1;
        for (let round = 0; round < 2000; round++) {
            let text = '';
            for (let i = 0; i < 24; i++) {
                state = (state * 48271) % 2147483647;
                text += state % 2 === 0 ? 'a' : 'b';
            }
            expect(find(random, text).toSorted()).toEqual(anchors.filter(anchor => text.includes(anchor)).toSorted());
        }
    });

    it('refuses literals that are too short to be told apart', () => {
        expect(() => new AnchorIndex([['abc', 0]])).toThrowError(RangeError);
    });
});
