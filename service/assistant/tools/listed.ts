import type { Format } from '../../i18n/format.ts';
import { _ } from '../../i18n/i18n.ts';
import { item } from '../markup.ts';

/** For people: an item for each of `rows`, at most `shown`, and how many more there are. */
export function* listed<Row>(
    rows: readonly Row[],
    shown: number,
    format: Format,
    describe: (row: Row) => string,
): Iterable<string> {
    for (const row of rows.slice(0, shown)) yield item(describe(row));
    if (rows.length > shown) yield item(_('and {count} more', { count: format.number(rows.length - shown) }));
}
