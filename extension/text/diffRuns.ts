export type DiffRun = { kind: 'place'; line: number } | { kind: 'added' | 'removed' | 'kept'; text: string };

/** `@@ -OLD,COUNT +NEW,COUNT @@`, as service/timeline/difference.ts writes it. */
const place = /^@@ -(?<oldStart>\d+),\d+ \+(?<newStart>\d+),(?<newCount>\d+) @@/;

/**
 * The lines of a unified difference, those of one kind that stand together as one text, and where in the file they are as
 * the number of the first; what begins with the file needs no place.
 */
export function diffRuns(diff: string): DiffRun[] {
    const runs: DiffRun[] = [];
    for (const text of diff.split('\n')) {
        const line = lineOf(text);
        if (line !== null) {
            if (line > 1) runs.push({ kind: 'place', line });
            continue;
        }
        const kind = text.startsWith('+') ? 'added' : text.startsWith('-') ? 'removed' : 'kept';
        const last = runs.at(-1);
        if (last?.kind === kind) last.text += `\n${text}`;
        else runs.push({ kind, text });
    }
    return runs;
}

function lineOf(text: string): number | null {
    const { oldStart, newStart, newCount } = place.exec(text)?.groups ?? {};
    if (oldStart === undefined) return null;
    // A range of no lines begins behind the line before it.
    return Number(newCount === '0' ? oldStart : newStart);
}
