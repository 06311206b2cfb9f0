import type { Span } from './markdown/spans.js';

const tags: Record<Span['styles'][number], readonly [string, string]> = {
    strong: ['<b>', '</b>'],
    emphasis: ['<i>', '</i>'],
    struck: ['<s>', '</s>'],
    code: ['<tt>', '</tt>'],
    dim: ['<span alpha="70%">', '</span>'],
};

/** Pango markup in which only our own tags are tags. */
export function spanMarkup({ text, styles }: Pick<Span, 'text' | 'styles'>): string {
    return styles.reduceRight((inner, style) => tags[style].join(inner), escapeMarkup(text));
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes for Pango markup, and takes out what its parser rejects. */
export function escapeMarkup(text: string): string {
    return fitForMarkup(text).replace(/[&<>"']/g, character => entities[character] ?? '');
}

/**
 * Without the characters of which one would lose the whole text, since Pango's parser rejects them: control characters but
 * tab and newline, lone surrogates, non-characters. Each becomes one that stands for it.
 */
export function fitForMarkup(text: string): string {
    return text.replace(/[^\P{Cc}\t\n]|\p{Cs}|\p{Noncharacter_Code_Point}/gu, '\uFFFD');
}
