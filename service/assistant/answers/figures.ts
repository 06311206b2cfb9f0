// What answers draw.
import { _ } from '../../i18n/i18n.ts';
import type { Bars, Line } from '../../model/figure.ts';
import type { Usage } from '../../usage/reading.ts';
import type { Question } from '../answer.ts';

const points = 48;
const shortestStep = 300_000_000;

/**
 * A line of what was measured from `since` to `until`, in microseconds since the Unix epoch; null where that is less than two points.
 *
 * @param of a share from 0 to 1; in each step the highest counts, which is what people look for
 */
export function lineOf(
    { format }: Question,
    all: readonly Usage[],
    { title, text, since, until }: Pick<Line, 'title' | 'text'> & { since: number; until: number },
    of: (one: Usage) => number | null,
): Line | null {
    const step = Math.max(shortestStep, (until - since) / points);
    const count = Math.max(1, Math.ceil((until - since) / step));
    const shares = Array.from({ length: count }, (): number | null => null);
    for (const one of all) {
        const value = of(one);
        if (value === null) continue;
        const first = Math.max(0, Math.floor((one.start - since) / step));
        const last = Math.min(count - 1, Math.floor((one.start + one.seconds * 1_000_000 - 1 - since) / step));
        for (let index = first; index <= last; index += 1) shares[index] = Math.max(shares[index] ?? 0, value);
    }
    if (shares.filter(share => share !== null).length < 2) return null;
    return { kind: 'line', title, text, shares, begin: format.absolute(since), end: format.absolute(until) };
}

export function barsOf(title: string, bars: Bars['bars']): Bars {
    const text = bars.map(({ label, text: words }) => _('{name}: {size}', { name: label, size: words })).join('; ');
    return { kind: 'bars', title, text, bars };
}
