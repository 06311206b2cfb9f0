import { parseAddress } from './address.js';
import type { Address } from './address.js';

export type Style = 'strong' | 'emphasis' | 'struck' | 'code';

/** A piece of text that is drawn in one way. */
export type Span = {
    text: string;
    /** No text makes itself `dim`; that is for our own words beside it. */
    styles: readonly (Style | 'dim')[];
    /** What a click on it opens: an address, or the lookup that a statement rests on, by its number; null for nothing. */
    leadsTo: Address | number | null;
};

type Piece = { text: string; isCode: boolean; leadsTo: Span['leadsTo'] };
/** A run of one character that may begin or end a style, or both. */
type Mark = { piece: Piece; index: number; length: number; left: number; canOpen: boolean; canClose: boolean };
type Range = { style: Style; from: number; to: number };

const special = /[\\`*_~[\]!<]|https?:\/\//gi;
const escapable = /[!-/:-@[-`{-~]/;
const punctuation = /[\p{P}\p{S}]/u;
const wordEnd = /[\p{L}\p{N}]$/u;
const markRun = /\*+|_+|~+/y;
const backticks = /`+/y;
const citation = /\[(\d{1,2})\](?!\()/y;
/** In parentheses: an address, in angle brackets or not, and perhaps a title. */
const destination =
    /\(\s{0,9}(?:<([^<>\n]{0,2048})>|((?:[^\s()<>[\]`\\]|\\[!-/:-@[-`{-~]|\([^\s()<>[\]`]{0,256}\)){0,2048}))(?:\s{1,9}(?:"[^"\n]{0,256}"|'[^'\n]{0,256}'))?\s{0,9}\)/y;
const bracketedAddress = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]{1,2048})>/iy;
const bareAddress = /https?:\/\/[!#-;=?-Z_a-z~]*/iy;
const arrivingDestination = /(?:\([^\s()]*)?$/y;
const arrivingAddress = /<[a-z][^\s<>]*$/iy;
/** The beginning of something that the next piece of text decides. */
const mostUndecided = 8;
const undecidedEnd = /(?:[*_~`]+|\\|!|!?\[\d{0,2}|<)$/;

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
    pattern.lastIndex = index;
    return pattern.exec(text);
}

/**
 * Parses what stands within a paragraph, a heading or a cell. The work grows with the length of the text and no faster:
 * this follows the delimiter algorithm of CommonMark (spec.commonmark.org, "Phase 2: inline structure"), which visits
 * no place twice. The result is flat, so that nothing in a text can be nested deeply.
 *
 * @param isArriving more of the text may follow: what is still open is drawn as if it were closed, so that its end does
 * not change how it is drawn
 */
export function parseSpans(text: string, isArriving = false): Span[] {
    const undecided = isArriving ? (undecidedEnd.exec(text.slice(-mostUndecided))?.[0] ?? '') : '';
    return new SpanParser(text.slice(0, text.length - undecided.length), isArriving).parse();
}

class SpanParser {
    readonly #text: string;
    readonly #isArriving: boolean;
    readonly #pieces: Piece[] = [];
    readonly #marks: Mark[] = [];
    readonly #ranges: Range[] = [];
    /** Brackets that may begin a link or an image. */
    readonly #brackets: { index: number; isImage: boolean }[] = [];
    /** Where runs of backticks of each length begin, the last first. */
    #codeEnds: Map<number, number[]> | null = null;

    constructor(text: string, isArriving: boolean) {
        this.#text = text;
        this.#isArriving = isArriving;
    }

    parse(): Span[] {
        let index = 0;
        for (;;) {
            const found = at(special, this.#text, index);
            if (found === null) break;
            if (found.index > index) this.#add(this.#text.slice(index, found.index));
            index = this.#take(found[0], found.index);
        }
        this.#add(this.#text.slice(index));
        // Of the bracket that was left open last, a link may still come.
        const open = this.#isArriving ? this.#brackets.at(-1) : undefined;
        const piece = this.#pieces[open?.index ?? -1];
        if (piece !== undefined) piece.text = '';
        this.#matchMarks();
        return this.#spans();
    }

    #add(text: string, { isCode = false, leadsTo = null }: Partial<Piece> = {}): Piece {
        const piece = { text, isCode, leadsTo };
        this.#pieces.push(piece);
        return piece;
    }

    /** @returns where to go on */
    #take(found: string, index: number): number {
        switch (found) {
            case '\\':
                return this.#takeEscape(index);
            case '`':
                return this.#takeCode(index);
            case '*':
            case '_':
            case '~':
                return this.#takeMark(index);
            case '!':
                if (this.#text[index + 1] === '[') return this.#takeBracket(index, true);
                break;
            case '[':
                return this.#takeCitation(index) ?? this.#takeBracket(index, false);
            case ']':
                return this.#takeBracketEnd(index);
            case '<':
                return this.#takeBracketedAddress(index);
            default:
                return this.#takeBareAddress(index);
        }
        this.#add(found);
        return index + found.length;
    }

    #takeEscape(index: number): number {
        const next = this.#text[index + 1] ?? '';
        if (next === '\n') return index + 1;
        this.#add(escapable.test(next) ? next : `\\${next}`);
        return index + 1 + next.length;
    }

    #takeCode(index: number): number {
        const [run = ''] = at(backticks, this.#text, index) ?? [];
        const begin = index + run.length;
        const end = this.#codeEnd(run.length, begin);
        if (end !== null) {
            this.#addCode(this.#text.slice(begin, end));
            return end + run.length;
        }
        const rest = this.#text.slice(begin);
        if (this.#isArriving && rest !== '' && !rest.includes('\n')) {
            this.#addCode(rest);
            return this.#text.length;
        }
        this.#add(run);
        return begin;
    }

    #codeEnd(length: number, from: number): number | null {
        if (this.#codeEnds === null) {
            this.#codeEnds = new Map();
            for (const { 0: run, index } of [...this.#text.matchAll(/`+/g)].reverse()) {
                const ends = this.#codeEnds.get(run.length) ?? [];
                ends.push(index);
                this.#codeEnds.set(run.length, ends);
            }
        }
        const ends = this.#codeEnds.get(length) ?? [];
        // Code is taken from left to right, so what lies before is never asked for again.
        while ((ends.at(-1) ?? from) < from) ends.pop();
        return ends.at(-1) ?? null;
    }

    #addCode(raw: string): void {
        const text = raw.replaceAll('\n', ' ');
        const isPadded = text.startsWith(' ') && text.endsWith(' ') && text.trim() !== '';
        this.#add(isPadded ? text.slice(1, -1) : text, { isCode: true });
    }

    #takeMark(index: number): number {
        const [run = ''] = at(markRun, this.#text, index) ?? [];
        const end = index + run.length;
        const piece = this.#add(run);
        if (run.startsWith('~') && run.length !== 2) return end;
        const before = this.#text.slice(Math.max(index - 2, 0), index);
        const after = String.fromCodePoint(this.#text.codePointAt(end) ?? 0x20);
        const isAfterSpace = before === '' || /\s$/.test(before);
        const isBeforeSpace = /\s/.test(after);
        const isAfterPunctuation = punctuation.test(before.replace(/^[^\ud800-\udbff](?=.)/s, ''));
        const isBeforePunctuation = punctuation.test(after);
        const isLeft = !isBeforeSpace && (!isBeforePunctuation || isAfterSpace || isAfterPunctuation);
        const isRight = !isAfterSpace && (!isAfterPunctuation || isBeforeSpace || isBeforePunctuation);
        // Names have underscores in them.
        const isWithinWord = run.startsWith('_') && isLeft && isRight;
        this.#marks.push({
            piece,
            index: this.#pieces.length - 1,
            length: run.length,
            left: run.length,
            canOpen: isLeft && (!isWithinWord || isAfterPunctuation),
            canClose: isRight && (!isWithinWord || isBeforePunctuation),
        });
        return end;
    }

    /** A number after a word is an index or a process: "systemd[1]". */
    #takeCitation(index: number): number | null {
        const [whole = '', number] = at(citation, this.#text, index) ?? [];
        if (number === undefined || wordEnd.test(this.#text.slice(Math.max(index - 2, 0), index))) return null;
        this.#add(whole, { leadsTo: Number(number) });
        return index + whole.length;
    }

    #takeBracket(index: number, isImage: boolean): number {
        const mark = isImage ? '![' : '[';
        this.#add(mark);
        this.#brackets.push({ index: this.#pieces.length - 1, isImage });
        return index + mark.length;
    }

    #takeBracketEnd(index: number): number {
        const bracket = this.#brackets.pop();
        const opening = this.#pieces[bracket?.index ?? -1];
        if (bracket === undefined || opening === undefined) {
            this.#add(']');
            return index + 1;
        }
        const { 0: whole, 1: bracketed, 2: bare } = at(destination, this.#text, index + 1) ?? [];
        if (whole !== undefined) {
            const address = parseAddress((bracketed ?? bare ?? '').replace(/\\([!-/:-@[-`{-~])/g, '$1'));
            if (bracket.isImage || address !== null) {
                opening.text = '';
                if (!bracket.isImage) {
                    for (const piece of this.#pieces.slice(bracket.index + 1)) piece.leadsTo = address;
                    // There is no link in a link.
                    this.#brackets.length = 0;
                }
                return index + 1 + whole.length;
            }
        } else if (this.#isArriving && at(arrivingDestination, this.#text, index + 1) !== null) {
            opening.text = '';
            return this.#text.length;
        }
        this.#add(']');
        return index + 1;
    }

    #takeBracketedAddress(index: number): number {
        const [whole = '', text = ''] = at(bracketedAddress, this.#text, index) ?? [];
        const address = parseAddress(text);
        if (address !== null) {
            this.#add(text, { leadsTo: address });
            return index + whole.length;
        }
        const isArriving = this.#isArriving && at(arrivingAddress, this.#text, index) !== null;
        if (!isArriving) this.#add('<');
        return index + 1;
    }

    #takeBareAddress(index: number): number {
        const [whole = ''] = at(bareAddress, this.#text, index) ?? [];
        const text = withoutSentenceEnd(whole);
        const isWithinWord = wordEnd.test(this.#text.slice(Math.max(index - 2, 0), index));
        const isWhole = !this.#isArriving || index + whole.length < this.#text.length;
        this.#add(text, { leadsTo: isWhole && !isWithinWord ? parseAddress(text) : null });
        return index + text.length;
    }

    #matchMarks(): void {
        const openers: Mark[] = [];
        /** Before which piece there is no opener for such a mark. */
        const searched = new Map<string, number>();
        for (const mark of this.#marks) {
            while (mark.canClose && mark.left > 0) {
                const key = `${mark.piece.text[0]}${mark.canOpen}${mark.length % 3}`;
                const bottom = searched.get(key) ?? 0;
                let place = openers.length - 1;
                while (place >= 0 && (openers[place]?.index ?? 0) >= bottom && !fits(openers[place], mark)) place -= 1;
                const opener = openers[place];
                if (opener === undefined || opener.index < bottom) {
                    searched.set(key, mark.index);
                    break;
                }
                this.#match(opener, mark.index, Math.min(opener.left, mark.left, 2));
                mark.left -= this.#ranges.at(-1)?.style === 'emphasis' ? 1 : 2;
                openers.length = opener.left > 0 ? place + 1 : place;
            }
            if (mark.canOpen && mark.left > 0) openers.push(mark);
        }
        if (this.#isArriving)
            for (const opener of openers)
                while (opener.left > 0) this.#match(opener, this.#pieces.length, Math.min(opener.left, 2));
        for (const { piece, left } of this.#marks) piece.text = piece.text.slice(0, left);
    }

    #match(opener: Mark, to: number, width: number): void {
        const style = opener.piece.text.startsWith('~') ? 'struck' : width === 2 ? 'strong' : 'emphasis';
        this.#ranges.push({ style, from: opener.index + 1, to });
        opener.left -= width;
    }

    #spans(): Span[] {
        const changes = new Map<number, { style: Style; by: number }[]>();
        const change = (index: number, style: Style, by: number) => {
            const there = changes.get(index) ?? [];
            there.push({ style, by });
            changes.set(index, there);
        };
        for (const { style, from, to } of this.#ranges) {
            change(from, style, 1);
            change(to, style, -1);
        }
        const depths = { strong: 0, emphasis: 0, struck: 0 };
        const spans: Span[] = [];
        for (const [index, { text, isCode, leadsTo }] of this.#pieces.entries()) {
            for (const { style, by } of changes.get(index) ?? []) if (style !== 'code') depths[style] += by;
            if (text === '') continue;
            const styles: Style[] = (['strong', 'emphasis', 'struck'] as const).filter(style => depths[style] > 0);
            if (isCode) styles.push('code');
            const last = spans.at(-1);
            // Two citations of the same lookup are two things to click on.
            const isSame = last?.leadsTo === leadsTo && typeof leadsTo !== 'number';
            if (last !== undefined && isSame && last.styles.join() === styles.join()) last.text += text;
            else spans.push({ text, styles, leadsTo });
        }
        return spans;
    }
}

function fits(opener: Mark | undefined, closer: Mark): boolean {
    if (opener === undefined || !closer.piece.text.startsWith(opener.piece.text.charAt(0))) return false;
    // "Rule of 3" of CommonMark, for runs that can both open and close.
    if (!opener.canClose && !closer.canOpen) return true;
    return (opener.length + closer.length) % 3 !== 0 || (opener.length % 3 === 0 && closer.length % 3 === 0);
}

/** Without the punctuation of the sentence that an address stands in, and a parenthesis that was opened before it. */
function withoutSentenceEnd(text: string): string {
    let end = text.length;
    let open = (text.match(/\(/g) ?? []).length - (text.match(/\)/g) ?? []).length;
    for (; end > 0; end -= 1) {
        const last = text[end - 1] ?? '';
        if (last === ')' && open < 0) open += 1;
        else if (!".,:;!?'*_~[]".includes(last)) break;
    }
    return text.slice(0, end);
}
