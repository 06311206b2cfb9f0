import { _ } from '../../i18n/i18n.ts';
import { measureProcessor } from '../../machine/processes/processor.ts';
import type { ProcessorUse } from '../../machine/processes/processor.ts';
import type { Answer, Question } from '../answer.ts';
import { item } from '../markup.ts';
import { describeNamedProgram } from './namedProgram.ts';
import { ownerName, withProcesses } from './owners.ts';

const usersShown = 5;
/** Of one processor; smaller users do not deserve a line. */
const worthALine = 0.01;
const noticeableWait = 0.1;
/** What rounds to 100 %. */
const fullyBusy = 0.995;
/** Busier than this, and hardly any of it visible: programs of others, as the host's in a container. */
const noticeableUse = 0.2;

export const processor: Answer = {
    id: 'processor',
    phrases: {
        en: [
            '(what|who|which process) (is maxing out|burns|eats|hogs) [up] [my|the] (cpu|cpu time|processor)',
            'which (process|program) has the highest load',
            '(what|who|which program|which process|which app) (is using|uses|takes|needs) [up] [all|so much|the most] [my|the] cpu',
            '(what|which program) (keeps|makes) my cpu (busy|work so hard)',
            '[why is] [my|the] (cpu|processor) [so|always] (busy|high|overloaded|at 100|at 100 percent)',
            '(cpu|processor|system) (usage|load) [per core]',
            '[how] (busy|loaded|overloaded) is [my|the] (cpu|processor)',
            'why is the load [average] [so] high',
            'load average',
            '(top|list) processes by cpu',
            'high (cpu|load)',
            'cpu hog',
            'how much cpu does {name} (use|need|take)',
            'the processor is at its limit',
        ],
        de: [
            'welches programm braucht am meisten (prozessorzeit|rechenzeit)',
            'was beschäftigt den prozessor',
            '(was|wer|welches programm|welcher prozess) (braucht|belegt|verbraucht) [am meisten|so viel|die|meine] cpu',
            'was lastet [den|meinen] prozessor aus',
            '(prozessorauslastung|prozessorlast|cpu auslastung|cpu last)',
            '[warum] ist [die|der|meine|mein] (cpu|prozessor) so ausgelastet',
            '[warum] ist die (last|auslastung) [so] hoch',
            'wie (ausgelastet|hoch) ist [die|der] (cpu|prozessor|last)',
            'wie viel cpu braucht {name}',
        ],
        ar: [
            'اي برنامج يشغل المعالج [اكثر]',
            '(ما الذي|من|اي برنامج) (يستخدم|يستهلك) [اكثر] المعالج',
            '(استهلاك|استخدام) المعالج',
            '[ما|كم] نسبة استخدام المعالج',
            'لماذا المعالج مشغول',
        ],
    },
    named: 'may',
    examples: () => [_('What is using the processor?')],
    async *answer(question) {
        const use = await measureProcessor(question.machine, question.signal);
        if (use === null) {
            yield `${_('The kernel’s processor figures (/proc/stat) cannot be read.')}\n`;
            return;
        }
        yield `${processorSentence(question, use)}\n\n`;
        yield* describeNamedProgram(question, use);
        yield* processorUsers(question, use);
        if (use.waitingForDisk >= noticeableWait) {
            yield `\n${_('Processors spent {share} of the time only waiting for a disk.', {
                share: question.format.percent(use.waitingForDisk),
            })}\n`;
        }
        question.suggest(_('What is using memory?'));
    },
};

export function processorSentence(question: Question, use: ProcessorUse): string {
    question.cite(...use.evidence);
    return use.busy >= fullyBusy
        ? _('The processor is fully busy (measured over one second).')
        : _('The processor is {share} busy (measured over one second).', {
              share: question.format.percent(use.busy),
          });
}

/** A list of who used most; 100 % is one of the processors. */
export async function* processorUsers(question: Question, use: ProcessorUse): AsyncGenerator<string, void> {
    const busiest = use.users.filter(({ share }) => share >= worthALine).slice(0, usersShown);
    const seen = use.users.reduce((sum, { share }) => sum + share, 0);
    if (use.busy >= noticeableUse && seen < (use.busy * use.processors) / 2)
        yield item(_('Most of the load comes from programs that are not visible here.'));
    if (busiest.length === 0) {
        yield item(
            _('No program used more than {share} of a processor.', { share: question.format.percent(worthALine) }),
        );
        return;
    }
    for (const user of busiest) {
        const name = withProcesses(question, await ownerName(question, user.owner), user.processes);
        yield item(_('{name}: {share} of one processor', { name, share: question.format.percent(user.share) }));
    }
}
