/** What incidents have to know of a family of faults. */
export type IncidentFamily = {
    readonly name: string;
    /** Its subjects are units. What a unit's own processes say, and the failure of that unit, are one fault. One family has it. */
    readonly hasUnits?: true;
    /**
     * The kind that is the crash of one process. Each crash is an entry of the timeline. What the kernel reports of it does not yet
     * say whose process it was; the dump does, a moment later.
     */
    readonly crash?: string;
};

/** The name of the family whose subjects are units. */
export function unitFamilyOf(families: readonly IncidentFamily[]): string {
    return families.find(({ hasUnits }) => hasUnits)?.name ?? '';
}
