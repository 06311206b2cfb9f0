import type { Proposal, RequestResult, Step } from '../remote/model.js';

/** What fits below the cause in an expanded banner, which shows six lines of about 60 characters (js/ui/messageList.js). */
const longestChange = 140;
/** More would be a list, and no line. */
const mostSteps = 2;

/**
 * What a banner says of a fix, and whether one click on it may apply the fix. Nothing is changed that was not shown, and a
 * banner shows one line: it offers only what is low in risk, can be undone, follows from our own rules, and is said in full by
 * the words of its steps. The change to the content of a file is more than those say; such a plan is for the card.
 */
export type BannerFix = { readonly words: readonly string[]; readonly isAtOnce: boolean };

export function bannerFix(proposal: Proposal | null): BannerFix | null {
    if (proposal === null) return null;
    const { risk, reversible, proposedBy, steps, title } = proposal;
    const words = steps.map(({ description }) => description);
    const isAtOnce =
        risk === 'low' &&
        reversible &&
        proposedBy === '' &&
        steps.length > 0 &&
        steps.length <= mostSteps &&
        words.join(' ').length <= longestChange &&
        steps.every(isSaidInFull);
    return { words: isAtOnce ? words : [title], isAtOnce };
}

/**
 * Whether one click in a notification may undo a fix: what its words say in full, where the order does not matter.
 *
 * @param shown the proposal whose undo the words named
 */
export function mayUndoAtOnce(now: Proposal, shown = now): boolean {
    const { state, undoFirst, undoSteps } = now;
    const isShown = now.undoText === shown.undoText && JSON.stringify(undoSteps) === JSON.stringify(shown.undoSteps);
    return isShown && state === 'applied' && undoFirst.length === 0 && undoSteps.every(isSaidInFull);
}

/**
 * Whether one click may ask for the password again that was missed. It approves the very plan that was approved a moment ago; what
 * has to be typed to be approved is for the card.
 *
 * @param now the proposal as it is since then
 */
export function mayTryAgain(
    { kind, proposal }: { kind: 'apply' | 'finish' | 'undo'; proposal: Proposal },
    { outcome, stepsDone }: Pick<RequestResult, 'outcome' | 'stepsDone'>,
    now: Proposal,
): boolean {
    if ((outcome !== 'refused' && outcome !== 'cancelled') || stepsDone > 0) return false;
    switch (kind) {
        case 'apply':
            return now.state === 'offered' && now.digest === proposal.digest && now.risk !== 'high';
        case 'finish':
            return now.state === 'partial' && now.finishDigest === proposal.finishDigest && now.risk !== 'high';
        case 'undo':
            return now.digest === proposal.digest && mayUndoAtOnce(now, proposal);
    }
}

/** One call or program is what its words say; a difference, and several programs in order, have to be read. */
function isSaidInFull({ description, diff, commands }: Step): boolean {
    return description !== '' && diff === '' && commands.length === 0;
}
