import { parseAddress } from '../../../extension/text/markdown/address.ts';
import { parseMarkdown } from '../../../extension/text/markdown/blocks.ts';
import type { Block } from '../../../extension/text/markdown/blocks.ts';
import { parseSpans } from '../../../extension/text/markdown/spans.ts';
import type { Span } from '../../../extension/text/markdown/spans.ts';
import { escapeMarkup, spanMarkup } from '../../../extension/text/pangoMarkup.ts';

/** The spans as text: styled ones as Pango markup, links as "{text → host}", citations as "{1}". */
const shown = (spans: readonly Span[]): string =>
    spans
        .map(span => {
            const { leadsTo } = span;
            const markup = spanMarkup(span);
            if (typeof leadsTo === 'number') return `{${leadsTo}}`;
            return leadsTo === null ? markup : `{${markup} → ${leadsTo.host}}`;
        })
        .join('');

const inline = (text: string) => shown(parseSpans(text));
const arriving = (text: string) => shown(parseSpans(text, true));

/** The blocks as lines: two spaces for each container that they are in. */
const outline = (blocks: readonly Block[], indent = ''): string[] =>
    blocks.flatMap(block => {
        switch (block.kind) {
            case 'paragraph':
                return [`${indent}${shown(block.spans)}`];
            case 'heading':
                return [`${indent}h${block.level} ${shown(block.spans)}`];
            case 'code':
                return [`${indent}code ${block.language}: ${JSON.stringify(block.text)}`];
            case 'rule':
                return [`${indent}rule`];
            case 'quote':
                return [`${indent}quote`, ...outline(block.blocks, `${indent}  `)];
            case 'item': {
                const task = block.isDone === null ? '' : block.isDone ? ' done' : ' open';
                return [`${indent}${block.marker}${task}`, ...outline(block.blocks, `${indent}  `)];
            }
            case 'table': {
                const rows = [block.header, ...block.rows].map(cells => `${indent}| ${cells.map(shown).join(' | ')}`);
                return [`${indent}table ${block.alignments.join(' ')}`, ...rows];
            }
        }
    });

const blocks = (text: string) => outline(parseMarkdown(text));
const arrivingBlocks = (text: string) => outline(parseMarkdown(text, { isArriving: true }));

const spansOf = (parsed: readonly Block[]): Span[] =>
    parsed.flatMap(block => {
        if (block.kind === 'quote' || block.kind === 'item') return spansOf(block.blocks);
        if (block.kind === 'table') return [...block.header, ...block.rows.flat()].flat();
        return block.kind === 'paragraph' || block.kind === 'heading' ? block.spans : [];
    });

const depthOf = (parsed: readonly Block[]): number =>
    Math.max(0, ...parsed.map(block => ('blocks' in block ? 1 + depthOf(block.blocks) : 1)));

