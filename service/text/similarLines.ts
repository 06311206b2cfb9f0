/**
 * Merges log lines that say the same. Of lines that differ only in numbers, addresses and the like, one is kept, with
 * their count; a field that is the same in all of them stays as it is, since it may be their subject.
 */

export type LogLine = {
    /** Who wrote it: a unit or a program. Lines of different writers are never put together. */
    origin: string;
    message: string;
    /** Microseconds since the Unix epoch; null when unknown. */
    time: number | null;
};

export type ReducedLine = {
    origin: string;
    /** The line itself, or what its like have in common: "retry {1…7} of {address} failed". */
    message: string;
    count: number;
    first: number | null;
    last: number | null;
};

type Kind = 'time' | 'id' | 'address' | 'number';

/** In this order, since a later one would take a part of an earlier one. Each begins at the start of a word. */
const fields: readonly [Kind, string][] = [
    ['time', '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?'],
    ['time', '\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?![\\w:])'],
    ['id', '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}'],
    ['address', '(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}(?![\\w:])'],
    ['address', '\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5})?(?![\\w.])'],
    ['address', '[0-9a-fA-F]{1,4}:(?:[0-9a-fA-F]{0,4}:){1,6}[0-9a-fA-F]{1,4}(?![\\w:])'],
    ['id', '0x[0-9a-fA-F]{1,16}'],
    ['id', '(?=[a-fA-F]{0,64}\\d)(?=\\d{0,64}[a-fA-F])[0-9a-fA-F]{7,64}(?![\\w])'],
    ['number', '\\d{1,30}(?:[.,]\\d{1,30})?'],
];
const variable = new RegExp(`(?<![A-Za-z0-9_])(?:${fields.map(([, pattern]) => `(${pattern})`).join('|')})`, 'g');

type Split = { skeleton: string; values: { kind: Kind; text: string }[] };

function split(message: string): Split {
    const values: Split['values'] = [];
    const skeleton = message.replace(variable, (text: string, ...groups: unknown[]) => {
        const index = groups.findIndex(group => group === text);
        const kind = fields[index]?.[0] ?? 'number';
        values.push({ kind, text });
        // A character that safeText lets no log line have.
        return `\u0000${kind}\u0000`;
    });
    return { skeleton, values };
}

type Group = {
    line: LogLine;
    split: Split;
    seen: Set<string>[];
    count: number;
    first: number | null;
    last: number | null;
};

/** How many different values of a field are kept for display; with more, only their number matters. */
const valuesKept = 64;
const addressesShown = 3;

/** In the order in which each kind of line first occurred. The work grows with the length of the lines and no faster. */
export function reduceLines(lines: readonly LogLine[]): ReducedLine[] {
    const groups = new Map<string, Group>();
    for (const line of lines) {
        const parts = split(line.message);
        const key = `${line.origin}\u0000${parts.skeleton}`;
        const group = groups.get(key);
        if (group === undefined) {
            const seen = parts.values.map(({ text }) => new Set([text]));
            groups.set(key, { line, split: parts, seen, count: 1, first: line.time, last: line.time });
            continue;
        }
        group.count += 1;
        for (const [index, { text }] of parts.values.entries()) {
            const seen = group.seen[index];
            if (seen !== undefined && seen.size < valuesKept) seen.add(text);
        }
        group.first = earlier(group.first, line.time, Math.min);
        group.last = earlier(group.last, line.time, Math.max);
    }
    return [...groups.values()].map(group => ({
        origin: group.line.origin,
        message: group.count === 1 ? group.line.message : common(group),
        count: group.count,
        first: group.first,
        last: group.last,
    }));
}

function earlier(a: number | null, b: number | null, choose: (a: number, b: number) => number): number | null {
    return a === null || b === null ? (a ?? b) : choose(a, b);
}

function common({ split: { skeleton }, seen }: Group): string {
    let index = 0;
    // eslint-disable-next-line no-control-regex -- the marks that split() has set
    return skeleton.replace(/\u0000(time|id|address|number)\u0000/g, (_mark, kind: Kind) => {
        const values = [...(seen[index] ?? [])];
        index += 1;
        return values.length === 1 ? (values[0] ?? '') : described(kind, values);
    });
}

/** What numbers range over and which addresses there were may matter; which times and identifiers hardly ever does. */
function described(kind: Kind, values: readonly string[]): string {
    if (kind === 'address' && values.length <= addressesShown) return `{${values.join(', ')}}`;
    if (kind !== 'number' || values.length >= valuesKept) return `{${kind}}`;
    const numbers = values.map(text => Number(text.replace(',', '.')));
    if (numbers.some(number => !Number.isSafeInteger(Math.trunc(number)))) return '{number}';
    return `{${Math.min(...numbers)}…${Math.max(...numbers)}}`;
}
