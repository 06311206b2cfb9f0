/** Columns from one tab stop to the next, as terminals have them. */
const stop = 8;

/** The same text with blanks in place of tabs, each line as a terminal would draw it. */
export function expandTabs(text: string): string {
    return text.includes('\t') ? text.split('\n').map(expandLine).join('\n') : text;
}

function expandLine(line: string): string {
    return line
        .split('\t')
        .reduce((drawn, part) => drawn + ' '.repeat(stop - (Array.from(drawn).length % stop)) + part);
}
