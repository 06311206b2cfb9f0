import { _ } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { examineHardware } from '../../machine/hardware/hardwareChecks.ts';
import type { Answer } from '../answer.ts';
import { item, plain } from '../markup.ts';

/** The same checks as `reeve doctor --hardware`. */
export const hardware: Answer = {
    id: 'hardware',
    phrases: {
        en: [
            'is [there] [my|the] [something wrong with] [the] hardware [all right|healthy|ok|failing]',
            '[any] hardware (faults|errors|problems)',
            'check my hardware',
        ],
        de: [
            'ist (meine|die) hardware (in ordnung|gesund|defekt|kaputt)',
            '[gibt es] (hardwarefehler|hardwareprobleme)',
        ],
        ar: ['هل (عتادي|العتاد) سليم', '[هل هناك] (اعطال|اخطاء) [في] العتاد'],
    },
    examples: () => [_('Is my hardware all right?')],
    async *answer(question) {
        const { signal, cite } = question;
        const checks = await examineHardware(question, signal);
        const problems = checks.filter(({ status }) => status === 'problem');
        const notes = checks.filter(({ status }) => status === 'note');
        for (const { id, detail } of checks) cite(fact('system', `reeve doctor --hardware: ${id}`, detail));
        yield problems.length > 0
            ? `${_('No: this needs attention.')}\n\n`
            : `${_('Yes, as far as the hardware reports it.')}\n\n`;
        for (const { title, detail, remedy } of problems)
            yield item([`**${plain(title)}**: ${plain(detail)}`, plain(remedy)].filter(text => text !== '').join('. '));
        if (notes.length > 0) yield `\n${_('Worth knowing:')}\n\n`;
        for (const { title, detail, remedy } of notes)
            yield item([`${plain(title)}: ${plain(detail)}`, plain(remedy)].filter(text => text !== '').join('. '));
        const fine = checks.filter(({ status }) => status === 'fine');
        if (fine.length > 0) yield `\n${_('In order: {list}', { list: fine.map(({ title }) => title).join(', ') })}\n`;
        question.suggest(_('How hot is this computer?'));
    },
};
