import type { Incident, Proposal } from '../remote/model.js';

const weight = { critical: 3, high: 2, medium: 1, low: 0 } as const;

export const isOpen = ({ state }: Incident): boolean => state === 'open' || state === 'fixing';

/**
 * The incidents that get a card, in an order that does not jump while somebody reads: worst first, then newest first.
 * One that has closed keeps its card while it is in `kept`, so that its end, and the way back, can be seen; also after the
 * service has forgotten it, which keeps few.
 */
export function cardOrder(incidents: readonly Incident[], kept: ReadonlyMap<string, Incident>): Incident[] {
    const known = new Set(incidents.map(({ path }) => path));
    const forgotten = [...kept.values()].filter(({ path }) => !known.has(path));
    return [...incidents.filter(incident => isOpen(incident) || kept.has(incident.path)), ...forgotten].sort(
        (a, b) => weight[b.severity] - weight[a.severity] || b.id - a.id,
    );
}

/**
 * Whether the end of an incident deserves its place: a fix was applied, or it ends before the user's eyes. One that
 * came and went by itself unseen needs nobody's attention; the timeline has it.
 */
export function isEndToBeSeen(incident: Incident, proposals: readonly Proposal[], isPopoverOpen: boolean): boolean {
    const { state } = incident;
    if (state === 'fixed') return true;
    return (
        (state === 'recovered' || state === 'removed') && (isPopoverOpen || isTried(proposals) || hasFollowed(incident))
    );
}

/** Whether a fix was tried, so that the incident did not end by itself. */
export function isTried(proposals: readonly Proposal[]): boolean {
    return proposals.some(({ state }) => running.has(state) || settled.has(state));
}

/** Whether a person has done a step, apart from the last, which is the end of the fault itself. */
export function hasFollowed({ steps }: Incident): boolean {
    return steps.slice(0, -1).some(({ isSeen }) => isSeen);
}

/** Whether the title calls a unit by its description, so that its name is to be shown, too. */
export function isNamedOtherwise({ family, title, subject }: Incident): boolean {
    return family === 'unit' && !title.includes(subject);
}

/** Best first. */
export function proposalsOf({ proposals }: Incident, all: ReadonlyMap<string, Proposal>): Proposal[] {
    return proposals.map(path => all.get(path)).filter(proposal => proposal !== undefined);
}

/** Which proposals a card shows: `current` large, `alternatives` as further choices, `past` as what came of earlier ones. */
export type PlanChoice = { current: Proposal | null; alternatives: Proposal[]; past: Proposal[] };

const running = new Set(['applying', 'undoing']);
const settled = new Set(['applied', 'partial', 'failed', 'undoing', 'undone']);

/**
 * @param proposals those of the incident, best first; they are kept after it has closed, but no longer accepted
 * @param chosen path of the alternative that the user picked, if any
 * @param finishing path of the one whose rest is being done here, if any: it stays where that was asked for, and nothing else
 * can begin meanwhile
 */
export function choosePlans(
    incident: Incident,
    proposals: readonly Proposal[],
    chosen: string | null,
    finishing?: string,
): PlanChoice {
    const isOffering = isOpen(incident) && finishing === undefined;
    const offered = isOffering ? proposals.filter(({ state }) => state === 'offered') : [];
    const current =
        proposals.find(({ state, path }) => state === 'applying' && path !== finishing) ??
        offered.find(({ path }) => path === chosen) ??
        offered[0] ??
        null;
    return {
        current,
        alternatives: offered.filter(proposal => proposal !== current),
        past: proposals.filter(({ state, path }) => settled.has(state) || path === finishing),
    };
}

/** Those of `past` that can be undone or are being undone, what must be undone first before the others. */
export function undoable(past: readonly Proposal[]): Proposal[] {
    return past
        .filter(({ state, undoSteps }) => undoSteps.length > 0 && ['applied', 'partial', 'undoing'].includes(state))
        .sort((a, b) => b.applied - a.applied);
}

/** Those of `past` that can still be finished, also once what failed first works again, or are being finished. */
export function finishable(past: readonly Proposal[], finishing?: string): Proposal[] {
    return past.filter(({ finishDigest, path }) => finishDigest !== '' || path === finishing);
}

/** Whether a proposal is for a task, and not for an incident. */
export function isOfTask({ incident }: Proposal): boolean {
    return incident === '/';
}

/**
 * Whether a proposal still waits for the user, or is being carried out.
 *
 * @param incident null for one of a task
 */
export function isAwaited(incident: Incident | null, { state }: Proposal): boolean {
    return running.has(state) || ((incident === null || isOpen(incident)) && state === 'offered');
}
