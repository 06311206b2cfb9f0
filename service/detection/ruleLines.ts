import type { Circumstance, FaultFamily, FaultRule } from './faultRule.ts';
import type { Source } from './programs.ts';
import { anchorOf, LinePattern } from './linePattern.ts';
import type { Overcoming } from './overcome.ts';

/** A line of a rule, compiled for searching. */
export type RuleLine = {
    family: string;
    /** null for lines that are known to be harmless. */
    rule: FaultRule | null;
    from: readonly Source[];
    pattern: LinePattern;
    unless: readonly string[];
    /** The circumstance that it reports, on which other lines depend. */
    indicates: 'start' | Circumstance | null;
    /** The failures that it reports to be over. */
    overcomes: Overcoming | null;
    /** Whether it only matters to the assessment of single lines. */
    isHint: boolean;
    /** Whether its words may be about anything. */
    isGeneric: boolean;
    /** Whether a journal line from anybody counts, since the state is checked before it has any effect. */
    isForAnybody: boolean;
    /** If two lines match, the one with the smaller rank wins. */
    rank: number;
};

/** What the lines of one rule have in common. */
export type OfRule = Omit<RuleLine, 'pattern' | 'rank'>;
type Group = { of: OfRule; lines: readonly string[]; firstRank: number };

/**
 * Every line of the families' rules, by its rank: family by family, and in each the harmless lines first. There are thousands,
 * and a log needs only a few of them, so each is compiled on first use.
 */
export class RuleLines {
    /** The families with failures that lines report to be over. */
    readonly overcome: ReadonlySet<string>;
    readonly #groups: readonly Group[];
    readonly #ready = new Map<number, RuleLine>();

    constructor(families: readonly FaultFamily[]) {
        let firstRank = 0;
        const group = (
            { name: family, isGeneric, rules }: FaultFamily,
            of: Pick<Group, 'lines'> &
                Partial<Pick<FaultRule, 'from' | 'unless'>> &
                Partial<Pick<OfRule, 'indicates' | 'overcomes'>>,
            rule: FaultRule | null,
        ): Group => {
            const { lines, unless = [], indicates = null, overcomes = null } = of;
            const from = typeof of.from === 'string' ? [of.from] : (of.from ?? []);
            const isForAnybody =
                rule === null
                    ? from.includes('anybody') && rules.some(({ needsConfirmation }) => needsConfirmation)
                    : rule.needsConfirmation === true;
            firstRank += lines.length;
            return {
                of: {
                    family,
                    rule,
                    from,
                    unless,
                    indicates,
                    overcomes,
                    isHint: rule?.isHint ?? false,
                    isGeneric: isGeneric === true,
                    isForAnybody,
                },
                lines,
                firstRank: firstRank - lines.length,
            };
        };
        this.#groups = families.flatMap(family => [
            ...family.harmless.map(known => group(family, known, null)),
            ...family.rules.map(rule => group(family, rule, rule)),
        ]);
        this.overcome = new Set(
            families.flatMap(({ harmless }) => harmless.flatMap(({ overcomes }) => overcomes?.families ?? [])),
        );
    }

    /** The literal of each line whose rule is wanted, with the line's rank. */
    *anchors(isWanted: (of: OfRule) => boolean): Generator<readonly [string, number]> {
        for (const { of, lines, firstRank } of this.#groups) {
            if (!isWanted(of)) continue;
            for (const [index, line] of lines.entries()) yield [anchorOf(line), firstRank + index];
        }
    }

    /** @throws RangeError */
    get(rank: number): RuleLine {
        const ready = this.#ready.get(rank);
        if (ready !== undefined) return ready;
        const group = this.#groups.findLast(({ firstRank }) => firstRank <= rank);
        const source = group?.lines[rank - group.firstRank];
        if (group === undefined || source === undefined) throw new RangeError(`no rule has a line ${rank}`);
        const line = { ...group.of, pattern: new LinePattern(source), rank };
        this.#ready.set(rank, line);
        return line;
    }
}