describe('Markdown: blocks', () => {
    it('tells paragraphs, headings, items, code and rules apart', () => {
        expect(
            blocks('First line\nsecond line\n\n## Title ##\n- one\n2. two\n***\n```\nls -l\n\ndf\n```\nlast'),
        ).toEqual([
            'First line\nsecond line',
            'h2 Title',
            '•',
            '  one',
            '2.',
            '  two',
            'rule',
            'code : "ls -l\\n\\ndf"',
            'last',
        ]);
    });

    it('nests lists as they are indented, also by less than CommonMark wants', () => {
        expect(blocks('1. one\n  - a\n    - deep\n  - b\n1. two\n\n   more of two\n2. three')).toEqual([
            '1.',
            '  one',
            '  •',
            '    a',
            '    •',
            '      deep',
            '  •',
            '    b',
            '2.',
            '  two',
            '  more of two',
            '3.',
            '  three',
        ]);
    });

    it('knows tasks', () => {
        expect(blocks('- [x] done\n- [ ] to do')).toEqual(['• done', '  done', '• open', '  to do']);
    });

    it('goes on with an item or a quotation whose next line is not marked', () => {
        expect(blocks('- one\nof two\n\n> said\nand said\n\nafter')).toEqual([
            '•',
            '  one\nof two',
            'quote',
            '  said\nand said',
            'after',
        ]);
    });

    it('nests quotations, with anything in them', () => {
        expect(blocks('> a\n> > - b\n> ```sh\n> ls\n> ```')).toEqual([
            'quote',
            '  a',
            '  quote',
            '    •',
            '      b',
            '  code sh: "ls"',
        ]);
    });

    it('ends code with a fence that is as long as the one it began with', () => {
        expect(blocks('````\n```\nls\n```\n````\nafter')).toEqual(['code : "```\\nls\\n```"', 'after']);
        expect(blocks('~~~ini\n```\n~~~')).toEqual(['code ini: "```"']);
        expect(blocks('```markdown\nRun\n```sh\nls\n```\n```\nafter')).toEqual([
            'code markdown: "Run\\n```sh\\nls\\n```"',
            'after',
        ]);
    });

    it('keeps code in an item together that is indented less than its text', () => {
        expect(blocks('1. Run\n   ```sh\n   if a\n     b\nfi\n```\n2. Look')).toEqual([
            '1.',
            '  Run',
            '  code sh: "if a\\n  b\\nfi"',
            '2.',
            '  Look',
        ]);
    });

    it('reads tables with their alignments, and fills rows that are too short', () => {
        expect(blocks('Disks:\n| Disk | Use | At |\n|:--|:-:|--:|\n| sda | `a\\|b` | 1 |\n| sdb |\nafter')).toEqual([
            'Disks:',
            'table start center end',
            '| Disk | Use | At',
            '| sda | <tt>a|b</tt> | 1',
            '| sdb |  | ',
            'after',
        ]);
    });

    it('takes no sentence for a table, a list or a rule', () => {
        expect(blocks('a | b\nc | d')).toEqual(['a | b\nc | d']);
        expect(blocks('It began in\n2019. Then\n- \n---')).toEqual(['It began in\n2019. Then\n-', 'rule']);
        expect(blocks('#hashtag\n-5 degrees\n3.14')).toEqual(['#hashtag\n-5 degrees\n3.14']);
    });
});

