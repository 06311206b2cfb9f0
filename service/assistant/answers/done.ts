import { _, ngettext } from '../../i18n/i18n.ts';
import { ownerName, type Proposal } from '../../model/proposal.ts';
import type { TimelineEntry } from '../../model/timelineEntry.ts';
import { fact } from '../../machine/evidence.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain } from '../markup.ts';

const shown = 8;
const entriesRead = 200;

/** Reeve's own changes to this computer, and which of them can be undone. */
export const done: Answer = {
    id: 'done',
    phrases: {
        en: [
            'which (fixes|changes|repairs) did you (apply|make|do)',
            'what (did|have|has) (you|reeve) (do|done|fix|fixed|change|changed) [so far]',
            'did you restart anything',
            'show your own actions',
        ],
        de: [
            'welche (reparaturen|änderungen) hast du (durchgeführt|gemacht|vorgenommen)',
            'was (hast du|hat reeve) (gemacht|repariert|geändert|getan)',
        ],
        ar: ['ما الذي غيرته [انت]', 'ماذا اصلحت', 'ماذا فعلت'],
    },
    times: 'any',
    examples: () => [_('What did you fix?')],
    *answer(question) {
        const { timeline, format, clock, understanding, cite } = question;
        const { since, until } = understanding.window ?? { since: 0, until: clock() };
        const entries = timeline.query({ since, until, kinds: ['action'], limit: entriesRead });
        if (entries.length === 0) {
            cite(fact('system', 'timeline', 'no action of Reeve'));
            yield `${
                understanding.window === null
                    ? _('I have changed nothing on this computer.')
                    : _('I changed nothing on this computer in that time.')
            }\n`;
        } else {
            yield `${ngettext('I made {count} change:', 'I made {count} changes:', entries.length)}\n\n`;
        }
        for (const entry of entries.slice(0, shown)) {
            cite(actionFact(entry));
            yield item(_('{what}, {when}', { what: plain(entry.summary), when: format.when(entry.time) }));
        }
        if (entries.length > shown) yield item(_('and {count} more', { count: format.number(entries.length - shown) }));
        if (undoable(question).length > 0) yield `\n${describeUndoable(question)}`;
        question.suggest(_('What changed recently?'));
    },
};

const actionFact = ({ id, summary, time }: TimelineEntry) => ({
    ...fact('system', `timeline entry ${id}`, summary),
    time,
});

/** Applied fixes that can be undone, the last one first. */
export function undoable({ proposals }: Pick<Question, 'proposals'>): Proposal[] {
    return proposals
        .list()
        .filter(({ state, plan }) => ['applied', 'partial'].includes(state) && plan.undo !== null)
        .sort((one, other) => other.applied - one.applied);
}

/** How to undo each of these. Ends with a line break. */
export function describeUndoable(question: Question): string {
    const lines = undoable(question)
        .slice(0, shown)
        .map(({ owner, plan, applied }) => {
            if (owner.kind === 'incident') question.mention(owner.id);
            return item(
                _('{fix}, made {when}: {command}', {
                    fix: plain(plan.title),
                    when: question.format.when(applied),
                    command: code(`reeve undo ${ownerName(owner)}`),
                }),
            );
        });
    return `${_('You can undo this on its card or in a terminal:')}\n${lines.join('')}`;
}
