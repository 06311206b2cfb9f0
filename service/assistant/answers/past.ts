// What was: answers from what was measured in the last hour, the last day, or the time that is asked for.
import { _ } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { averageOf, heaviest, type Usage } from '../../usage/reading.ts';
import type { Answer, Question } from '../answer.ts';
import { item } from '../markup.ts';
import { lineOf } from './figures.ts';
import { ownerName } from './owners.ts';

const hour = 3_600_000_000;
const day = 24 * hour;
/** A share of the time that people notice. */
const noticeable = 0.1;
const busyFrom = 0.85;
/** Degrees Celsius from which a computer is hot, by its hottest sensor. */
const hotFrom = 85;
/** Degrees that fill a drawing. */
const scale = 100;

/** The time that is asked for, else the last day. */
function timeOf({ understanding, clock }: Question): { since: number; until: number } {
    const now = clock();
    const { since, until } = understanding.window ?? { since: now - day, until: now };
    return { since, until: Math.min(until, now) };
}

async function measured(question: Question, { since, until } = timeOf(question)): Promise<Usage[]> {
    const { usage, cite } = question;
    const found = (await usage?.between(since, until)) ?? [];
    if (found.length > 0) {
        const stamp = (time: number) => new Date(time / 1000).toISOString();
        const last = found.at(-1) ?? { start: since, seconds: 0 };
        const times = `${stamp(found[0]?.start ?? since)} to ${stamp(last.start + last.seconds * 1_000_000)}`;
        cite(fact('system', 'reeved', `${found.length} measurements, ${times}`));
    }
    return found;
}

function unknown({ usage }: Question): string {
    if (usage === undefined) return `${_('Reeve does not measure this computer here.')}\n`;
    return usage.isEnabled === false
        ? `${_('Reeve does not measure what this computer is busy with: “enabled” in [usage] of its configuration is turned off.')}\n`
        : `${_('Nothing was measured in that time: the computer was off or asleep, or Reeve was not running.')}\n`;
}

const middle = ({ start, seconds }: Usage) => start + (seconds / 2) * 1_000_000;
const most = (all: readonly Usage[], of: (one: Usage) => number | null) =>
    all.reduce<Usage | null>(
        (best, one) => ((of(one) ?? -1) > (best === null ? -1 : (of(best) ?? -1)) ? one : best),
        null,
    );

/** Draws how it went. @param of a share from 0 to 1 @param words for a value */
function drawCourse(
    question: Question,
    all: readonly Usage[],
    { title, of, words }: { title: string; of: (one: Usage) => number | null; words: (share: number) => string },
    time = timeOf(question),
): void {
    const [low, high] = [most(all, one => (of(one) === null ? null : 1 - (of(one) ?? 0))), most(all, of)];
    if (low === null || high === null) return;
    const text = _('From {least} to {most}', { least: words(of(low) ?? 0), most: words(of(high) ?? 0) });
    const line = lineOf(question, all, { title, text, ...time }, of);
    if (line !== null) question.draw(line);
}

const drawProcessor = (question: Question, all: readonly Usage[], time?: { since: number; until: number }) => {
    const words = (share: number) => question.format.percent(share);
    drawCourse(question, all, { title: _('Processor'), of: ({ processor }) => processor, words }, time);
};

export async function drawLastHour(question: Question): Promise<void> {
    const until = question.clock();
    const time = { since: until - hour, until };
    drawProcessor(question, (await question.usage?.between(time.since, until)) ?? [], time);
}

/** The programs that used most of the processors meanwhile. @param weight what each measurement counts */
async function* programs(
    question: Question,
    all: readonly Usage[],
    weight: (one: Usage) => number,
): AsyncGenerator<string, void> {
    const total = all.reduce((sum, one) => sum + weight(one), 0);
    const found = heaviest(all, weight);
    if (found.length === 0 || total === 0) return;
    yield `\n${_('Most of the processor was used by:')}\n`;
    for (const { owner, share } of found)
        yield item(
            _('{name}: {share} of one processor', {
                name: await ownerName(question, owner),
                share: question.format.percent(share / total),
            }),
        );
}