describe('Markdown: within a text', () => {
    it('knows strong, emphasis, both, and what was struck out', () => {
        expect(inline('**a** *b* ***c*** __d__ _e_ ~~f~~ **g *h* i**')).toBe(
            '<b>a</b> <i>b</i> <b><i>c</i></b> <b>d</b> <i>e</i> <s>f</s> <b>g </b><b><i>h</i></b><b> i</b>',
        );
    });

    it('leaves names of units and files, sums and patterns alone', () => {
        const text = 'my_unit_name.service a * b ** c 2*3 *.conf ~/x ~y~ snake_case_ a[0] systemd[1] [2024] ]';
        expect(inline(text)).toBe(text);
    });

    it('knows code with any number of backticks', () => {
        expect(inline('`a` ``b ` c`` `` ` `` `**no**`')).toBe('<tt>a</tt> <tt>b ` c</tt> <tt>`</tt> <tt>**no**</tt>');
        expect(inline('`open and ``other``')).toBe('`open and <tt>other</tt>');
    });

    it('keeps characters with a backslash before them, and what is no mark', () => {
        expect(inline('\\*a\\* \\[b](c) C:\\new \\`')).toBe('*a* [b](c) C:\\new `');
    });

    it('knows no tags, entities or images, of which the text stays', () => {
        expect(inline('<b>x</b> &amp; ![a *disk*](https://example.org/x.png)')).toBe(
            '&lt;b&gt;x&lt;/b&gt; &amp;amp; a <i>disk</i>',
        );
    });

    it('knows links and addresses', () => {
        expect(inline('[The *wiki*](https://wiki.example.org/a_(b) "title").')).toBe(
            '{The  → wiki.example.org}{<i>wiki</i> → wiki.example.org}.',
        );
        expect(inline('<https://example.org/a> (see https://example.org/b_c?d=1.)')).toBe(
            '{https://example.org/a → example.org} (see {https://example.org/b_c?d=1 → example.org}.)',
        );
        expect(inline('**https://example.org** [help](help:gnome-help/net)')).toBe(
            '{<b>https://example.org</b> → example.org} {help → help:gnome-help}',
        );
        expect(inline('[![badge](https://a.example/b.svg)](https://example.org)')).toBe('{badge → example.org}');
    });

    it('says where a link leads, whatever it looks like', () => {
        expect(inline('[https://bank.example](https://evil.example)')).toBe('{https://bank.example → evil.example}');
    });

    it('makes nothing of other addresses, and of those in code', () => {
        const text = '[a](javascript:x) [b](/etc/fstab) [c](file:///etc/fstab) [d](mailto:a@example.org) <data:x> [e]';
        expect(parseSpans(text).every(({ leadsTo }) => leadsTo === null)).toBe(true);
        expect(inline('`https://example.org` `[a](https://example.org)`')).toBe(
            '<tt>https://example.org</tt> <tt>[a](https://example.org)</tt>',
        );
        expect(blocks('```\nhttps://example.org [1]\n```')).toEqual(['code : "https://example.org [1]"']);
    });

    it('knows the numbers of what was looked up', () => {
        expect(inline('It is full [1], see [2][3]. `[4]` \\[5] [6](https://example.org)')).toBe(
            'It is full {1}, see {2}{3}. <tt>[4]</tt> [5] {6 → example.org}',
        );
    });
});

