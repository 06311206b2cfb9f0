import { escapeMarkup, parseMarkdown, toMarkup } from '../../../extension/text/markdown.ts';

const markupOf = (text: string) =>
    parseMarkdown(text).map(block => (block.kind === 'code' ? block.text : toMarkup(block.spans)));

describe('Markdown in answers', () => {
    it('tells paragraphs, headings, list items and code apart', () => {
        const text = 'First line\nsecond line\n\n# Title\n- one\n  - deeper\n2. two\n```\nls -l\n\ndf\n```\nlast';
        expect(parseMarkdown(text)).toEqual([
            { kind: 'paragraph', spans: [{ style: 'plain', text: 'First line\nsecond line' }] },
            { kind: 'heading', spans: [{ style: 'plain', text: 'Title' }] },
            { kind: 'item', marker: '•', depth: 0, spans: [{ style: 'plain', text: 'one' }] },
            { kind: 'item', marker: '•', depth: 1, spans: [{ style: 'plain', text: 'deeper' }] },
            { kind: 'item', marker: '2.', depth: 0, spans: [{ style: 'plain', text: 'two' }] },
            { kind: 'code', text: 'ls -l\n\ndf' },
            { kind: 'paragraph', spans: [{ style: 'plain', text: 'last' }] },
        ]);
    });

    it('marks code and strong text', () => {
        expect(markupOf('**ssh.service** ran `sshd -D` twice')).toEqual([
            '<b>ssh.service</b> ran <tt>sshd -D</tt> twice',
        ]);
    });

    it('keeps marks that are not closed, as an answer that still arrives has them', () => {
        expect(markupOf('it was **not')).toEqual(['it was **not']);
        expect(markupOf('run `systemctl')).toEqual(['run `systemctl']);
        expect(parseMarkdown('```\njournalctl')).toEqual([{ kind: 'code', text: 'journalctl' }]);
    });

    it('leaves names of units and files alone', () => {
        expect(markupOf('my_unit_name.service *and* a*b ** c')).toEqual(['my_unit_name.service *and* a*b ** c']);
    });

    it('makes nothing to click on', () => {
        expect(markupOf('[click](https://example.org) <a href="x">here</a>')).toEqual([
            '[click](https://example.org) &lt;a href=&quot;x&quot;&gt;here&lt;/a&gt;',
        ]);
    });

    it('escapes markup wherever it stands', () => {
        const evil = '<span size="90000">&</span>';
        const escaped = '&lt;span size=&quot;90000&quot;&gt;&amp;&lt;/span&gt;';
        expect(markupOf(`**${evil}** \`${evil}\` ${evil}`)).toEqual([
            `<b>${escaped}</b> <tt>${escaped}</tt> ${escaped}`,
        ]);
    });

    it('takes out what Pango’s parser rejects', () => {
        expect(escapeMarkup('a\u0000b\u001bc\u0085d\ud800e\uffff')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\ufffd');
        expect(escapeMarkup('tab\tline\n😀')).toBe('tab\tline\n😀');
    });

    it('is not slow on text made to be slow', () => {
        const text = `${'**'.repeat(20_000)}${'`'.repeat(20_000)}${'- '.repeat(20_000)}`;
        expect(markupOf(text).join('').length).toBeGreaterThan(0);
    });
});
