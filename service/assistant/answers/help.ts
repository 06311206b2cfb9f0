import { _ } from '../../i18n/i18n.ts';
import type { Answer } from '../answer.ts';
import { item } from '../markup.ts';

/** Questions that show what can be asked, one for each answer. */
export function exampleQuestions(answers: readonly Answer[]): string[] {
    return answers.flatMap(answer => answer.examples().slice(0, 1));
}

/** @param answers gives all answers; asked late, since help is one of them */
export function helpAnswer(answers: () => readonly Answer[]): Answer {
    return {
        id: 'help',
        keys: [['help'], ['reeve']],
        also: ['failure', 'list', 'command', 'reeve', 'healthy', 'howto'],
        examples: () => [_('What can I ask?')],
        *answer() {
            yield `${_('I answer questions about this computer from its current state, and show the evidence for each answer. For example, ask:')}\n\n`;
            for (const question of exampleQuestions(answers())) yield item(question);
            yield `\n${_('When something fails, I explain it. If a safe fix is known, I offer it on a card. Nothing changes without your approval.')}\n`;
        },
    };
}
