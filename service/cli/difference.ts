/** The difference of a file, as a unified difference, on a terminal. */
import { ngettext } from '../i18n/i18n.ts';
import type { Terminal } from './terminal.ts';

/** A list shows what changed; one more command shows how. */
const beginning = 12;

/** Whether a text of several lines, such as the detail of a change, is a difference. */
export function isDifference(text: string): boolean {
    return text.startsWith('@@ ');
}

/** The lines after `indent`, as they are: blanks count in files, so nothing is wrapped. */
export function differenceLines(terminal: Terminal, difference: string, indent: string): string[] {
    return terminal
        .block(difference)
        .split('\n')
        .map(line => `${indent}${styled(terminal, line)}`);
}

/** Only the first lines of a difference, each cut at the terminal's width, and the number of the rest. */
export function differenceBeginning(terminal: Terminal, difference: string, indent: string): string[] {
    const lines = terminal.block(difference).split('\n');
    const left = lines.length - beginning;
    // One more line takes no more space than the note about it.
    const shown = left > 1 ? lines.slice(0, beginning) : lines;
    const width = terminal.width - indent.length;
    const texts = shown.map(line => `${indent}${styled(terminal, terminal.plain(line, width))}`);
    if (left <= 1) return texts;
    const more = ngettext('… and {count} more line', '… and {count} more lines', left);
    return [...texts, `${indent}${terminal.style('dim', more)}`];
}

function styled(terminal: Terminal, line: string): string {
    if (isDifference(line)) return terminal.style('dim', line);
    if (line.startsWith('+')) return terminal.style('good', line);
    return line.startsWith('-') ? terminal.style('bad', line) : line;
}
