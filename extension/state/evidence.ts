import type { Evidence, Incident } from '../remote/model.js';

/** A piece of evidence, and how often the same was seen; its time is the first. */
export type SeenEvidence = Evidence & { readonly times: number };

/** The changes before the fault, the latest first; and everything else, in order. */
export function sortEvidence(evidence: readonly Evidence[]): { changes: Evidence[]; others: Evidence[] } {
    const changes = evidence.filter(({ source }) => source === 'timeline');
    const others = evidence.filter(({ source }) => source !== 'timeline');
    return { changes: changes.reverse(), others };
}

/** Microseconds: an older change was not just before. */
const shortly = 3_600_000_000;

/** @param changes the latest first */
export function isJustBefore([latest]: readonly Evidence[], { began }: Pick<Incident, 'began'>): boolean {
    return began - (latest?.time ?? 0) < shortly;
}

/** Repeated attempts log the same lines each time: one copy is enough to read. */
export function foldEvidence(evidence: readonly Evidence[]): SeenEvidence[] {
    const seen = new Map<string, SeenEvidence>();
    for (const piece of evidence) {
        const key = JSON.stringify([piece.source, piece.origin, piece.message]);
        const first = seen.get(key) ?? { ...piece, times: 0 };
        seen.set(key, { ...first, times: first.times + 1 });
    }
    return [...seen.values()];
}
