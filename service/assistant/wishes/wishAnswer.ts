import type { ProposedFix } from '../../actions/action.ts';
import type { Actions } from '../../actions/actions.ts';
import { several } from '../../actions/several.ts';
import type { Surroundings } from '../../actions/surroundings.ts';
import type { Proposals } from '../../approval/proposals.ts';
import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import type { Plan, Proposal } from '../../model/proposal.ts';
import { safeText } from '../../text/sanitise.ts';
import { plain } from '../markup.ts';
import { splitWords } from '../words.ts';
import { readWish, readWords } from './readWish.ts';
import { joinedWishes, readSeveral, type WishPart } from './severalWishes.ts';

/** The parts of the service that plan what people wish. */
export type WishParts = {
    actions: Pick<Actions, 'plan'>;
    proposals: Pick<Proposals, 'ask'>;
    surroundings: Surroundings;
};

/** The plans for a wish, or why it cannot come true. */
export type PlannedWish = { proposals: readonly Proposal[]; refusal: string };

const waysOffered = 3;

/**
 * Works out the plans for a wish and puts them on offer. Changes nothing.
 *
 * @param by.actor who wishes it, for the audit log
 * @param by.isOnlyAsked whether somebody asks how to do it, and did not say to do it: what only comes near to a phrase, or cannot be
 * done, is then left to other answers
 * @returns null for what is no wish that any action knows, and for a question that asks for nothing that can be done
 */
export async function planWish(
    text: string,
    { actions, proposals, surroundings }: WishParts,
    { signal, actor, isOnlyAsked = false }: { signal: AbortSignal; actor: string; isOnlyAsked?: boolean },
): Promise<PlannedWish | null> {
    const asked = { ...surroundings, signal };
    const parts = isOnlyAsked ? null : await readSeveral(text, asked);
    if (parts !== null) {
        const planned = await planSeveral(parts, actions, signal);
        return typeof planned === 'string'
            ? { proposals: [], refusal: planned }
            : { proposals: proposals.ask(text, [planned], actor).proposals, refusal: '' };
    }
    const wish = isOnlyAsked ? readWords(splitWords(text), asked, { isNear: false }) : readWish(text, asked);
    if (wish === null) return null;
    try {
        const ways = await wish.ways();
        if (ways.length === 0) return null;
        const plans = await planWays(ways, actions, signal);
        return { proposals: proposals.ask(text, plans, actor).proposals, refusal: '' };
    } catch (error) {
        if (!(error instanceof ReeveError) || error.code === 'InvalidArgument') throw error;
        if (wish.isQuestion || isOnlyAsked) return null;
        return { proposals: [], refusal: error.message };
    }
}

/** @throws ReeveError of the best way when none is possible */
async function planWays(
    ways: readonly ProposedFix[],
    actions: WishParts['actions'],
    signal: AbortSignal,
): Promise<Plan[]> {
    const tried = await Promise.allSettled(ways.slice(0, waysOffered).map(way => actions.plan(way, signal)));
    signal.throwIfAborted();
    const plans = tried.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
    const failures = tried.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []));
    const defect = failures.find(reason => !(reason instanceof ReeveError));
    if (defect !== undefined || plans.length === 0) throw defect ?? failures[0];
    return plans;
}

/** One plan for several wishes, each in its best way; or which of them is impossible, and why: then none is planned. */
async function planSeveral(
    parts: readonly WishPart[],
    actions: WishParts['actions'],
    signal: AbortSignal,
): Promise<Plan | string> {
    const plans: Plan[] = [];
    for (const { said, ways, refusal } of joinedWishes(parts)) {
        try {
            if (refusal !== null) throw refusal;
            if (ways.length === 0) throw new ReeveError('InvalidState', _('I do not know how to do that'));
            const [plan] = await planWays(ways, actions, signal);
            if (plan !== undefined) plans.push(plan);
        } catch (error) {
            if (!(error instanceof ReeveError) || error.code === 'InvalidArgument') throw error;
            return _('“{part}” is not possible: {reason}. So I planned nothing of what you asked for.', {
                part: safeText(said, 128),
                reason: error.message,
            });
        }
    }
    const [first, ...others] = plans;
    if (first === undefined) throw new TypeError('a wish without parts');
    return several([first, ...others]);
}

/** Markdown as service/assistant/markup.ts describes it. */
// eslint-disable-next-line @typescript-eslint/require-await -- answers are made piece by piece, all in one way
export async function* describeWish({ proposals, refusal }: PlannedWish): AsyncGenerator<string, void> {
    const [first, ...others] = proposals;
    if (first === undefined) {
        yield `${plain(safeText(refusal, 512))}\n`;
        return;
    }
    if (first.plan.proposedBy !== undefined) {
        const model = plain(safeText(first.plan.proposedBy, 64));
        yield `${_('{model} suggests this. Nothing changes until you apply the plan.', { model })}\n`;
        return;
    }
    if (proposals.every(({ plan }) => plan.isOpening === true)) {
        yield `${_('I can open it for you.')}\n`;
        return;
    }
    yield others.length === 0
        ? `${_('I can do that. Nothing changes until you apply the plan.')}\n`
        : `${ngettext(
              'I can do that in {count} way. Nothing changes until you apply a plan.',
              'I can do that in {count} ways. Nothing changes until you apply a plan.',
              proposals.length,
          )}\n`;
}
