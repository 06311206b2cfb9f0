import { _ } from '../../i18n/i18n.ts';
import { readFilesystems, usedShare } from '../../machine/storage/filesystems.ts';
import { readMemory } from '../../machine/processes/memory.ts';
import { readPressure } from '../../machine/processes/pressure.ts';
import type { Resource } from '../../machine/processes/pressure.ts';
import { measureProcessor } from '../../machine/processes/processor.ts';
import type { Answer, Question } from '../answer.ts';
import { code } from '../markup.ts';
import { programsNamed } from '../understanding.ts';
import { describeNamedProgram } from './namedProgram.ts';
import { processorSentence, processorUsers } from './processor.ts';

const busyFrom = 0.85;
const memoryShortBelow = 0.1;
const waitingFrom = 0.1;
const diskFullFrom = 0.95;

/** What slows the computer down, if anything: processors, memory, disks; and how much of them a named program uses. */
export const resources: Answer = {
    id: 'resources',
    keys: [
        ['slow'],
        ['slow', 'peripheral'],
        ['application', 'state'],
        ['application', 'state', 'computer'],
        ['application', 'usage'],
        ['application', 'list'],
        ['application', 'full'],
        ['application', 'large'],
        ['shell', 'state'],
    ],
    // Which programs start by themselves, or reach the network, is another question.
    never: ['autostart', 'automatic', 'login', 'package'],
    named: 'may',
    also: [
        'application',
        'duration',
        'usage',
        'full',
        'state',
        'unit',
        'recent',
        'today',
        'boot',
        'failure',
        'hour',
        'begin',
        'shell',
    ],
    examples: () => [_('Why is this computer slow?')],
    async *answer(question) {
        const { machine, format, signal } = question;
        const use = await measureProcessor(machine, signal);
        if (use === null) yield `${_('The kernel’s processor figures (/proc/stat) cannot be read.')}\n\n`;
        else {
            yield `${processorSentence(question, use)}\n\n`;
            yield* describeNamedProgram(question, use);
            if (programsNamed(question.understanding).length > 0)
                yield `${_('I cannot see inside a program, only what could slow it down.')}\n\n`;
        }
        const reasons = [...(await memoryReasons(question)), ...(await diskReasons(question))];
        const isBusy = use !== null && use.busy >= busyFrom;
        if (reasons.length > 0) {
            const values = { reasons: format.list(reasons) };
            yield `${isBusy ? _('Also slowing it down: {reasons}.', values) : _('What slows it down: {reasons}.', values)}\n\n`;
        } else if (!isBusy)
            yield `${_('Nothing slows it down right now: processor, memory and disks have capacity to spare.')}\n\n`;
        if (use !== null) yield* processorUsers(question, use);
        question.suggest(_('What is using memory?'));
        question.suggest(_('What is using disk space?'));
    },
};

async function waiting({ machine, cite }: Question, resource: Resource): Promise<number> {
    const pressure = await readPressure(machine, resource);
    if (pressure === null) return 0;
    cite(pressure.evidence);
    return pressure.waiting;
}

async function memoryReasons(question: Question): Promise<string[]> {
    const { machine, format } = question;
    const reasons: string[] = [];
    const memory = await readMemory(machine);
    if (memory !== null) {
        question.cite(memory.evidence);
        if (memory.available < memory.total * memoryShortBelow)
            reasons.push(_('only {available} of memory is left', { available: format.size(memory.available) }));
    }
    const share = await waiting(question, 'memory');
    if (share >= waitingFrom)
        reasons.push(_('programs waited for memory {share} of the time', { share: format.percent(share) }));
    return reasons;
}

async function diskReasons(question: Question): Promise<string[]> {
    const { machine, format } = question;
    const reasons: string[] = [];
    const share = await waiting(question, 'io');
    if (share >= waitingFrom)
        reasons.push(_('programs waited for disks {share} of the time', { share: format.percent(share) }));
    for (const filesystem of (await readFilesystems(machine))?.filesystems ?? []) {
        if (filesystem.readOnly || usedShare(filesystem) < diskFullFrom) continue;
        question.cite(filesystem.evidence);
        reasons.push(
            _('{path} is {share} full', { path: code(filesystem.path), share: format.percent(usedShare(filesystem)) }),
        );
    }
    return reasons;
}
