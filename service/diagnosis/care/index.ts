import type { Care, FamilyCare } from './care.ts';
import { hardwareCare } from './hardware.ts';
import { networkCare } from './network.ts';
import { programCare } from './programs.ts';
import { storageCare } from './storage.ts';
import { systemCare } from './system.ts';

/** What is done about each family of faults that the log tells of. */
export const cares: ReadonlyMap<string, FamilyCare> = new Map(
    [storageCare, networkCare, hardwareCare, programCare, systemCare].flat().map(care => [care.family, care]),
);

/** What is done about a kind of fault; null for a family that has a playbook of its own. */
export function careFor({ family, kind }: { family: string; kind: string }): Care | null {
    const care = cares.get(family);
    return care === undefined ? null : (care.kinds?.[kind] ?? care.others);
}
