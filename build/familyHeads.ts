/** Makes the tables that the service looks programs up in, from the heads of the families' rules (service/faults/familyHead.ts). */
import type { FamilyHead } from '../service/faults/familyHead.ts';
import { RuleFileError } from '../service/faults/ruleFile.ts';
import type { RuleDocument } from '../service/faults/ruleFile.ts';

/** The head of a file. */
export type Head = { document: RuleDocument; head: FamilyHead };

const header = '// Generated from the heads of service/faults/*/{rules,head}.yaml by build/familyHeads.ts.\n\n';

/** The worst first: a unit has the first severity that fits, so that a family may have `.*\\.mount` and another `home\\.mount`. */
const levels = ['critical', 'high', 'low'] as const;
const scopes = { systemUnits: 'system', userUnits: 'user', units: null } as const;
const verbosities = ['session', 'loud', 'talkative', 'serving'] as const;

/** Modules by their paths in service/. @throws RuleFileError when two heads claim the same */
export function headModules(heads: readonly Head[]): Map<string, string> {
    const claims = new Claims();
    for (const { document, head } of heads) claims.add(document, claimsOf(head));
    claims.refuse();
    return new Map([
        ['detection/generated/programs.ts', programs(heads)],
        ['faults/generated/severities.ts', severities(heads)],
        ['incidents/generated/explanations.ts', explanations(heads)],
        ['faults/generated/heads.text.ts', tablesOfText(heads)],
    ]);
}

function programs(heads: readonly Head[]): string {
    const all = heads.flatMap(({ head }) => Object.entries(head.programs ?? {}));
    return `${header}/** A function, so that the table can be forgotten once it was used. */
export const programs = () => (${record(all)}) as const;\n`;
}

function severities(heads: readonly Head[]): string {
    const patterns = (level: (typeof levels)[number], key: keyof typeof scopes | 'programs') => {
        const all = heads.flatMap(({ head }) => head.severity?.[level]?.[key] ?? []);
        return all.length === 0
            ? []
            : [`severity: '${level}', pattern: ${String(new RegExp(`^(?:${all.join('|')})$`))}`];
    };
    const ofPrograms = levels.flatMap(level => patterns(level, 'programs').map(fields => `{ ${fields} },\n`));
    const ofUnits = levels.flatMap(level =>
        Object.entries(scopes).flatMap(([key, scope]) =>
            patterns(level, key as keyof typeof scopes).map(
                fields => `{ scope: ${JSON.stringify(scope)}, ${fields} },\n`,
            ),
        ),
    );
    const described = heads.flatMap(({ head }) => Object.entries(head.descriptions ?? {}));
    return `${header}export const programs = [\n${ofPrograms.join('')}] as const;

export const units = [\n${ofUnits.join('')}] as const;

export const descriptions = new Map(Object.entries(${record(described)}));
`;
}

function explanations(heads: readonly Head[]): string {
    const all = heads.flatMap(({ head: { name, explains = [] } }) => explains.map(one => ({ family: name, ...one })));
    return `${header}import type { Explanation } from '../family.ts';

export const explanations: readonly Explanation[] = [\n${all.map(one => `${JSON.stringify(one)},\n`).join('')}];\n`;
}

/** What only text needs, so that the service need not hold it in memory. */
function tablesOfText(heads: readonly Head[]): string {
    const of = <Value>(valueOf: (subsystem: NonNullable<FamilyHead['subsystem']>) => Value | undefined) =>
        heads.flatMap(({ head: { name = '', subsystem } }) => {
            const value = subsystem === undefined ? undefined : valueOf(subsystem);
            return value === undefined ? [] : [[name, value] as const];
        });
    const verbosity = verbosities.map(
        one => [one, heads.flatMap(({ head }) => head.verbosity?.[one] ?? []).join(' ')] as const,
    );
    return `${header}import type { Severity } from '../../model/incident.ts';

/** By family, between spaces. */
export const subsystems: Readonly<Record<string, string>> = ${record(of(({ programs: names }) => names?.join(' ')))};

export const monitors: Readonly<Record<string, string>> = ${record(of(({ monitors: names }) => names?.join(' ')))};

export const severities: Readonly<Record<string, Severity>> = ${record(of(({ severity }) => severity))};

export const verbosity = ${record(verbosity)};
`;
}

type Claim = { name: string; path: readonly PropertyKey[] };

/** What a head says of whom. That programs have the same name is none: a rule may trust one under several of them. */
function claimsOf({
    programs: named = {},
    severity = {},
    descriptions = {},
    subsystem = {},
    verbosity = {},
}: FamilyHead): Claim[] {
    const claims = (path: readonly PropertyKey[], names: Iterable<string> = []) =>
        [...new Set(names)].map(name => ({ name, path }));
    return [
        ...Object.keys(named).map(name => ({ name, path: ['programs', name] })),
        ...levels.flatMap(level =>
            Object.entries(severity[level] ?? {}).flatMap(([key, names]) => claims(['severity', level, key], names)),
        ),
        ...Object.keys(descriptions).map(name => ({ name, path: ['descriptions', name] })),
        ...claims(['subsystem', 'programs'], subsystem.programs),
        ...claims(['subsystem', 'monitors'], subsystem.monitors),
        // The same words may be both `loud` and `serving`.
        ...claims(
            ['verbosity'],
            Object.values(verbosity).flatMap(names => names ?? []),
        ),
    ];
}

/** A second claim is a mistake. */
class Claims {
    readonly #claimed = new Map<string, RuleDocument>();
    readonly #mistakes: string[] = [];

    add(document: RuleDocument, claims: readonly Claim[]): void {
        for (const { name, path } of claims) {
            // One thing has one severity.
            const kind = path[0] === 'severity' ? `severity ${String(path[2])}` : String(path[0]);
            const first = this.#claimed.get(`${kind} ${name}`);
            if (first === undefined) this.#claimed.set(`${kind} ${name}`, document);
            else this.#mistakes.push(document.mistake(path, `${first.file} has ${name}, too`));
        }
    }

    /** @throws RuleFileError */
    refuse(): void {
        if (this.#mistakes.length > 0) throw new RuleFileError(this.#mistakes.join('\n'));
    }
}

function record(entries: readonly (readonly [string, unknown])[]): string {
    return `{\n${entries.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`).join('')}}`;
}
