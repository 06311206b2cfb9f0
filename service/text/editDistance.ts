/**
 * How many letters are to be inserted, left out, changed or swapped with a neighbour to make one word of another (optimal
 * string alignment); more than `limit` is Infinity.
 */
export function editDistance(from: string, to: string, limit = Infinity): number {
    if (Math.abs(from.length - to.length) > limit) return Infinity;
    let beforeLast: number[] = [];
    let last = Array.from({ length: to.length + 1 }, (_value, index) => index);
    for (let i = 1; i <= from.length; i += 1) {
        const row = [i];
        for (let j = 1; j <= to.length; j += 1) {
            const substitution = (last[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
            let distance = Math.min(substitution, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
            if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
                distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
            row.push(distance);
        }
        if (Math.min(...row) > limit) return Infinity;
        beforeLast = last;
        last = row;
    }
    const distance = last[to.length] ?? 0;
    return distance <= limit ? distance : Infinity;
}

export function isNear(one: string, other: string, limit: number): boolean {
    return editDistance(one, other, limit) <= limit;
}
