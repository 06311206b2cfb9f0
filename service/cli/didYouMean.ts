/** A hint for what was mistyped, such as "; did you mean timeline?"; empty when nothing known is like it. */
export function didYouMean(given: string, known: readonly string[]): string {
    const typed = given.slice(0, 40);
    // Of a short word, every other would be like it.
    const most = Math.min(3, Math.max(1, Math.floor(typed.replace(/^-+/, '').length / 3)));
    const [nearest] = known
        .map(word => ({ word, steps: distance(typed, word) }))
        .filter(({ steps }) => steps <= most)
        .sort((one, other) => one.steps - other.steps);
    return nearest === undefined ? '' : `; did you mean ${nearest.word}?`;
}

/** How many characters are to be added, dropped, replaced or exchanged with the next one (optimal string alignment). */
function distance(from: string, to: string): number {
    const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
    for (let row = 1; row <= from.length; row++) {
        const current = [row];
        for (let column = 1; column <= to.length; column++) {
            const above = rows[row - 1] ?? [];
            const isSame = from[row - 1] === to[column - 1];
            const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
            const ways = [
                (above[column] ?? 0) + 1,
                (current[column - 1] ?? 0) + 1,
                (above[column - 1] ?? 0) + (isSame ? 0 : 1),
            ];
            if (isSwapped && row > 1) ways.push((rows[row - 2]?.[column - 2] ?? 0) + 1);
            current.push(Math.min(...ways));
        }
        rows.push(current);
    }
    return rows.at(-1)?.at(-1) ?? 0;
}
