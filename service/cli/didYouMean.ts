import { editDistance } from '../text/editDistance.ts';

/** A hint for a typo, such as "; did you mean timeline?"; empty without a similar word. */
export function didYouMean(given: string, known: readonly string[]): string {
    const typed = given.slice(0, 40);
    // Of a short word, every other would be like it.
    const most = Math.min(3, Math.max(1, Math.floor(typed.replace(/^-+/, '').length / 3)));
    const [nearest] = known
        .map(word => ({ word, steps: editDistance(typed, word, most) }))
        .filter(({ steps }) => steps <= most)
        .sort((one, other) => one.steps - other.steps);
    return nearest === undefined ? '' : `; did you mean ${nearest.word}?`;
}
