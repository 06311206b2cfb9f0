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
};

/** What the placement of a finding needs to know about the family whose subjects are units. */
export function unitsOf(families: readonly IncidentFamily[]): { unitFamily: string; ofMistakes: ReadonlySet<string> } {
    const family = families.find(({ hasUnits }) => hasUnits);
    return { unitFamily: family?.name ?? '', ofMistakes: new Set(family?.ofMistakes) };
}
