/** The words of a question that are worth looking for. */

/** What questions and instructions are made of, whatever they are about. */
const empty = new Set(
    (
        'a an and any are as at be been being but by can could do does did doing each for from get give given had has have having how i if in into is it ' +
        'its let me my need no of on once one only or our out please should so some such than that the their them then there these this those ' +
        'to up using use used via want was way we were what when where which while who why will with within without would you your ' +
        'tell show explain mean means meaning work works'
    ).split(' '),
);
/** As many as count. A question that is longer is cut. */
const most = 24;

/** Words of letters and digits, each once, in order; “chmod 755”, “-x” without its dash, “systemd-resolved” as two words. */
export function wordsOf(text: string): string[] {
    const all = text
        .slice(0, 2000)
        .toLowerCase()
        .normalize('NFC')
        .match(/[\p{Letter}\p{Mark}\p{Number}]+/gu);
    const words = [...new Set(all ?? [])].map(word => word.slice(0, 60));
    const carrying = words.filter(word => !empty.has(word) && (word.length > 1 || /\P{ASCII}/u.test(word)));
    return (carrying.length > 0 ? carrying : words).slice(0, most);
}

/** Any of the words, as a query of SQLite’s FTS5; quoted, so that nothing in them is syntax. */
export const anyOf = (words: readonly string[]) => words.map(word => `"${word}"`).join(' OR ');
