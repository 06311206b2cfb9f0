/** Answers to follow-ups about the last answer or plan: “undo that”, “why?”, “how did you find that out?”. */
import { _ } from '../../i18n/i18n.ts';
import { ownerName, type Proposal } from '../../model/proposal.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Question } from '../answer.ts';
import type { FollowUp, Turn } from '../followUp.ts';
import { code, item, plain } from '../markup.ts';
import { describeIncident } from './incidents.ts';

const shown = 8;

/** @returns the text, and the plans that go with it */
export function answerFollowUp(
    followUp: Exclude<FollowUp, { kind: 'ask' }>,
    last: Turn,
    question: Question,
): { text: string; proposals: readonly Proposal[] } {
    const plans = last.proposals.flatMap(({ id }) => question.proposals.list().find(plan => plan.id === id) ?? []);
    switch (followUp.kind) {
        case 'undo':
            return undo(plans);
        case 'plan': {
            // By its number among all that were shown: some of them may be gone.
            const wanted = last.proposals[followUp.index]?.id;
            const plan = plans.find(({ id }) => id === wanted);
            return plan === undefined ? gone() : { text: `${plain(plan.plan.title)}\n`, proposals: [plan] };
        }
        case 'other': {
            const [, ...others] = plans;
            return others.length === 0
                ? { text: `${_('I know no other way.')}\n`, proposals: [] }
                : { text: `${_('This is another way. Nothing changes until you apply it.')}\n`, proposals: others };
        }
        case 'why':
            return { text: why(last, plans, question), proposals: [] };
        case 'how':
            return { text: how(last, question), proposals: [] };
    }
}

function undo(plans: readonly Proposal[]): { text: string; proposals: readonly Proposal[] } {
    const made = plans.find(({ state }) => state === 'applied' || state === 'partial');
    if (made === undefined) {
        return plans.length === 0
            ? gone()
            : { text: `${_('I have not changed anything yet, so there is nothing to undo.')}\n`, proposals: [] };
    }
    const title = plain(made.plan.title);
    if (made.plan.undo === null) return { text: `${_('{fix} cannot be undone.', { fix: title })}\n`, proposals: [] };
    const command = code(`reeve undo ${ownerName(made.owner)}`);
    const text = _('You can undo “{fix}” on its card or in a terminal: {command}', { fix: title, command });
    return { text: `${text}\n`, proposals: [made] };
}

function gone() {
    return { text: `${_('That plan is no longer there.')}\n`, proposals: [] };
}

function why(last: Turn, plans: readonly Proposal[], question: Question): string {
    const incidents = question.incidents.list().filter(({ id }) => last.incidents.includes(id));
    if (incidents.length > 0) return incidents.map(incident => describeIncident(question, incident)).join('\n');
    const [plan] = plans;
    if (plan !== undefined) {
        const reason = plan.plan.explanation === '' ? '' : `${plain(safeText(plan.plan.explanation, 512))}\n\n`;
        return `${reason}${_('I planned this because you asked for it: {question}', { question: plain(safeText(last.question, 256)) })}\n`;
    }
    return `${_('I conclude that from what I saw:')}\n\n${seen(last, question)}`;
}

function how(last: Turn, question: Question): string {
    if (last.evidence.length === 0)
        return `${_('I read your words by their phrases; reeve ask --explain shows how. I looked nothing up for it.')}\n`;
    return `${_('I looked this up on this computer:')}\n\n${seen(last, question)}`;
}

/** The evidence of the last answer, which goes with this one, too. */
function seen({ evidence }: Turn, { cite }: Question): string {
    cite(...evidence);
    return evidence
        .slice(0, shown)
        .map(({ origin, message }) => item(`${code(safeText(origin, 128))}: ${plain(safeText(message, 256))}`))
        .join('');
}
