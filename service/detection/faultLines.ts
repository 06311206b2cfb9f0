import type { Circumstance, FaultFamily, FaultRule } from './fault.ts';
import type { Source } from './programs.ts';
import { anchorOf, Template } from './template.ts';

/** A line of a rule, ready to be looked for. */
export type FaultLine = {
    family: string;
    /** null for lines that are known to be harmless. */
    rule: FaultRule | null;
    from: readonly Source[];
    template: Template;
    unless: readonly string[];
    /** What it tells of that other lines depend on. */
    tells: 'start' | Circumstance | null;
    /** Whether it only matters to the judgement of single lines. */
    isHint: boolean;
    /** Of two lines that fit, the one with the smaller rank holds. */
    rank: number;
};

type Group = Omit<FaultLine, 'template' | 'rank'> & { lines: readonly string[]; firstRank: number };

/**
 * Every line of the families' rules, by its rank: family by family, and in each first what is harmless. There are thousands,
 * few of which a log ever comes near, so each is made ready when it is first asked for.
 */
export class FaultLines {
    readonly #groups: readonly Group[];
    readonly #ready = new Map<number, FaultLine>();

    constructor(families: readonly FaultFamily[]) {
        let firstRank = 0;
        const group = (
            family: string,
            of: Pick<Group, 'lines'> & Partial<FaultRule> & Partial<Pick<Group, 'tells'>>,
            rule: FaultRule | null,
        ): Group => {
            const from = typeof of.from === 'string' ? [of.from] : (of.from ?? []);
            const { unless = [], tells = null } = of;
            const made = { family, rule, from, unless, tells, isHint: rule?.isHint ?? false };
            firstRank += of.lines.length;
            return { ...made, lines: of.lines, firstRank: firstRank - of.lines.length };
        };
        this.#groups = families.flatMap(({ name, rules, harmless = [] }) => [
            ...harmless.map(known => group(name, known, null)),
            ...rules.map(rule => group(name, rule, rule)),
        ]);
    }

    /** The literal of each line whose rule is wanted, with the line's rank. */
    *anchors(
        isWanted: (rule: Pick<FaultLine, 'from' | 'isHint' | 'rule'>) => boolean,
    ): Generator<readonly [string, number]> {
        for (const group of this.#groups) {
            if (!isWanted(group)) continue;
            for (const [index, line] of group.lines.entries()) yield [anchorOf(line), group.firstRank + index];
        }
    }

    /** @throws RangeError */
    get(rank: number): FaultLine {
        const ready = this.#ready.get(rank);
        if (ready !== undefined) return ready;
        const group = this.#groups.findLast(({ firstRank }) => firstRank <= rank);
        const source = group?.lines[rank - group.firstRank];
        if (group === undefined || source === undefined) throw new RangeError(`no rule has a line ${rank}`);
        const { family, rule, from, unless, tells, isHint } = group;
        const line = { family, rule, from, unless, tells, isHint, template: new Template(source), rank };
        this.#ready.set(rank, line);
        return line;
    }
}
