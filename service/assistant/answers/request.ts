import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { namedInWish } from '../wishes/phraseWishes.ts';
import type { Answer, Question } from '../answer.ts';
import { code } from '../markup.ts';
import { mentions } from '../understanding.ts';
import { describeUndoable, undoable } from './done.ts';
import { describeIncident, openIncidents } from './incidents.ts';

/** The question asks for a change that no action makes: this names the card that may be meant, or the alternative. */
export const request: Answer = {
    id: 'request',
    phrases: {
        en: ['(was|is) anything (fixed|repaired)', '(fix|repair|undo) (it|this|that)', 'undo'],
        de: ['wurde [irgend] etwas repariert', 'repariere (das|es)', 'mach das rückgängig'],
        ar: ['أصلح المشكلة', 'تراجع'],
    },
    examples: () => [_('How do I fix it?')],
    *answer(question) {
        const name = question.units.length > 0 ? null : namedInWish(textOf(question));
        if (name !== null && !mentions(question.understanding, 'undo')) {
            yield `${_('I know how to do that, but I found nothing called {name} here.', { name: code(safeText(name, 64)) })}\n`;
            return;
        }
        yield `${_('I do not know how to do that. The fixes for what is broken are on cards, with their exact steps.')}\n`;
        if (mentions(question.understanding, 'undo')) {
            yield undoable(question).length === 0
                ? `\n${_('None of my changes can be undone any more.')}\n`
                : `\n${describeUndoable(question)}`;
            return;
        }
        const open = openIncidents(question);
        const [named] = question.units;
        const fitting =
            named === undefined
                ? open
                : open.filter(({ subject, affected }) => [subject, ...affected].includes(named.name));
        if (fitting.length === 0) {
            yield `\n${withoutCard(question)}\n`;
            return;
        }
        for (const incident of fitting) yield `\n${describeIncident(question, incident)}`;
    },
};

const textOf = ({ understanding }: Question) => understanding.tokens.map(({ text }) => text).join(' ');

function withoutCard(question: Question): string {
    const [named] = question.units;
    if (named === undefined) {
        question.suggest(_('What failed, and why?'));
        return _(
            'There are no open incidents, so there is no card. When something fails, I look for a fix and offer it.',
        );
    }
    question.suggest(_('What is the state of {unit}?', { unit: named.name }));
    return _('There is no open incident for {unit}, so it has no card. I can tell you its state.', {
        unit: code(named.name),
    });
}
