import type { Incident, Proposal } from '../remote/model.js';
import { choosePlans, proposalsOf, undoable } from './cards.js';

type Proposals = ReadonlyMap<string, Proposal>;

/**
 * The first fix of each incident, if one approval may stand for them all: all are of one kind, low in risk and reversible, follow
 * from our own rules, and no step is one of two: the first would make the other impossible. None may need a password: the system
 * would ask for it for each of them.
 */
export function jointFix(incidents: readonly Incident[], proposals: Proposals): readonly Proposal[] | null {
    const firsts = incidents.map(incident => choosePlans(incident, proposalsOf(incident, proposals), null).current);
    const members = firsts.filter(proposal => proposal?.state === 'offered') as Proposal[];
    const [first] = members;
    const isSafe = members.every(
        ({ action, risk, reversible, proposedBy, passwords }) =>
            action === first?.action && risk === 'low' && reversible && proposedBy === '' && passwords === 0,
    );
    const steps = members.flatMap(member => member.steps.map(({ description }) => description));
    const isApart = new Set(steps).size === steps.length;
    return isSafe && isApart && members.length > 1 && members.length === incidents.length ? members : null;
}

/** What one undo takes back, the last one first; null if that is one fix or none. */
export function jointUndo(incidents: readonly Incident[], proposals: Proposals): readonly Proposal[] | null {
    const members = incidents
        .flatMap(incident => undoable(proposalsOf(incident, proposals)).slice(0, 1))
        .filter(({ state, undoFirst }) => state === 'applied' && undoFirst.length === 0)
        .sort((a, b) => b.applied - a.applied);
    return members.length > 1 ? members : null;
}