describe('Markdown that still arrives', () => {
    it('is drawn as it will be', () => {
        expect(arriving('it was **not')).toBe('it was <b>not</b>');
        expect(arriving('it was **not*')).toBe('it was <b>not</b>');
        expect(arriving('it was *')).toBe('it was ');
        expect(arriving('run `systemctl sta')).toBe('run <tt>systemctl sta</tt>');
        expect(arriving('see [the wiki')).toBe('see the wiki');
        expect(arriving('see [the wiki](https://exam')).toBe('see the wiki');
        expect(arriving('see https://exam')).toBe('see https://exam');
        expect(arriving('is full [1')).toBe('is full ');
        expect(arrivingBlocks('a\n```sh\nls')).toEqual(['a', 'code sh: "ls"']);
        expect(arrivingBlocks('a\n\n``')).toEqual(['a']);
        expect(arrivingBlocks('| a | b')).toEqual(['table start start', '| a | b']);
        expect(arrivingBlocks('| a | b |\n|--')).toEqual(['table start start', '| a | b']);
    });

    it('changes nothing that stands before its last block, and shows no mark that goes again', () => {
        const text =
            '# The **disk** is full\n\nIt is at *99 %* [1], see [the wiki](https://example.org/a) or `df -h /`.\n\n' +
            '1. Look\n   - at `du`\n   - at ~~this~~ **that**\n2. Delete\n\n| a | b |\n|---|--:|\n| **1** | 2 |\n\n' +
            '> said\n\n```sh\nls\n```\n\n---\n\nDone.';
        const whole = parseMarkdown(text);
        for (let length = 1; length < text.length; length += 1) {
            const part = parseMarkdown(text.slice(0, length), { isArriving: true });
            expect(outline(part.slice(0, -1)))
                .withContext(JSON.stringify(text.slice(0, length)))
                .toEqual(outline(whole.slice(0, Math.max(part.length - 1, 0))));
            for (const { text: drawn, styles, leadsTo } of spansOf(part))
                if (!styles.includes('code') && typeof leadsTo !== 'number') expect(drawn).not.toMatch(/[*`~|[\]]/);
        }
    });

    it('keeps as text what was never closed, once it has ended', () => {
        expect(inline('it was **not')).toBe('it was **not');
        expect(inline('run `systemctl')).toBe('run `systemctl');
        expect(inline('see [the wiki](https://exam')).toBe('see [the wiki]({https://exam → exam}');
    });
});

describe('Markdown from anywhere', () => {
    const alphabet = [
        ...Array.from('*_~`[]()<>!|\\#-+>:1 \n\t'),
        'ab',
        'https://example.org/',
        '```',
        '- ',
        '| a | b |\n|-|-|\n',
        '\n\n',
        '> ',
        '](',
        '[1]',
        '\u0627\u0644',
        '😀',
        '\u202e',
        '<b>',
        '&',
    ];
    /** A linear congruential generator, so that a failure can be seen again (Numerical Recipes' constants). */
    const textOf = (seed: number, pieces: number) => {
        let state = seed;
        return Array.from({ length: pieces }, () => {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
            return alphabet[state % alphabet.length];
        }).join('');
    };

    it('never fails, never yields markup of its own, and opens only addresses that may be', () => {
        for (let seed = 0; seed < 500; seed += 1) {
            const text = textOf(seed, 60);
            for (const isArriving of [false, true]) {
                const parsed = parseMarkdown(text, { isArriving });
                expect(depthOf(parsed)).toBeLessThanOrEqual(8);
                for (const span of spansOf(parsed)) {
                    expect(spanMarkup(span).replace(/<\/?(?:b|i|s|tt)>/g, '')).not.toMatch(/[<>"]/);
                    if (typeof span.leadsTo === 'object' && span.leadsTo !== null)
                        expect(parseAddress(span.leadsTo.uri)).withContext(text).toEqual(span.leadsTo);
                }
            }
        }
    });

    it('loses nothing but marks', () => {
        const letters = (text: string) => text.replace(/[^\p{L}]/gu, '');
        for (let seed = 0; seed < 300; seed += 1) {
            const text = textOf(seed, 30).replaceAll('](', '').replaceAll('```', '').replaceAll('`', '');
            const drawn = spansOf(parseMarkdown(text)).map(span => span.text);
            // A table has as many columns as its heading; what is beyond them is not drawn.
            if (!text.includes('|'))
                expect(letters(drawn.join('')))
                    .withContext(text)
                    .toBe(letters(text));
        }
    });

    const hostile: Record<string, string> = {
        stars: '*'.repeat(100_000),
        'stars and letters': '*a_b'.repeat(25_000),
        'both ways': 'a**b'.repeat(25_000),
        underscores: '_ '.repeat(50_000),
        brackets: '['.repeat(100_000),
        'open links': '[a]('.repeat(25_000),
        'open titles': '[a](b "'.repeat(14_000),
        'open images': '!['.repeat(25_000) + '](x)'.repeat(12_500),
        'open spaces': `[a](${' '.repeat(99_000)}`,
        backticks: '`'.repeat(100_000),
        'backticks of all lengths': Array.from({ length: 440 }, (_, length) => '`'.repeat(length)).join(' '),
        bars: '|'.repeat(100_000),
        'bars and rows': `|a|b|\n|-|-|\n${'|\n'.repeat(50_000)}`,
        'wide table': `${'|a'.repeat(25_000)}\n${'|-'.repeat(25_000)}`,
        quotes: '>'.repeat(100_000),
        'quotes with spaces': `${'> '.repeat(50_000)}a`,
        items: '- '.repeat(50_000),
        'deeper items': Array.from({ length: 400 }, (_, depth) => `${' '.repeat(2 * (depth % 200))}- a`).join('\n'),
        'many items': '- a\n'.repeat(25_000),
        angles: '<a:'.repeat(33_000),
        addresses: 'https://a.'.repeat(10_000),
        'an address': `https://a/${'('.repeat(50_000)}${')'.repeat(49_000)}`,
        marks: '#'.repeat(99_999) + ' #'.repeat(3),
        spaces: `a${' '.repeat(100_000)}b`,
        lines: '\n'.repeat(100_000),
        tildes: '~~a'.repeat(33_000),
        backslashes: '\\'.repeat(100_000),
        fences: '```\n'.repeat(25_000),
        rules: `${'- '.repeat(50_000)}x`,
    };
    const count = (parsed: readonly Block[]): number =>
        parsed.reduce((sum, block) => {
            if ('blocks' in block) return sum + 1 + count(block.blocks);
            return sum + (block.kind === 'table' ? block.header.length * (1 + block.rows.length) : 1);
        }, 0);

    // Work that grew with the square of the length would take so long that the runner ends it.
    for (const [name, text] of Object.entries(hostile))
        it(`ends in time that goes with its length, and makes few pieces: ${name}`, () => {
            for (const isArriving of [false, true]) {
                const parsed = parseMarkdown(text, { isArriving });
                expect(depthOf(parsed)).toBeLessThanOrEqual(8);
                expect(count(parsed)).toBeLessThan(850);
            }
        });

    it('keeps the text of what is too much', () => {
        const drawn = spansOf(parseMarkdown('- a\n'.repeat(2000))).map(({ text }) => text);
        expect(drawn.join('').match(/a/g)?.length).toBe(2000);
    });
});

describe('An address', () => {
    it('is shown with the host that it leads to', () => {
        expect(parseAddress('https://Wiki.Example.ORG:8443/a?b#c')?.host).toBe('wiki.example.org:8443');
        expect(parseAddress('http://localhost:631/')?.host).toBe('localhost:631');
        expect(parseAddress('http://[::1]/')?.host).toBe('[::1]');
        expect(parseAddress('https://192.168.1.1')?.host).toBe('192.168.1.1');
        expect(parseAddress('https://xn--mnchen-3ya.example')?.host).toBe('xn--mnchen-3ya.example');
        expect(parseAddress('help:gnome-help/net-wireless')?.host).toBe('help:gnome-help');
    });

    it('is ASCII throughout', () => {
        expect(parseAddress('https://de.example.org/wiki/Größe')?.uri).toBe(
            'https://de.example.org/wiki/Gr%C3%B6%C3%9Fe',
        );
    });

    it('is none when it could deceive', () => {
        const deceiving = [
            'https://bank.example@evil.example',
            'https://user:password@evil.example/',
            'https://bank.example%2eevil.example/',
            'https://b\u0430nk.example/',
            'https://bank.example\\@evil.example',
            'https://bank\u2024example.evil.example',
            'https://bank.example/\u202egpj.exe',
            'https://bank.example/a b',
            'https://2130706433/',
            'https://0x7f.1/',
            'https:/bank.example',
            'https://',
            'https://-a.example',
            'https://a..b',
            'javascript:alert(1)',
            'file:///etc/passwd',
            'ftp://example.org',
            'mailto:someone@example.org',
            'help:../../etc/passwd',
            'help:gnome-help/../x',
            `https://example.org/${'a'.repeat(3000)}`,
        ];
        for (const text of deceiving) expect(parseAddress(text)).withContext(text).toBeNull();
    });
});

describe('Markup', () => {
    it('is escaped wherever it stands', () => {
        const evil = '<span size="90000">&</span>';
        const escaped = '&lt;span size=&quot;90000&quot;&gt;&amp;&lt;/span&gt;';
        expect(inline(`**${evil}** \`${evil}\` ${evil}`)).toBe(`<b>${escaped}</b> <tt>${escaped}</tt> ${escaped}`);
    });

    it('holds nothing that Pango’s parser rejects', () => {
        expect(escapeMarkup('a\u0000b\u001bc\u0085d\ud800e\uffff')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\ufffd');
        expect(escapeMarkup('tab\tline\n😀')).toBe('tab\tline\n😀');
    });
});