/** What made programs wait: for which share of the whole time, null where that is not counted, and of the time when it was worst. */
type Bottleneck = { resource: 'processor' | 'memory' | 'disk'; average: number | null; share: number; at: Usage };

function bottleneck(all: readonly Usage[]): Bottleneck | null {
    const resources = ['memory', 'disk', 'processor'] as const;
    const found = resources.flatMap((resource): Bottleneck[] => {
        const waits = (one: Usage) => one.waits[resource];
        const at = most(all, waits);
        const share = at?.waits[resource] ?? 0;
        return at === null || share < noticeable ? [] : [{ resource, average: averageOf(all, waits), share, at }];
    });
    // Kernels that do not count how long programs wait still count how busy the processors are.
    const busiest = most(all, ({ processor }) => processor);
    if (busiest !== null && busiest.waits.processor === null && (busiest.processor ?? 0) >= busyFrom)
        found.push({ resource: 'processor', average: null, share: busiest.processor ?? 0, at: busiest });
    return found.sort((one, other) => other.share - one.share)[0] ?? null;
}

function describeBottleneck({ format }: Question, { resource, average: usual, share, at }: Bottleneck): string {
    const values = { share: format.percent(usual ?? 0), most: format.percent(share), when: format.when(middle(at)) };
    if (usual === null) return _('The processor was the bottleneck: {most} of it was in use {when}.', values);
    switch (resource) {
        case 'memory':
            return _(
                'Memory was short: programs waited for it {share} of the time, and at worst {most} of it, {when}.',
                values,
            );
        case 'disk':
            return _(
                'A disk was the bottleneck: programs waited for it {share} of the time, and at worst {most} of it, {when}.',
                values,
            );
        case 'processor':
            return _(
                'The processor was the bottleneck: programs waited for it {share} of the time, and at worst {most} of it, {when}.',
                values,
            );
    }
}

export const slowBefore: Answer = {
    id: 'slow-before',
    phrases: {
        en: [
            'why was (it|everything) [so] slow [before]',
            'why was [my|the|this] (computer|system|machine|laptop) [so] slow [before]',
            '(what|which program) (slowed|was slowing) [down] [my|the|this] (computer|system|it) [down]',
            'was [my|the|this] (computer|system|it) slow',
            'how busy was [my|the|this] (computer|processor|cpu)',
        ],
        de: [
            'warum war [der|mein|alles|es] (rechner|computer|pc|alles|es) [so] langsam',
            'was hat [den|meinen] (rechner|computer|pc) [so] (gebremst|verlangsamt)',
            'wie ausgelastet war [der|mein] (rechner|computer|prozessor)',
        ],
        ar: ['لماذا كان (الجهاز|الحاسوب|الكمبيوتر) بطيئا', 'ما الذي ابطا (الجهاز|الحاسوب|الكمبيوتر)'],
    },
    times: 'any',
    examples: () => [_('Why was it slow yesterday?')],
    async *answer(question) {
        yield* describeSlowness(question);
        question.suggest(_('Why is this computer slow?'));
    },
};

export async function* describeSlowness(question: Question): AsyncGenerator<string, void> {
    const { format } = question;
    const all = await measured(question);
    if (all.length === 0) {
        yield unknown(question);
        return;
    }
    drawProcessor(question, all);
    const worst = bottleneck(all);
    yield `${worst === null ? _('Nothing slowed this computer down in that time: processor, memory and disks had capacity to spare.') : describeBottleneck(question, worst)}\n\n`;
    const busy = averageOf(all, ({ processor }) => processor);
    const busiest = most(all, ({ processor }) => processor);
    if (busy !== null && busiest !== null)
        yield item(
            _('The processor was {share} busy on average, and at most {most}, {when}.', {
                share: format.percent(busy),
                most: format.percent(busiest.processor ?? 0),
                when: format.when(middle(busiest)),
            }),
        );
    yield* memoryItem(question, all);
    yield* programs(question, worst === null ? all : [worst.at], ({ seconds }) => seconds);
}

