import { PassThrough } from 'node:stream';

import { folded } from '../../../service/cli/describe.ts';
import { differenceBeginning, differenceLines } from '../../../service/cli/difference.ts';
import { MarkdownStream } from '../../../service/cli/markdown.ts';
import { Terminal } from '../../../service/cli/terminal.ts';

/** What a terminal would obey: controls but the line break, and what changes the direction of text. */
const commands = /(?!\n)[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u;
const hostile = 'a\u001b[2Jb\u0007\u009b31mc\u202ed\u2066e\u0000\u007f\r\u001b]0;title\u0007f\u2028g';

class Screen extends PassThrough {
    isTTY = false;
    columns = 80;
}

function onScreen({ isTTY = false, columns = 80 } = {}): { terminal: Terminal; text: () => string } {
    const screen = Object.assign(new Screen(), { isTTY, columns });
    const terminal = new Terminal(screen as unknown as NodeJS.WriteStream);
    return { terminal, text: () => String(screen.read() ?? '') };
}

describe('The terminal', () => {
    it('takes no orders from foreign text', () => {
        const { terminal } = onScreen();

        expect(terminal.plain(hostile)).not.toMatch(commands);
        expect(terminal.plain('one\ntwo')).toBe('one two');
        expect(terminal.block(`${hostile}\nnext`)).not.toMatch(commands);
        expect(terminal.block('one\ntwo')).toBe('one\ntwo');
    });

    it('takes none from JSON either, which still says the same', () => {
        const { terminal, text } = onScreen();

        terminal.json({ hostile, tag: '\u{e0041}' });

        const written = text();
        expect(written).not.toMatch(commands);
        expect(written).not.toMatch(/\p{Cf}/u);
        expect(JSON.parse(written)).toEqual({ hostile, tag: '\u{e0041}' });
    });

    it('breaks lines at its width', () => {
        const { terminal } = onScreen({ isTTY: true, columns: 44 });

        const wrapped = terminal.wrap('word '.repeat(30).trim(), '  ').split('\n');

        expect(wrapped.length).toBeGreaterThan(1);
        for (const line of wrapped) expect(line).toMatch(/^ {2}word.{0,38}$/);
        const styled = `\u001b[2mword:\u001b[22m ${'word '.repeat(7).trim()}`;
        expect(terminal.wrap(styled, '  ')).not.toContain('\n');
    });

    it('keeps an item in one line for programs, and breaks it for people', () => {
        const text = 'word '.repeat(30).trim();

        expect(onScreen().terminal.item(text, '    ', '  ')).toBe(`  ${text}`);
        const seen = onScreen({ isTTY: true, columns: 44 }).terminal.item(text, '    ', '  ').split('\n');
        expect(seen.length).toBeGreaterThan(1);
    });

    it('lets what goes on stand further in than its beginning', () => {
        const { terminal } = onScreen({ isTTY: true, columns: 44 });

        const [first, ...others] = terminal.wrap('word '.repeat(30).trim(), '    ', '  ').split('\n');

        expect(first).toMatch(/^ {2}word.{0,38}$/);
        expect(others.length).toBeGreaterThan(1);
        for (const line of others) expect(line).toMatch(/^ {4}word.{0,36}$/);
    });

    it('has no colours where nobody sees them', () => {
        const { terminal } = onScreen();

        expect(terminal.style('bad', 'x')).toBe('x');
    });
});

describe('A difference on a terminal', () => {
    const lines = [
        '@@ -1,2 +1,40 @@',
        ' #\tPermit  no',
        ...Array.from({ length: 40 }, (_, line) => `+${line} ${'x'.repeat(90)}`),
    ];

    it('keeps its blanks, each tab as wide as the terminal would have it, and is not wrapped', () => {
        const { terminal } = onScreen();

        const shown = differenceLines(terminal, lines.join('\n'), '  ');

        expect(shown.length).toBe(lines.length);
        expect(shown[1]).toBe('   #      Permit  no');
        expect(shown[2]?.length).toBeGreaterThan(90);
    });

    it('is cut where it would push everything else away, and says by how much', () => {
        const { terminal } = onScreen();

        const shown = differenceBeginning(terminal, lines.join('\n'), '    ');

        expect(shown.length).toBe(13);
        expect(shown.at(-1)).toBe('    … and 30 more lines');
        for (const line of shown) expect(line.length).toBeLessThanOrEqual(80);
        // No line is left out to say that one line is left out.
        expect(differenceBeginning(terminal, lines.slice(0, 13).join('\n'), '').length).toBe(13);
    });
});

describe('Evidence on a terminal', () => {
    it('is told once however often it was said', () => {
        const [one, other] = [
            { origin: 'sshd', message: 'Bad configuration option' },
            { origin: 'systemd', message: 'Failed' },
        ];

        expect(folded([one, other, { ...one }])).toEqual([
            { piece: one, times: 2 },
            { piece: other, times: 1 },
        ]);
    });
});

describe('The Markdown of an answer', () => {
    const stream = (hasColours: boolean) =>
        new MarkdownStream({ hasColours, style: (style, text) => `<${style}:${text}>` });

    it('is styled however it is cut into pieces', () => {
        const answer = 'A **strong * word** and `code **x**`.\n**open\nnext * star';
        const whole = stream(true);
        const expected = whole.push(answer) + whole.end();
        const single = stream(true);
        const pieces = Array.from(answer, character => single.push(character)).join('') + single.end();

        const merged = (text: string) => text.replaceAll(/<(\w+):([^>]*)>/g, '$2');
        expect(merged(pieces)).toBe(merged(expected));
        expect(expected).toContain('<strong:strong * word> and <code:code >');
    });

    it('leaves no style on after a line', () => {
        const markdown = stream(true);

        expect(markdown.push('**open\nnext')).toBe('<strong:open>\nnext');
    });

    it('is left as it is without colours', () => {
        const markdown = stream(false);

        expect(markdown.push('**a** `b` *')).toBe('**a** `b` *');
        expect(markdown.end()).toBe('');
    });
});
