/**
 * Answers are plain text with light Markdown: lists, `code`, **strong**. Text from the system must never act as
 * Markdown: nothing that a log says may become something to click on. It passes through one of these functions, after
 * `safeText`. Active characters are replaced by inert ones of the same shape: readers of Markdown differ in whether
 * they know escapes, and a terminal or a script would show them.
 */

/** A name, path or line from the system, as code. */
export function code(text: string): string {
    return `\`${text.replaceAll('`', 'ˋ')}\``;
}

/**
 * Text from the system inside a sentence, in one line. What begins a link, a tag or a citation is taken apart by a space; an
 * address becomes code, which no reader makes a link of; what would begin a block at the start of a line stands before a space
 * that no reader takes for one.
 */
export function plain(text: string): string {
    return text
        .replaceAll('`', 'ˋ')
        .replaceAll('*', '∗')
        .replaceAll('~~', '∼∼')
        .replaceAll('](', '] (')
        .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\u02cd')
        .replace(/(?<![\p{L}\p{N}])\[(?=(?:\d{1,2}|[ x])\])/giu, '[ ')
        .replace(/<(?=[a-z/!?])/gi, '< ')
        .replace(/^>/, '›')
        .replace(/^-(?=[- ]*$)/, '‐')
        .replace(/^(#{1,6}|[-+•]|\d{1,9}[.)]) /, '$1\u00a0')
        .replace(/[a-z][a-z\d+.-]{0,31}:\/\/\S*/gi, code);
}

export function strong(text: string): string {
    return `**${text}**`;
}

/** One item of a list, with its line break. */
export function item(text: string): string {
    return `- ${text}\n`;
}
