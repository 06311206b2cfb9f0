import type { Finding } from '../model/incident.ts';

/** What incidents need to know about a family of faults. */
export type IncidentFamily<Kind extends string = string> = {
    readonly name: string;
    /** Its subjects are units. What a unit's own processes say, and the failure of that unit, are one fault. One family has it. */
    readonly hasUnits?: true;
    /** Kinds that a mistake in a file read by the subject explains, no matter how long ago it was made. */
    readonly ofMistakes?: readonly Kind[];
    /**
     * The kind that is the crash of one process. Each crash is a timeline entry. The kernel's report does not yet say whose
     * process it was; the dump does, a moment later.
     */
    readonly crash?: Kind;
    /** The cause of such a finding, if the lines that were kept of the log explain it better. The family with units may have it. */
    causeFromLog?(finding: Reported): string;
};

/** What a family's faults explain, as `explains` in the head of its rules has it: service/faults/familyHead.ts. */
export type Explanation = {
    readonly family: string;
    readonly kinds?: readonly string[];
    readonly subjects?: readonly string[];
    readonly faults?: readonly string[];
    readonly about: 'device' | 'subject' | 'named' | 'program' | 'settings' | 'files' | 'anything';
    readonly words?: readonly string[];
    readonly within?: number;
    readonly onlyInText?: true;
};

type Reported = Pick<Finding, 'kind' | 'cause' | 'evidence'>;

/** What the placement of a finding needs to know about the family whose subjects are units. */
export type UnitFaults = {
    unitFamily: string;
    /** Kinds in it that a mistake in a file read by a unit explains, no matter how long ago it was made. */
    ofMistakes: ReadonlySet<string>;
    causeOf: (finding: Reported & Pick<Finding, 'family'>) => string;
};

export function unitsOf(families: readonly IncidentFamily[]): UnitFaults {
    const family = families.find(({ hasUnits }) => hasUnits);
    return {
        unitFamily: family?.name ?? '',
        ofMistakes: new Set(family?.ofMistakes),
        causeOf: finding =>
            finding.family === family?.name ? (family.causeFromLog?.(finding) ?? finding.cause) : finding.cause,
    };
}
