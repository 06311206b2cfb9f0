/**
 * Answers are plain text with light Markdown: lists, `code`, **strong**. Text from the system must not be read as such; it
 * goes through one of these, after `safeText`. Characters that would act are replaced by ones that look alike and do not:
 * readers of light Markdown differ in whether they know escapes, and a terminal or a script would show them.
 */

/** A name, path or line from the system, as code. */
export function code(text: string): string {
    return `\`${text.replaceAll('`', 'ˋ')}\``;
}

/** Text from the system inside a sentence. What begins a link or a tag in full Markdown is taken apart by a space. */
export function plain(text: string): string {
    return text
        .replaceAll('`', 'ˋ')
        .replaceAll('*', '∗')
        .replaceAll('](', '] (')
        .replace(/<(?=[a-z/!?])/gi, '< ');
}

export function strong(text: string): string {
    return `**${text}**`;
}

/** One item of a list, with its line break. */
export function item(text: string): string {
    return `- ${text}\n`;
}
