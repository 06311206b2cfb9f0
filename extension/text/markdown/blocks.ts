import { parseSpans } from './spans.js';
import type { Span } from './spans.js';

export type Alignment = 'start' | 'center' | 'end';

export type Block =
    | { kind: 'paragraph'; spans: Span[] }
    | { kind: 'heading'; level: number; spans: Span[] }
    | { kind: 'code'; language: string; text: string }
    | { kind: 'table'; alignments: Alignment[]; header: Span[][]; rows: Span[][][] }
    | { kind: 'rule' }
    | { kind: 'quote'; blocks: Block[] }
    /** `isDone` is null for what is no task. */
    | { kind: 'item'; marker: string; isDone: boolean | null; blocks: Block[] };

/** What lies deeper is drawn at this depth. */
const deepest = 6;
/** Nobody reads more pieces in a popover, and making them would slow down the whole Shell. */
const mostPieces = 800;
const mostColumns = 12;

const fence = /^ *(`{3,}|~{3,}) *([^\s`]{0,32})[^`]*$/;
const heading = /^ {0,3}(#{1,6})(?= |$)/;
const rule = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
const quoteMark = /^ {0,3}> ?/;
const itemMark = /^( *)([-*+•]|(\d{1,9})([.)]))(?: +|$)/;
const taskMark = /^\[([ xX])\](?: +|$)/;
const alignmentRow = /^ *\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$/;
/** A line that may still become the start of several things. */
const undecidedLine = /^[\s>]*(?:[-*+•_#`~|=: ]+|\d{1,9}[.)]?)?$/;

/** `indent` is how far what is within an item is indented at least. */
type Container = { kind: 'quote' | 'item'; blocks: Block[]; indent: number };
type Leaf =
    | { kind: 'paragraph'; into: Block[]; lines: string[] }
    | { kind: 'heading'; into: Block[]; level: number; text: string }
    | { kind: 'code'; into: Block[]; mark: string; indent: number; language: string; lines: string[]; inner: number }
    | { kind: 'table'; into: Block[]; alignments: Alignment[]; header: string[]; rows: string[][] };
type LeafOf<Kind extends Leaf['kind']> = Extract<Leaf, { kind: Kind }>;

/**
 * Parses the Markdown that answers are written in: that of CommonMark and GitHub without HTML, images (of which the
 * text stays), reference links, indented code and underlined headings. Line breaks are kept. Items may be indented less
 * than CommonMark wants, as language models do.
 *
 * The work grows with the length of the text, and what comes of it is bounded in depth and number, whatever the text
 * is.
 *
 * @param isArriving more of the text may follow: marks that are still open are drawn as if they were closed, and a
 * beginning that is still ambiguous is left out, so that what has been drawn stays as it is
 */
export function parseMarkdown(text: string, { isArriving = false } = {}): Block[] {
    const lines = text.split('\n');
    if (isArriving && undecidedLine.test(lines.at(-1) ?? '')) lines.pop();
    const parser = new BlockParser(isArriving);
    for (const line of lines) parser.take(line);
    return parser.end();
}

class BlockParser {
    readonly #isArriving: boolean;
    readonly #blocks: Block[] = [];
    readonly #containers: Container[] = [];
    #leaf: Leaf | null = null;
    #piecesLeft = mostPieces;

    constructor(isArriving: boolean) {
        this.#isArriving = isArriving;
    }

    take(raw: string): void {
        let line = raw.replace(/^[ \t]+/, space => space.replaceAll('\t', '    ')).trimEnd();
        let depth = 0;
        for (const container of this.#containers) {
            const inner = this.#within(container, line);
            if (inner === null) break;
            line = inner;
            depth += 1;
        }
        const isWithin = depth === this.#containers.length;
        if (this.#leaf?.kind === 'code' && isWithin) {
            this.#takeCode(this.#leaf, line);
            return;
        }
        if (this.#leaf?.kind === 'paragraph' && !isWithin && !this.#beginsBlock(line)) {
            this.#leaf.lines.push(line.trim());
            return;
        }
        if (!isWithin) {
            this.#endLeaf();
            this.#containers.length = depth;
        }
        this.#takeLeaf(this.#openContainers(line));
    }

