import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { manager } from '../../system/systemd.ts';
import { findBoots, readBootTime } from '../../tools/boots.ts';
import { fact } from '../../tools/evidence.ts';
import { readText } from '../../tools/machine.ts';
import { readProperties } from '../../tools/properties.ts';
import { readUptime } from '../../tools/uptime.ts';
import type { Answer, Question } from '../answer.ts';
import { item } from '../markup.ts';

const bootsShown = 4;

/** Microseconds; 0 for what has not happened, or not here. @see org.freedesktop.systemd1(5) */
const startTimes = z.object({
    KernelTimestamp: z.number(),
    UserspaceTimestampMonotonic: z.number(),
    FinishTimestampMonotonic: z.number(),
});

export const uptime: Answer = {
    id: 'uptime',
    keys: [['uptime'], ['boot'], ['shutdown']],
    also: ['last', 'recent', 'today', 'yesterday', 'hour', 'day', 'week', 'state', 'slow', 'failure'],
    examples: () => [_('How long has this computer been on?')],
    async *answer(question) {
        const { machine, format } = question;
        const [up, boot] = await Promise.all([readUptime(machine), readBootTime(machine)]);
        if (up === null || boot === null) {
            yield `${_('When the computer was started (/proc/uptime) cannot be read here.')}\n`;
            return;
        }
        question.cite(up.evidence, boot.evidence);
        yield `${_('The computer has been on for {duration}, since {since}.', {
            duration: format.duration(up.seconds),
            since: format.absolute(boot.time),
        })}\n\n`;
        yield* startDuration(question);
        if ((await readText(machine, '/run/reboot-required', 4096)) !== null) {
            question.cite(fact('file', '/run/reboot-required', 'present'));
            yield item(_('An update asks for a restart to take effect.'));
        }
        yield* earlierStarts(question);
        question.suggest(_('What changed recently?'));
    },
};

async function* startDuration({ machine, format, signal, cite }: Question): AsyncGenerator<string, void> {
    const { data } = startTimes.safeParse(await readProperties(machine.system, manager, signal));
    if (data === undefined || data.FinishTimestampMonotonic === 0) return;
    cite(fact('systemd', manager.destination, JSON.stringify(data)));
    // The clock starts with the kernel; in a container that is the kernel of its host, which says nothing of it.
    const begin = data.KernelTimestamp === 0 ? data.UserspaceTimestampMonotonic : 0;
    const duration = format.duration((data.FinishTimestampMonotonic - begin) / 1_000_000);
    yield item(_('Starting took {duration}, until the last service was up.', { duration }));
}

async function* earlierStarts({ machine, journal, format, signal, cite }: Question): AsyncGenerator<string, void> {
    if ((await journal.access()) !== 'system') {
        yield item(_('The system’s journal, which knows of earlier starts of the computer, cannot be read here.'));
        return;
    }
    const boots = await findBoots(machine, journal.query, { lines: bootsShown + 1 }, signal);
    const earlier = boots.filter(({ current }) => !current).slice(0, bootsShown);
    if (earlier.length === 0) yield item(_('The journal does not reach back to an earlier start.'));
    for (const { time, evidence } of earlier) {
        cite(evidence);
        yield item(_('Started before that: {when}', { when: format.when(time) }));
    }
}
