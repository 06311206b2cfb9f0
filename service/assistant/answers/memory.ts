import { _ } from '../../i18n/i18n.ts';
import { readMemory } from '../../machine/processes/memory.ts';
import { readMemoryUsers } from '../../machine/processes/memoryUsers.ts';
import { readPressure } from '../../machine/processes/pressure.ts';
import type { Answer } from '../answer.ts';
import { item } from '../markup.ts';
import { barsOf } from './figures.ts';
import { describeNamedProgram } from './namedProgram.ts';
import { ownerName, withProcesses } from './owners.ts';

const usersShown = 5;
/** Below this share of waiting time nobody notices. */
const noticeable = 0.05;

export const memory: Answer = {
    id: 'memory',
    phrases: {
        en: [
            '(what|who|which program|which process|which app|which service) (is using|uses|needs|takes|eats) [up] [all|so much|the most] [my|the] memory',
            'how much (memory|swap) (is|do i|does this computer) (free|used|in use|use|available|left|have)',
            '(memory|swap) (usage|consumption|hog|use)',
            '[why] is [my|the] (memory|swap) [almost|nearly] (full|used|low)',
            '[top|biggest] memory (consumers|users|usage)',
            'am i [running] out of memory',
            '[my|the] computer is running out of memory',
            '[my|the] memory is [almost] full what should i close',
            'is swap being used',
            'does {name} leak memory',
            'how much memory does {name} (use|need|take)',
            '[show] [free] memory',
            'is there enough [free] memory',
            '[is] something leaking memory',
            'how many gigabytes of memory are in use',
            'is my memory usage high',
            'which service uses the most memory since boot',
        ],
        de: [
            'wie viel speicher habe ich [insgesamt]',
            'wie viel (arbeitsspeicher|swap|auslagerungsspeicher) ist [noch] (frei|belegt|verfügbar)',
            '(was|wer|welches programm|welcher prozess) (braucht|belegt|verbraucht) [so viel|am meisten|den|meinen] arbeitsspeicher',
            '[zeige] [mir] [die] (arbeitsspeicherauslastung|speicherauslastung|arbeitsspeicherverbrauch|speicherverbrauch)',
            '[warum] ist [der|mein] (arbeitsspeicher|swap|auslagerungsspeicher) [so|fast] voll',
            '[was] (braucht|belegt|verbraucht) [so viel|den|meinen] speicher',
            'speicher voll',
            'wie viel (speicher|arbeitsspeicher) braucht {name}',
            '(reicht|genügt) [mein|der] arbeitsspeicher',
        ],
        ar: [
            '(ما الذي|من|اي برنامج|اي تطبيق) (يستخدم|يستهلك) [اكثر] الذاكرة',
            'كم [هي] الذاكرة (المتاحة|الحرة|المستخدمة|المتبقية)',
            '(استهلاك|استخدام) الذاكرة',
            '[لماذا] الذاكرة ممتلئة',
        ],
    },
    named: 'may',
    examples: () => [_('What is using memory?'), _('How much memory is free?')],
    async *answer(question) {
        const { machine, format, signal } = question;
        const total = await readMemory(machine);
        if (total === null) {
            yield `${_('The kernel’s memory figures (/proc/meminfo) cannot be read.')}\n`;
            return;
        }
        question.cite(total.evidence);
        yield* describeNamedProgram(question);
        yield `${_('{used} of {total} memory is in use ({share}). Programs can still use {available}.', {
            used: format.size(total.total - total.available),
            total: format.size(total.total),
            share: format.percent(1 - total.available / total.total),
            available: format.size(total.available),
        })}\n`;
        question.draw(
            barsOf(
                _('In use'),
                [
                    { label: _('Memory'), used: total.total - total.available, of: total.total },
                    { label: _('Swap'), used: total.swapTotal - total.swapFree, of: total.swapTotal },
                ]
                    .filter(({ of }) => of > 0)
                    .map(({ label, used, of }) => ({
                        label,
                        share: used / of,
                        text: _('{used} of {total}', { used: format.size(used), total: format.size(of) }),
                    })),
            ),
        );
        const { users, evidence } = await readMemoryUsers(machine, signal);
        question.cite(evidence);
        const largest = users.filter(({ resident, swapped }) => resident + swapped > 0).slice(0, usersShown);
        if (largest.length > 0) yield `\n${_('Most of it is used by:')}\n`;
        for (const user of largest) {
            const name = withProcesses(question, await ownerName(question, user.owner), user.processes);
            const size = format.size(user.resident);
            yield item(
                user.swapped === 0
                    ? _('{name}: {size}', { name, size })
                    : _('{name}: {size}, and {swapped} swapped out', {
                          name,
                          size,
                          swapped: format.size(user.swapped),
                      }),
            );
        }
        if (total.swapTotal > 0) {
            yield `\n${_('Swap: {used} of {total} in use.', {
                used: format.size(total.swapTotal - total.swapFree),
                total: format.size(total.swapTotal),
            })}\n`;
        }
        const pressure = await readPressure(machine, 'memory');
        if (pressure !== null && pressure.waiting >= noticeable) {
            question.cite(pressure.evidence);
            yield `\n${_('Memory is short: programs waited for it during {share} of the last minute.', {
                share: format.percent(pressure.waiting),
            })}\n`;
        }
        question.suggest(_('What is using the processor?'));
    },
};
