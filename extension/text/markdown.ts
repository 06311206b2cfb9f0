/**
 * The light Markdown that answers use: paragraphs, headings, lists, fenced code, `code` and **strong**.
 *
 * Everything else is plain text. Links and HTML are not known on purpose: an answer may quote a log, and nothing that a
 * log says may become something to click on.
 */
export type Span = { style: 'plain' | 'strong' | 'code'; text: string };

export type Block =
    | { kind: 'paragraph' | 'heading'; spans: Span[] }
    | { kind: 'item'; marker: string; depth: number; spans: Span[] }
    | { kind: 'code'; text: string };

const fence = /^\s*```/;
const heading = /^\s{0,3}#{1,6}\s+(.*)$/;
const item = /^(\s*)(?:[-*•]|(\d{1,3}[.)]))\s+(.*)$/;

/** Parses text that may still be arriving: a mark that is not closed yet is text, an open fence is code to the end. */
export function parseMarkdown(text: string): Block[] {
    const blocks: Block[] = [];
    let paragraph: string[] = [];
    let code: string[] | null = null;

    const endParagraph = () => {
        if (paragraph.length > 0) blocks.push({ kind: 'paragraph', spans: parseSpans(paragraph.join('\n')) });
        paragraph = [];
    };

    for (const line of text.split('\n')) {
        if (fence.test(line)) {
            endParagraph();
            if (code !== null) blocks.push({ kind: 'code', text: code.join('\n') });
            code = code === null ? [] : null;
            continue;
        }
        if (code !== null) {
            code.push(line);
            continue;
        }
        const [, headingText] = heading.exec(line) ?? [];
        const [, indent = '', ordinal = '•', itemText] = item.exec(line) ?? [];
        if (headingText !== undefined) {
            endParagraph();
            blocks.push({ kind: 'heading', spans: parseSpans(headingText) });
        } else if (itemText !== undefined) {
            endParagraph();
            const depth = Math.min(Math.floor(indent.length / 2), 3);
            blocks.push({ kind: 'item', marker: ordinal, depth, spans: parseSpans(itemText) });
        } else if (line.trim() === '') {
            endParagraph();
        } else {
            paragraph.push(line.trim());
        }
    }
    endParagraph();
    if (code !== null) blocks.push({ kind: 'code', text: code.join('\n') });
    return blocks;
}

function parseSpans(text: string): Span[] {
    const spans: Span[] = [];
    let end = 0;
    for (const match of text.matchAll(/`([^`\n]+)`|\*\*(\S(?:[^*]*\S)?)\*\*/g)) {
        if (match.index > end) spans.push({ style: 'plain', text: text.slice(end, match.index) });
        const [whole, code, strong] = match;
        spans.push(code !== undefined ? { style: 'code', text: code } : { style: 'strong', text: strong ?? '' });
        end = match.index + whole.length;
    }
    if (end < text.length) spans.push({ style: 'plain', text: text.slice(end) });
    return spans;
}

const tags = { plain: ['', ''], strong: ['<b>', '</b>'], code: ['<tt>', '</tt>'] } as const;

/** Pango markup in which only our own tags are tags. */
export function toMarkup(spans: readonly Span[]): string {
    return spans.map(({ style, text }) => tags[style][0] + escapeMarkup(text) + tags[style][1]).join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Escapes for Pango markup, and takes out what its parser rejects (one such character would lose the whole text): control
 * characters but tab and newline, lone surrogates, non-characters.
 */
export function escapeMarkup(text: string): string {
    return text
        .replace(/[^\P{Cc}\t\n]|\p{Cs}|\p{Noncharacter_Code_Point}/gu, '\uFFFD')
        .replace(/[&<>"']/g, character => entities[character] ?? '');
}
