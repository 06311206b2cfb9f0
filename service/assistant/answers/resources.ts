import { _ } from '../../i18n/i18n.ts';
import { readFilesystems, usedShare } from '../../machine/storage/filesystems.ts';
import { readMemory } from '../../machine/processes/memory.ts';
import { readPressure } from '../../machine/processes/pressure.ts';
import type { Pressure, Resource } from '../../machine/processes/pressure.ts';
import { measureProcessor } from '../../machine/processes/processor.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain, strong } from '../markup.ts';
import { mentions, programsNamed } from '../understanding.ts';
import { isOpen } from '../suggestions.ts';
import { fullTitle } from '../../model/incident.ts';
import type { Incident } from '../../model/incident.ts';
import { describeNamedProgram } from './namedProgram.ts';
import { describeSlowness, drawLastHour } from './past.ts';
import { processorSentence, processorUsers } from './processor.ts';

const busyFrom = 0.85;
const memoryShortBelow = 0.1;
const waitingFrom = 0.1;
const diskFullFrom = 0.95;
const hour = 3_600_000_000;
const shownOfHour = 4;
/** What the present does not tell, in microseconds. */
const recent = 600_000_000;
/** Families of faults that slow a computer down. */
const slowing = new Set(['runaway', 'memory', 'disk', 'disk-space']);
const hot = new Set(['throttled', 'overheated', 'fan']);
const slows = ({ family, kind }: Incident) => slowing.has(family) || (family === 'power' && hot.has(kind));

/** What slows the computer down, if anything: processors, memory, disks; and how much of them a named program uses. */
export const resources: Answer = {
    id: 'resources',
    phrases: {
        en: [
            'why is it (hanging|lagging|stuttering)',
            '[why is] [my|the|this] (computer|everything|it) [is|feels] [so] slow [again]',
            'why is (it|everything) [so] slow',
            '(what|which program) is slowing down my computer',
            '[the] (computer|system|machine|everything) is [so] slow',
            'performance problems',
            '[what is] gnome-shell doing',
            'why is {name} [so] slow',
            'why does {name} take so long [to start]',
            'mouse lags',
        ],
        de: [
            'warum (ruckelt|stockt|hakt) (alles|es)',
            'was bremst (meinen|den) (laptop|rechner|computer)',
            '[warum] ist [der|mein|alles] (rechner|computer|pc) [plötzlich] [so] langsam',
            'warum hängt (der|mein) (rechner|computer|pc) [dauernd|ständig]',
            '[warum] ist {name} so langsam',
            'warum startet {name} so langsam',
        ],
        ar: ['لماذا (الجهاز|الحاسوب|الكمبيوتر) بطيء'],
    },
    named: 'may',
    times: 'any',
    examples: () => [_('Why is this computer slow?')],
    async *answer(question) {
        const { machine, format, signal } = question;
        const { window } = question.understanding;
        if (window !== null && window.until < question.clock() - recent && question.usage !== undefined) {
            yield* describeSlowness(question);
            yield* describeLastHour(question, new Map());
            return;
        }
        const use = await measureProcessor(machine, signal);
        if (use === null) yield `${_('The kernel’s processor figures (/proc/stat) cannot be read.')}\n\n`;
        else {
            yield `${processorSentence(question, use)}\n\n`;
            yield* describeNamedProgram(question, use);
            if (programsNamed(question.understanding).length > 0)
                yield `${_('I cannot see inside a program, only what could slow it down.')}\n\n`;
        }
        const waits = await readWaits(question);
        const reasons = [...(await memoryReasons(question, waits)), ...(await diskReasons(question, waits))];
        const isBusy = use !== null && use.busy >= busyFrom;
        if (reasons.length > 0) {
            const values = { reasons: format.list(reasons) };
            yield `${isBusy ? _('Also slowing it down: {reasons}.', values) : _('What slows it down: {reasons}.', values)}\n\n`;
        } else if (!isBusy)
            yield `${_('Nothing slows it down right now: processor, memory and disks have capacity to spare.')}\n\n`;
        if (use !== null) yield* processorUsers(question, use);
        if (mentions(question.understanding, 'slow')) {
            yield* describeLastHour(question, waits);
            await drawLastHour(question);
        }
        question.suggest(_('What is using memory?'));
        question.suggest(_('What is using disk space?'));
    },
};

type Waits = ReadonlyMap<Resource, Pressure>;

async function readWaits({ machine, cite }: Question): Promise<Waits> {
    const waits = new Map<Resource, Pressure>();
    for (const resource of ['cpu', 'memory', 'io'] as const) {
        const pressure = await readPressure(machine, resource);
        if (pressure === null) continue;
        cite(pressure.evidence);
        waits.set(resource, pressure);
    }
    return waits;
}

/** One second says nothing of an hour: what Reeve noticed in it, what changed, and what programs waited for. */
function* describeLastHour(question: Question, waits: Waits): Generator<string, void> {
    const { clock, format, incidents, timeline, mention } = question;
    const { since, until } = question.understanding.window ?? { since: clock() - hour, until: clock() };
    const noticed = incidents
        .list()
        .filter(incident => slows(incident) && (isOpen(incident) || incident.lastSeen >= since))
        .filter(({ firstSeen }) => firstSeen <= until)
        .sort((one, other) => other.lastSeen - one.lastSeen);
    const lines = noticed.slice(0, shownOfHour).map(incident => {
        mention(incident.id);
        const values = { what: plain(fullTitle(incident)), when: format.when(incident.lastSeen) };
        return isOpen(incident) ? _('{what}, {when}', values) : _('{what}, {when}; this is over', values);
    });
    const texts: Record<Resource, (share: string) => string> = {
        cpu: share => _('Programs waited for the processor during {share} of the last five minutes.', { share }),
        memory: share => _('Programs waited for memory during {share} of the last five minutes.', { share }),
        io: share => _('Programs waited for disks during {share} of the last five minutes.', { share }),
    };
    for (const [resource, { waitingBefore }] of waits)
        if (waitingBefore >= waitingFrom) lines.push(texts[resource](format.percent(waitingBefore)));
    const changes = timeline.query({
        since,
        until,
        kinds: ['package', 'device', 'power', 'setting'],
        limit: shownOfHour,
    });
    for (const { summary, time } of changes)
        lines.push(_('{what}, {when}', { what: plain(summary), when: format.when(time) }));
    const isLastHour = question.understanding.window === null;
    if (lines.length > 0) {
        yield `\n${strong(isLastHour ? _('In the last hour') : _('In that time'))}\n${lines.map(line => item(line)).join('')}`;
        return;
    }
    yield `\n${
        isLastHour
            ? _('In the last hour, Reeve noticed nothing that slows a computer down.')
            : _('In that time, Reeve noticed nothing that slows a computer down.')
    }\n`;
}

async function memoryReasons(question: Question, waits: Waits): Promise<string[]> {
    const { machine, format } = question;
    const reasons: string[] = [];
    const memory = await readMemory(machine);
    if (memory !== null) {
        question.cite(memory.evidence);
        if (memory.available < memory.total * memoryShortBelow)
            reasons.push(_('only {available} of memory is left', { available: format.size(memory.available) }));
    }
    const share = waits.get('memory')?.waiting ?? 0;
    if (share >= waitingFrom)
        reasons.push(_('programs waited for memory {share} of the time', { share: format.percent(share) }));
    return reasons;
}

async function diskReasons(question: Question, waits: Waits): Promise<string[]> {
    const { machine, format } = question;
    const reasons: string[] = [];
    const share = waits.get('io')?.waiting ?? 0;
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
