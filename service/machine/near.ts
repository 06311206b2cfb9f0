/** Whether one word becomes the other by at most `limit` letters inserted, left out, changed or swapped with a neighbour. */
export function isNear(a: string, b: string, limit: number): boolean {
    if (Math.abs(a.length - b.length) > limit) return false;
    let beforeLast: number[] = [];
    let last = Array.from({ length: b.length + 1 }, (_value, index) => index);
    for (let i = 1; i <= a.length; i += 1) {
        const row = [i];
        for (let j = 1; j <= b.length; j += 1) {
            const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            let distance = Math.min(substitution, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
            if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
                distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
            row.push(distance);
        }
        if (Math.min(...row) > limit) return false;
        beforeLast = last;
        last = row;
    }
    return (last[b.length] ?? limit + 1) <= limit;
}