function* memoryItem({ format }: Question, all: readonly Usage[]): Generator<string, void> {
    const share = averageOf(all, ({ memory }) => memory);
    const fullest = most(all, ({ memory }) => memory);
    if (share === null || fullest === null) return;
    yield item(
        _('Memory was {share} in use on average, and at most {most}, {when}.', {
            share: format.percent(share),
            most: format.percent(fullest.memory ?? 0),
            when: format.when(middle(fullest)),
        }),
    );
}

export const memoryBefore: Answer = {
    id: 'memory-before',
    phrases: {
        en: [
            'how was [my|the] (memory|swap)',
            'how (full|much) was [my|the] memory',
            'how much memory was (used|in use|free)',
            'was [my|the] memory (full|short|low)',
            '[the] memory [usage|use] (history|trend|over time)',
        ],
        de: [
            'wie war [der|mein] (arbeitsspeicher|speicher)',
            'wie voll war [der|mein] (arbeitsspeicher|speicher)',
            'wie viel arbeitsspeicher war (belegt|frei)',
            '(verlauf [des] arbeitsspeichers|arbeitsspeicherverlauf)',
        ],
        ar: ['كيف كانت الذاكرة', 'كم كانت الذاكرة المستخدمة', 'هل كانت الذاكرة ممتلئة'],
    },
    times: 'any',
    examples: () => [_('How was memory today?')],
    async *answer(question) {
        const { format } = question;
        const all = await measured(question);
        const known = all.filter(({ memory }) => memory !== null);
        const fullest = most(known, ({ memory }) => memory);
        if (fullest === null) {
            yield unknown(question);
            return;
        }
        const values = {
            most: format.percent(fullest.memory ?? 0),
            average: format.percent(averageOf(all, ({ memory }) => memory) ?? 0),
            when: format.when(middle(fullest)),
        };
        const words = (share: number) => format.percent(share);
        drawCourse(question, all, { title: _('Memory'), of: ({ memory }) => memory, words });
        const waited = most(all, ({ waits }) => waits.memory);
        const isShort = (waited?.waits.memory ?? 0) >= noticeable;
        yield `${
            isShort
                ? _('Memory was short: at most {most} of it was in use, {when}; on average {average}.', values)
                : _('There was enough memory: at most {most} of it was in use, {when}; on average {average}.', values)
        }\n\n`;
        if (waited !== null && isShort)
            yield item(
                _('Programs waited for memory {share} of the time, and at worst {most} of it, {when}.', {
                    share: format.percent(averageOf(all, ({ waits }) => waits.memory) ?? 0),
                    most: format.percent(waited.waits.memory ?? 0),
                    when: format.when(middle(waited)),
                }),
            );
        const swapped = most(all, ({ swap }) => swap);
        if (swapped !== null && swapped.swap !== null)
            yield item(_('At most {share} of the swap was in use.', { share: format.percent(swapped.swap) }));
        question.suggest(_('What is using memory?'));
    },
};

