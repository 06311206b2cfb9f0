/** LEFT-TO-RIGHT MARK: has a direction, and is not drawn. */
const mark = '\u200e';

/**
 * Marks the lines that have no letters as running from left to right. Where people write from right to left, such a line
 * would be drawn that way as well, "[ 3% ]" as "[ %3 ]"; a line with letters has the direction of its first one (the
 * Unicode Bidirectional Algorithm, rules P2 and P3).
 */
export function leftToRight(text: string): string {
    return text.replaceAll(/^(?=[^\p{L}\n]+$)/gmu, mark);
}

/** Keeps an address or a path running from left to right within text that runs the other way; neither mark is drawn. */
export function isolated(text: string): string {
    return `\u2066${text}\u2069`;
}

/** RIGHT-TO-LEFT MARK. */
const markRightToLeft = '\u200f';

/**
 * Marks the lines that begin with a name kept apart as running from right to left, for a person who reads so. Pango gives such a
 * line the direction of that name; the Unicode Bidirectional Algorithm would leave it out (rule P2).
 */
export function rightToLeft(text: string): string {
    return text.replaceAll(/^(?=[\u2066\u2068])/gm, markRightToLeft);
}
