/** Columns from one tab stop to the next, as terminals have them. */
const stop = 8;

/** The same text with blanks in place of tabs, each line as a terminal would draw it. */
export function expandTabs(text: string): string {
    return text.includes('\t') ? text.split('\n').map(expandLine).join('\n') : text;
}

function expandLine(line: string): string {
    let drawn = '';
    let column = 0;
    for (const [index, part] of line.split('\t').entries()) {
        const blanks = index === 0 ? 0 : stop - (column % stop);
        drawn += ' '.repeat(blanks) + part;
        column += blanks + Array.from(part).length;
    }
    return drawn;
}