export const heatBefore: Answer = {
    id: 'heat-before',
    phrases: {
        en: [
            'when (did|was) [my|the|this] (computer|laptop|processor|cpu|it) (get|become) [so|too] (hot|warm)',
            'when was [my|the|this] (computer|laptop|processor|cpu|it) [so|too] (hot|hottest|warm)',
            'how (hot|warm) (was|did) [my|the|this] (computer|laptop|processor|cpu|it) [get|become]',
            'was [my|the|this] (computer|laptop|processor|cpu|it) [too] hot',
            'did [my|the|this] (computer|laptop|processor|cpu|it) (overheat|get [too] hot)',
        ],
        de: [
            'wann (war|wurde) [der|mein] (rechner|laptop|prozessor|es) [so|zu|am] (heiß|heißesten|warm)',
            'wie (heiß|warm) (war|wurde) [der|mein] (rechner|laptop|prozessor|es)',
        ],
        ar: ['متى (سخن|اصبح ساخنا) (الجهاز|الحاسوب|المعالج)', 'كم كانت درجة الحرارة'],
    },
    times: 'any',
    examples: () => [_('When did it get hot?')],
    async *answer(question) {
        const { format } = question;
        const all = await measured(question);
        if (all.length === 0) {
            yield unknown(question);
            return;
        }
        const hottest = most(all, ({ celsius }) => celsius);
        if (typeof hottest?.celsius !== 'number') {
            yield `${_('No temperature sensor can be read (/sys/class/hwmon).')}\n`;
            return;
        }
        drawCourse(question, all, {
            title: _('Temperature'),
            of: ({ celsius }) => (celsius === null ? null : celsius / scale),
            words: share => format.celsius(share * scale),
        });
        const values = { celsius: format.celsius(hottest.celsius), when: format.when(middle(hottest)) };
        yield `${
            hottest.celsius >= hotFrom
                ? _('It was hottest {when}: {celsius}.', values)
                : _('It did not get hot in that time: the hottest was {celsius}, {when}.', values)
        }\n`;
        yield* programs(question, [hottest], ({ seconds }) => seconds);
        question.suggest(_('How hot is this computer?'));
    },
};

export const batteryUse: Answer = {
    id: 'battery-use',
    phrases: {
        en: [
            '(what|which program|which app|who) (used|drained|ate|emptied|is using|uses|drains|needs) [up] [all|most of] [my|the] battery',
            '(what|which program|which app) (uses|needs|used|took) [the] most (battery|power)',
            'why (did|does|is) my battery (drain|draining|discharge|empty) [so] (fast|quickly)',
            'how much battery (was used|did i use|did it use)',
        ],
        de: [
            '(was|wer|welches programm) (frisst|braucht|verbraucht) [so viel] [meinen|den] (akku|strom)',
            '(was|wer|welches programm) hat [meinen|den] akku (verbraucht|leer gesaugt|geleert|gefressen)',
            'warum (ist|war) der akku so schnell leer',
            'wie viel akku wurde verbraucht',
        ],
        ar: ['ما الذي (استهلك|يستهلك|استنزف) البطارية', 'لماذا (تنفد|نفدت) البطارية بسرعة'],
    },
    times: 'any',
    examples: () => [_('What used the battery?')],
    async *answer(question) {
        const { format } = question;
        const all = await measured(question);
        if (all.length > 0 && all.every(({ battery }) => battery === null)) {
            yield `${_('This computer has no battery.')}\n`;
            return;
        }
        const onBattery = all.filter(({ drained }) => drained > 0);
        const note = `\n${_('Power use is not measured for each program. Programs that keep the processor busy usually use the most.')}\n`;
        if (onBattery.length === 0) {
            yield all.length === 0 ? unknown(question) : `${_('The battery was not used in that time.')}\n`;
            yield note;
            question.suggest(_('What is using the processor?'));
            return;
        }
        const words = (share: number) => format.percent(share);
        drawCourse(question, all, { title: _('Battery'), of: ({ battery }) => battery, words });
        const [first] = heaviest(onBattery, ({ drained }) => drained);
        const values = {
            share: format.percent(onBattery.reduce((sum, { drained }) => sum + drained, 0)),
            duration: format.duration(onBattery.reduce((sum, { seconds }) => sum + seconds, 0)),
        };
        yield `${
            first === undefined
                ? _('The battery lost {share} in {duration}.', values)
                : _('The battery lost {share} in {duration}. Meanwhile, {name} kept the processor busiest.', {
                      ...values,
                      name: await ownerName(question, first.owner),
                  })
        }\n`;
        yield* programs(question, onBattery, ({ drained }) => drained);
        yield note;
        question.suggest(_('How full is the battery?'));
    },
};
