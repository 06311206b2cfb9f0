import { _ } from '../../i18n/i18n.ts';
import type { Answer } from '../answer.ts';
import { item, strong } from '../markup.ts';

/** What can be asked, by theme, with the answers whose first examples show it: a screenful. */
const themes: readonly { title: () => string; ids: readonly string[] }[] = [
    { title: () => _('Faults'), ids: ['failures', 'crashes', 'log'] },
    { title: () => _('Changes'), ids: ['changes', 'updates', 'done'] },
    { title: () => _('Speed'), ids: ['resources', 'memory', 'startup'] },
    { title: () => _('Disks and hardware'), ids: ['disk', 'hardware', 'power'] },
    { title: () => _('Network and devices'), ids: ['network', 'sound', 'peripherals'] },
    { title: () => _('Services and programs'), ids: ['unit', 'autostart', 'installed'] },
];

/** @param answers gives all answers; asked late, since help is one of them */
export function helpAnswer(answers: () => readonly Answer[]): Answer {
    return {
        id: 'help',
        phrases: {
            en: [
                'help [me]',
                'what can (you do|i ask) [you]',
                '(hello|hi|hey)',
                'who are you',
                'what do you know',
                'what questions can you answer',
            ],
            de: ['(hilfe|hilf mir)', 'was kannst du', 'was kann ich [dich] fragen'],
            ar: ['ماذا (يمكنني|استطيع) ان اسال', 'مساعدة', 'ماذا (يمكنك|تستطيع) [ان تفعل]'],
        },
        examples: () => [_('What can I ask?')],
        *answer() {
            yield `${_('I answer questions about this computer from its current state, and show the evidence for each answer. For example, ask:')}\n\n`;
            for (const { title, ids } of themes) {
                const questions = ids.flatMap(
                    id =>
                        answers()
                            .find(answer => answer.id === id)
                            ?.examples()
                            .slice(0, 1) ?? [],
                );
                yield item(_('{theme}: {questions}', { theme: strong(title()), questions: questions.join(' ') }));
            }
            yield `\n${_('When something fails, I explain it. If a safe fix is known, I offer it on a card. Nothing changes without your approval.')}\n`;
        },
    };
}