    end(): Block[] {
        this.#endLeaf(this.#isArriving);
        return this.#blocks;
    }

    /** What of a line is within a container that is open; null when the line is not. */
    #within({ kind, indent }: Container, line: string): string | null {
        if (kind === 'quote') return quoteMark.test(line) ? line.replace(quoteMark, '') : null;
        // Code in an item may be indented less; it ends with its fence.
        const isWithin = line === '' || indentOf(line) >= indent || this.#leaf?.kind === 'code';
        return isWithin ? line.slice(Math.min(indentOf(line), indent)) : null;
    }

    #takeCode(leaf: LeafOf<'code'>, line: string): void {
        const [, mark = '', language = ''] = fence.exec(line) ?? [];
        const isFence = mark.startsWith(leaf.mark);
        // Markdown that is shown as code may have fences in it that are no longer than its own.
        const isMarkdown = leaf.language === 'markdown' || leaf.language === 'md';
        if (isFence && language !== '' && isMarkdown) leaf.inner += 1;
        else if (isFence && language === '') {
            if (leaf.inner === 0) {
                this.#endLeaf();
                return;
            }
            leaf.inner -= 1;
        }
        leaf.lines.push(line.slice(Math.min(indentOf(line), leaf.indent)));
    }

    #beginsBlock(line: string): boolean {
        return line === '' || [fence, heading, rule, quoteMark, itemMark].some(pattern => pattern.test(line));
    }

    #openContainers(whole: string): string {
        let line = whole;
        while (this.#containers.length < deepest && this.#piecesLeft > 0) {
            if (quoteMark.test(line)) {
                const blocks: Block[] = [];
                this.#add({ kind: 'quote', blocks });
                this.#containers.push({ kind: 'quote', blocks, indent: 0 });
                line = line.replace(quoteMark, '');
                continue;
            }
            const item = rule.test(line) ? null : itemMark.exec(line);
            if (item === null) break;
            const [mark, indent = '', , number, delimiter = ''] = item;
            const rest = line.slice(mark.length);
            // A line of a paragraph may begin with a year or a dash.
            if (this.#leaf?.kind === 'paragraph' && (rest === '' || (number !== undefined && number !== '1'))) break;
            const [task, done] = taskMark.exec(rest) ?? [];
            const blocks: Block[] = [];
            const shown = number === undefined ? '•' : `${this.#nextNumber(Number(number))}${delimiter}`;
            this.#add({ kind: 'item', marker: shown, isDone: done === undefined ? null : done !== ' ', blocks });
            this.#containers.push({ kind: 'item', blocks, indent: indent.length + 2 });
            line = rest.slice(task?.length ?? 0);
        }
        return line;
    }

    /** The numbers of a list count from its first one, whatever the others say. */
    #nextNumber(given: number): number {
        this.#endLeaf();
        const last = this.#inner().at(-1);
        const previous = last?.kind === 'item' ? Number.parseInt(last.marker, 10) : Number.NaN;
        return Number.isNaN(previous) ? given : previous + 1;
    }

    #takeLeaf(line: string): void {
        if (line === '') {
            this.#endLeaf();
            return;
        }
        const leaf = this.#leaf;
        if (this.#piecesLeft <= 0) {
            this.#addLine(line);
            return;
        }
        const [, mark, language = ''] = fence.exec(line) ?? [];
        const [headingMark, level = ''] = heading.exec(line) ?? [];
        if (mark !== undefined) {
            this.#endLeaf();
            const place = { into: this.#inner(), indent: indentOf(line) };
            this.#leaf = { kind: 'code', ...place, mark, language: language.toLowerCase(), lines: [], inner: 0 };
        } else if (headingMark !== undefined) {
            this.#endLeaf();
            const text = withoutClosingMarks(line.slice(headingMark.length).trim());
            this.#leaf = { kind: 'heading', into: this.#inner(), level: level.length, text };
        } else if (rule.test(line)) {
            this.#add({ kind: 'rule' });
        } else if (leaf?.kind === 'table' && line.includes('|')) {
            this.#addRow(leaf, line);
        } else if (leaf?.kind === 'paragraph' && this.#beginsTable(leaf, line)) {
            this.#beginTable(leaf, line);
        } else {
            this.#addLine(line);
        }
    }

    #addLine(line: string): void {
        if (this.#leaf?.kind !== 'paragraph') {
            this.#endLeaf();
            this.#leaf = { kind: 'paragraph', into: this.#inner(), lines: [] };
        }
        this.#leaf.lines.push(line.trim());
    }

    #beginsTable({ lines }: LeafOf<'paragraph'>, line: string): boolean {
        if (!line.includes('|') || !alignmentRow.test(line)) return false;
        const columns = cellsOf(line).length;
        return columns <= mostColumns && cellsOf(lines.at(-1) ?? '').length === columns;
    }

    #beginTable({ lines, into }: LeafOf<'paragraph'>, line: string): void {
        const header = cellsOf(lines.pop() ?? '');
        if (lines.length > 0) this.#endLeaf();
        const alignments = cellsOf(line).map(cell =>
            !cell.endsWith(':') ? 'start' : cell.startsWith(':') ? 'center' : 'end',
        );
        this.#leaf = { kind: 'table', into, alignments, header, rows: [] };
        this.#piecesLeft -= header.length;
    }

    #addRow({ rows, header }: LeafOf<'table'>, line: string): void {
        const cells = cellsOf(line);
        rows.push(header.map((_header, column) => cells[column] ?? ''));
        this.#piecesLeft -= header.length;
    }

    #inner(): Block[] {
        return this.#containers.at(-1)?.blocks ?? this.#blocks;
    }

    #add(block: Block): void {
        this.#endLeaf();
        this.#inner().push(block);
        this.#piecesLeft -= 1;
    }

    #endLeaf(isArriving = false): void {
        const leaf = this.#leaf;
        this.#leaf = null;
        if (leaf === null) return;
        this.#piecesLeft -= 1;
        const spans = (text: string) => parseSpans(text, isArriving);
        switch (leaf.kind) {
            case 'code':
                leaf.into.push({ kind: 'code', language: leaf.language, text: leaf.lines.join('\n') });
                break;
            case 'heading':
                leaf.into.push({ kind: 'heading', level: leaf.level, spans: spans(leaf.text) });
                break;
            case 'table': {
                const { alignments, header, rows } = leaf;
                leaf.into.push({
                    kind: 'table',
                    alignments,
                    header: header.map(cell => parseSpans(cell)),
                    rows: rows.map(cells => cells.map(spans)),
                });
                break;
            }
            case 'paragraph': {
                const [first = ''] = leaf.lines;
                if (isArriving && leaf.lines.length === 1 && first.startsWith('|')) {
                    const header = cellsOf(first).slice(0, mostColumns);
                    const alignments = header.map(() => 'start' as const);
                    leaf.into.push({ kind: 'table', alignments, header: header.map(spans), rows: [] });
                } else {
                    leaf.into.push({ kind: 'paragraph', spans: spans(leaf.lines.join('\n')) });
                }
            }
        }
    }
}

function indentOf(line: string): number {
    return line.length - line.trimStart().length;
}

/** A heading may end with as many marks as its author likes. */
function withoutClosingMarks(text: string): string {
    let end = text.length;
    while (text[end - 1] === '#') end -= 1;
    return end === 0 || text[end - 1] === ' ' ? text.slice(0, end).trimEnd() : text;
}

/** The cells of a table's row. A bar that is part of a cell has a backslash before it. */
function cellsOf(row: string): string[] {
    const line = row.trim();
    const cells: string[] = [];
    let cell = '';
    for (let index = line.startsWith('|') ? 1 : 0; index < line.length; index += 1) {
        const character = line[index] ?? '';
        if (character === '\\' && line[index + 1] === '|') {
            cell += '|';
            index += 1;
        } else if (character === '|') {
            cells.push(cell.trim());
            cell = '';
        } else {
            cell += character;
        }
    }
    if (cell.trim() !== '' || cells.length === 0) cells.push(cell.trim());
    return cells;
}
