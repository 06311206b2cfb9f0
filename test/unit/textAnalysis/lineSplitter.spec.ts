import { lineLimit, LineSplitter } from '../../../service/textAnalysis/lineSplitter.ts';

function split(input: Buffer, size: number): [number, string][] {
    const lines: [number, string][] = [];
    const splitter = new LineSplitter((bytes, start, end, number) => {
        lines.push([number, bytes.toString('latin1', start, end)]);
    });
    for (let position = 0; position < input.length; position += size) {
        const chunk = Buffer.from(input.subarray(position, position + size));
        splitter.push(chunk);
        chunk.fill(0x58);
    }
    splitter.end();
    return lines;
}

describe('LineSplitter', () => {
    it('splits at LF and CRLF, wherever the pieces of the stream end', () => {
        const input = Buffer.from('one\r\ntwo\n\nfour\r\n\xff\x00\rfive', 'latin1');
        for (let size = 1; size <= input.length; size++) {
            expect(split(input, size)).toEqual([
                [1, 'one'],
                [2, 'two'],
                [3, ''],
                [4, 'four'],
                [5, '\xff\x00\rfive'],
            ]);
        }
    });

    it('skips the hole that a crash left in the file before a line', () => {
        const input = Buffer.from('one\n\x00\x00\x00\x00two\n\x00\x00\nfour', 'latin1');
        for (let size = 1; size <= input.length; size++) {
            expect(split(input, size)).toEqual([
                [1, 'one'],
                [2, 'two'],
                [3, ''],
                [4, 'four'],
            ]);
        }
    });

    it('needs no line break at the end, and makes no line of nothing', () => {
        expect(split(Buffer.from('a'), 1)).toEqual([[1, 'a']]);
        expect(split(Buffer.from('a\n'), 1)).toEqual([[1, 'a']]);
        expect(split(Buffer.from(''), 1)).toEqual([]);
    });

    it('cuts long lines and counts on', () => {
        const input = Buffer.concat([Buffer.alloc(5 * lineLimit, 'x'), Buffer.from('\nnext\n')]);
        for (const size of [1000, 65536, 1_000_000]) {
            const lines = split(input, size);
            expect(lines.map(([number, line]) => [number, line.length])).toEqual([
                [1, lineLimit],
                [2, 4],
            ]);
        }
    });
});
