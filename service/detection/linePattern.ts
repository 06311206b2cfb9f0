import { _ } from '../i18n/i18n.ts';
import { likelihoodOf } from './likelihood.ts';
import { gram } from './literalFilings.ts';

/** The values of a pattern's placeholders in a message. */
export type Captures = Readonly<Record<string, string>>;

type Field = { name: string; kind: 'word' | 'number' | 'text' };

const wordLimit = 255;
/** How often the first literal is searched for again when what follows it does not match. */
const tries = 4;
const numeric = /^[+-]?(?:0x)?[0-9a-f]+(?:\.\d+)?$/;

/**
 * A message as its writer's format string has it, with placeholders: `EXT4-fs error (device {device}): {detail:text}`.
 *
 * `{name}` stands for one word without spaces, `{name:number}` for a decimal or hexadecimal number, `{name:text}` for anything,
 * `{}` for anything that is not needed. `^` in front means that the message begins so; otherwise the text may occur anywhere in
 * it. The case of ASCII letters does not matter.
 *
 * A placeholder takes everything up to the next literal and never backtracks, so the work is linear in the length of any
 * message.
 */
export class LinePattern {
    readonly #fromStart: boolean;
    /** Matched in turn: a field, then the literal that ends it. */
    readonly #leading: Field | null;
    readonly #first: string;
    readonly #rest: { field: Field; literal: string }[] = [];
    readonly hasOneLiteral: boolean;

    constructor(source: string) {
        this.#fromStart = source.startsWith('^');
        const pieces = split(source);
        const literals = pieces.filter((_piece, index) => index % 2 === 0).map(foldCase);
        const fields = pieces.filter((_piece, index) => index % 2 === 1).map(parseField);
        const hasLeading = literals[0] === '';
        this.#leading = hasLeading ? (fields.shift() ?? null) : null;
        if (hasLeading) literals.shift();
        this.#first = literals[0] ?? '';
        for (const [index, field] of fields.entries()) this.#rest.push({ field, literal: literals[index + 1] ?? '' });
        this.hasOneLiteral = this.#rest.every(({ literal }) => literal === '');
        if (this.#first === '') throw new Error(`the pattern has no literal to look for: ${source}`);
    }

    /** Whether a text has the literals in this order; only then can a part of it match. */
    mayMatchIn(folded: string): boolean {
        let position = folded.indexOf(this.#first);
        for (const { literal } of this.#rest) {
            if (position < 0) return false;
            position = folded.indexOf(literal, position);
        }
        return position >= 0;
    }

    /** @param folded the message with its letters in lower case, as `foldCase` makes it */
    match(message: string, folded: string): Captures | null {
        let at = this.#fromStart && this.#leading === null ? 0 : folded.indexOf(this.#first);
        if (this.#fromStart && this.#leading === null && !folded.startsWith(this.#first)) return null;
        for (let attempt = 0; at >= 0 && attempt < tries; attempt++) {
            const captures = this.#matchAt(message, folded, at);
            if (captures !== null) return captures;
            if (this.#fromStart) return null;
            at = folded.indexOf(this.#first, at + 1);
        }
        return null;
    }

    #matchAt(message: string, folded: string, at: number): Captures | null {
        const captures: Record<string, string> = {};
        if (this.#leading !== null) {
            const from = this.#leading.kind === 'text' || this.#fromStart ? 0 : wordStart(folded, at);
            if (!take(captures, this.#leading, message, folded, from, at)) return null;
        }
        let position = at + this.#first.length;
        for (const { field, literal } of this.#rest) {
            const end = literal === '' ? endOf(field, folded, position) : folded.indexOf(literal, position);
            if (end < 0 || !take(captures, field, message, folded, position, end)) return null;
            position = end + literal.length;
        }
        return captures;
    }
}

/** The rarest literal of a pattern, in lower case: it occurs in every message that matches. */
export function anchorOf(source: string): string {
    let rarest = '';
    let least = Infinity;
    for (const [index, piece] of split(source).entries()) {
        const isLiteral = index % 2 === 0;
        if (!isLiteral || piece.length < gram) continue;
        const literal = foldCase(piece);
        const likelihood = likelihoodOf(literal);
        if (likelihood < least) [rarest, least] = [literal, likelihood];
    }
    return rarest;
}

/** Literals and placeholders, in turn. */
function split(source: string): string[] {
    return source.slice(source.startsWith('^') ? 1 : 0).split(/\{((?:[a-zA-Z]+(?::[a-z]+)?)?)\}/);
}

/** The text with its ASCII letters in lower case, of the same length. */
export function foldCase(text: string): string {
    const lower = text.toLowerCase();
    return lower.length === text.length ? lower : text.replace(/[A-Z]/g, letter => letter.toLowerCase());
}

function parseField(text: string): Field {
    if (text === '') return { name: '', kind: 'text' };
    const [name = '', kind = 'word'] = text.split(':');
    if (kind !== 'word' && kind !== 'number' && kind !== 'text')
        throw new Error(_('unknown kind of placeholder: {kind}', { kind }));
    return { name, kind };
}

function take(
    captures: Record<string, string>,
    { name, kind }: Field,
    message: string,
    folded: string,
    start: number,
    end: number,
): boolean {
    const length = end - start;
    if (kind !== 'text') {
        if (length <= 0 || length > wordLimit) return false;
        for (let position = start; position < end; position++) if (folded.charCodeAt(position) <= 0x20) return false;
        if (kind === 'number' && !numeric.test(folded.slice(start, end))) return false;
    }
    if (name !== '') captures[name] = message.slice(start, end);
    return true;
}

function wordStart(text: string, end: number): number {
    let start = end;
    while (start > 0 && end - start <= wordLimit && text.charCodeAt(start - 1) > 0x20) start--;
    return start;
}

/** Where a field ends that no literal follows. */
function endOf({ kind }: Field, text: string, start: number): number {
    if (kind === 'text') return text.length;
    let end = start;
    const isPart = kind === 'number' ? /[0-9a-fx.+-]/ : /[^\s,;)\]"']/;
    while (end < text.length && end - start <= wordLimit && isPart.test(text.charAt(end))) end++;
    while (end > start && /[.:]/.test(text.charAt(end - 1))) end--;
    return end;
}
