import { parseMarkdown } from '../../../extension/text/markdown/blocks.ts';
import { code, item, plain } from '../../../service/assistant/markup.ts';

const hostile = [
    '[click](https://evil.example)',
    'see https://evil.example/a_b, now',
    'HTTP://evil.example',
    '<https://evil.example>',
    '[1] and [12]',
    '![x](https://evil.example/x.png)',
    '# heading',
    '> said',
    '- item',
    '12. item',
    '- [x] done',
    '[x] done',
    '```sh',
    '~~~',
    '***',
    '---',
    '**strong** __strong__ *a* _a_ ~~struck~~',
    '`code`',
    '`](https://evil.example) [x',
    '| a | b |',
    '\\[x](https://evil.example)',
    'systemd[1]: Started <b>x</b> & y.',
];

describe('Text from the system in an answer', () => {
    it('is only text to who draws the answer: nothing to click on, no block of its own', () => {
        for (const text of hostile) {
            const [block, ...others] = parseMarkdown(`The log says: ${plain(text)}\n`);
            expect(others).withContext(text).toEqual([]);
            if (block?.kind !== 'paragraph') throw new Error(`${text} became a ${block?.kind}`);
            for (const { leadsTo, styles } of block.spans) {
                expect(leadsTo).withContext(text).toBeNull();
                expect(styles.filter(style => style !== 'code'))
                    .withContext(text)
                    .toEqual([]);
            }
        }
    });

    it('is only text at the start of an item', () => {
        for (const text of hostile) {
            const [block, ...others] = parseMarkdown(item(plain(text)));
            expect(others).withContext(text).toEqual([]);
            if (block?.kind !== 'item') throw new Error(`${text} became a ${block?.kind}`);
            expect(block.isDone).withContext(text).toBeNull();
            expect(block.blocks.map(({ kind }) => kind))
                .withContext(text)
                .toEqual(['paragraph']);
        }
    });

    it('is read as it is where it is code', () => {
        for (const text of hostile) {
            const [block] = parseMarkdown(`It says ${code(text)}.`);
            if (block?.kind !== 'paragraph') throw new Error(`${text} became a ${block?.kind}`);
            expect(block.spans.map(({ styles }) => [...styles]))
                .withContext(text)
                .toEqual([[], ['code'], []]);
        }
    });
});
