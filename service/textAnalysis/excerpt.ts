/** A boot alone logs more lines. */
const fewLines = 100;
const shareOfExcerpts = 0.25;

/**
 * Whether somebody took these lines out of a log. People take those about a fault, so that signs count there. Of a whole log, few
 * lines are about a fault, and a sign mostly leads to nothing.
 *
 * @param reports how many of the lines sound like a fault; a program that says the same again and again counts once
 */
export function isExcerpt(reports: number, lines: number): boolean {
    return lines < fewLines || reports >= shareOfExcerpts * lines;
}
