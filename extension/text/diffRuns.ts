export type DiffRun = { kind: 'place' | 'added' | 'removed' | 'kept'; text: string };

/** The lines of a unified difference, those of one kind that stand together as one text. */
export function diffRuns(diff: string): DiffRun[] {
    const runs: DiffRun[] = [];
    for (const line of diff.split('\n')) {
        const kind = kindOf(line);
        const last = runs.at(-1);
        if (last?.kind === kind) last.text += `\n${line}`;
        else runs.push({ kind, text: line });
    }
    return runs;
}

function kindOf(line: string): DiffRun['kind'] {
    if (line.startsWith('@@ ')) return 'place';
    if (line.startsWith('+')) return 'added';
    return line.startsWith('-') ? 'removed' : 'kept';
}
