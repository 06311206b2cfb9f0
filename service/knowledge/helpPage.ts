/**
 * Reads a page of Mallard (http://projectmallard.org/1.0/), the format of GNOME’s help. Only its text counts: entities of a
 * DTD and included files are never resolved.
 */
import { SectionWriter, type Page } from './page.ts';

/** @param collection what the page is part of, such as “gnome-help” */
export function readHelpPage(source: string, collection: string): Page | null {
    if (!/<page\b[^<>]{0,1000}\bxmlns=["']http:\/\/projectmallard\.org\/1\.0\/["']/.test(source)) return null;
    const out = new SectionWriter();
    let title = '';
    let summary = '';
    let text = '';
    const open: string[] = [];
    /** Whether something of the innermost sequence was read. */
    let isInSequence = false;
    for (const [token] of source.matchAll(/<!--[^]*?(?:-->|$)|<!\[CDATA\[[^]*?(?:\]\]>|$)|<[^<>]*>|<|[^<]+/g)) {
        if (!token.startsWith('<')) {
            if (!open.some(name => unread.has(name))) text += resolved(token).replace(/\s+/g, ' ');
            continue;
        }
        const [, end, name = '', own] = /^<(\/?)([\w:.-]+)[^>]*?(\/?)>$/.exec(token) ?? [];
        if (name === '' || own === '/') continue;
        if (end !== '/') {
            if (blocks.has(name)) text = '';
            const between = sequences.get(open.at(-1) ?? '');
            if (between !== undefined) {
                if (isInSequence) text += between;
                isInSequence = true;
            } else if (sequences.has(name)) isInSequence = false;
            if (open.length < 100) open.push(name);
            continue;
        }
        const at = open.lastIndexOf(name);
        if (at >= 0) open.length = at;
        if (!blocks.has(name)) continue;
        const content = text.trim();
        text = '';
        if (content === '') continue;
        const parent = open.at(-1) ?? '';
        if (name === 'desc') {
            if (parent === 'info' && open.length === 2) summary = content;
        } else if (name === 'title' && parent === 'page') title = content;
        else if (name === 'title' && parent === 'section') out.heading(content);
        else if (!open.includes('info')) {
            if (open.includes('item')) out.breakLine();
            else out.end();
            out.add(parent === 'item' && open.includes('steps') ? `• ${content}` : content);
        }
    }
    out.end();
    const sections = out.sections.filter(({ paragraphs }) => paragraphs.length > 0);
    if (title === '' || sections.length === 0) return null;
    return { title: `${title} (${collection})`, names: [title], summary, sections, seeAlso: [] };
}

/** What ends the text before it. */
const blocks = new Set(['title', 'p', 'desc', 'code', 'screen', 'cite']);
/** What stands between keys that are pressed together, and between menus that are opened one after the other. */
const sequences = new Map([
    ['keyseq', '+'],
    ['guiseq', ' ▸ '],
]);
/** What is about the page, or not for readers. */
const unread = new Set(['comment', 'credit', 'license', 'revision', 'keywords', 'name', 'email', 'years']);

const entities = new Map(Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }));

function resolved(text: string): string {
    return text.replace(
        /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,16}));/gi,
        (_whole, hex?: string, digits?: string, name?: string) => {
            if (name !== undefined) return entities.get(name) ?? '';
            const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
            return code <= 0x10ffff ? String.fromCodePoint(code) : '';
        },
    );
}
