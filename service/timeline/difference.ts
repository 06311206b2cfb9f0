import { _, ngettext } from '../i18n/i18n.ts';
import { nameInvisible } from '../text/sanitise.ts';

/** More lines than this between two texts are not worth showing, and finding them takes too long. */
const longestEdit = 2000;
const linesLimit = 200;

/**
 * What is different between two texts, as diff(1) -u has it but without its head; empty when nothing is. Null stands
 * for a file that was not there. Characters that do not show are named; bytes that are not UTF-8 show as U+FFFD, so
 * lines that read the same may still differ.
 */
export async function difference(before: Buffer | null, after: Buffer | null): Promise<string> {
    // Only edits need it: it stays out of the memory of a service that has seen none.
    const { structuredPatch } = await import('diff');
    const options = { context: 2, maxEditLength: longestEdit };
    const text = (contents: Buffer | null) => contents?.toString('utf8') ?? '';
    const patch = structuredPatch('', '', text(before), text(after), '', '', options);
    if (patch === undefined) return _('There are too many differences to show.');
    // As in diff(1), a range of no lines begins behind the line before it.
    const range = (start: number, count: number) => `${count === 0 ? start - 1 : start},${count}`;
    const lines = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: hunk }) => [
        `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
        ...hunk,
    ]);
    const shown = nameInvisible(lines.slice(0, linesLimit).join('\n'));
    const left = lines.length - linesLimit;
    if (left <= 0) return shown;
    return `${shown}\n${ngettext('… and {count} more line', '… and {count} more lines', left)}`;
}
