/** Changes of packages that are no further apart are one occasion: 10 minutes in microseconds. */
const occasionGap = 600_000_000;

/** Groups changes, newest first, into the times at which somebody or something installed software. */
export function occasionsOf<T extends { time: number }>(changes: readonly T[]): T[][] {
    const groups: T[][] = [];
    for (const change of changes) {
        const group = groups.at(-1);
        const latest = group?.at(-1);
        if (group !== undefined && latest !== undefined && latest.time - change.time <= occasionGap) group.push(change);
        else groups.push([change]);
    }
    return groups;
}
