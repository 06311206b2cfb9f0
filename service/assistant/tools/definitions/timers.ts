import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { code } from '../../markup.ts';
import { fact } from '../../../machine/evidence.ts';
import { moment } from '../figures.ts';
import { parseJson } from '../../../machine/run.ts';
import { listed } from '../listed.ts';
import { notHere, toldTool } from '../tool.ts';

/** systemctl(1), list-timers --output=json: times in microseconds since the Unix epoch, 0 or null for never. */
const timerList = z.array(
    z.object({
        next: z.number().nullish(),
        last: z.number().nullish(),
        unit: z.string(),
        activates: z.string().nullish(),
    }),
);

const shown = 15;

export const timers = toldTool({
    name: 'timers',
    description: 'Timers of systemd: what is started regularly, when it ran last and when it runs next.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(which|what) timers (are there|exist|run|are active)',
                'what runs (every night|every day|regularly|daily|weekly|hourly|at night)',
                '(which|what) (jobs|tasks|timers) are (scheduled|planned)',
                '(list|show) [all] timers',
                'scheduled (jobs|tasks|timers)',
                'when does the next timer (fire|run|start)',
                'when (was|did) [the] {word} timer [last] (run|start|fire)',
                '[are there] cron [like] jobs',
                'next timer',
            ],
            de: [
                'welche timer (gibt es|laufen|sind aktiv)',
                'was läuft (regelmäßig|jede nacht|täglich|nachts|wöchentlich)',
                'wann läuft der nächste timer',
                'welche (aufgaben|jobs) sind geplant',
                '(geplante aufgaben|timer|cronjobs)',
            ],
            ar: ['(ما|ما هي) المؤقتات [الموجودة]', '(ما|ما هي) المهام (المجدولة|المخططة)'],
        },
        slots: { word: { backup: ['backup', 'apt', 'logrotate', 'fstrim', 'update'] } },
        example: () => _('Which timers are there?'),
    },
    absent: () => _('There are no timers to list: systemd does not run here.'),
    async find(_values, { machine, signal }, cite) {
        const found: (z.output<typeof timerList>[number] & { scope: 'system' | 'user' })[] = [];
        let managers = 0;
        for (const scope of ['system', 'user'] as const) {
            const argv = [`--${scope}`, 'list-timers', '--all', '--no-pager', '--output=json'];
            const output = await machine.run('systemctl', argv, { signal });
            // Without its manager systemctl prints nothing and says so with its exit status.
            if (output === null || output.trim() === '') continue;
            const list = parseJson('systemctl', timerList, output);
            managers += 1;
            cite(fact('systemd', `systemctl ${argv.join(' ')}`, `${list.length} timers`));
            found.push(...list.map(timer => ({ ...timer, scope })));
        }
        if (managers === 0) throw notHere('systemd', 'systemctl');
        return found;
    },
    write(found, out, _values, clock) {
        const time = (value: number | null | undefined) => (value ? moment(value, clock()) : 'never');
        for (const scope of ['system', 'user'] as const)
            out.list(
                scope === 'system' ? 'Timers of the system' : 'Timers of the user',
                found.filter(timer => timer.scope === scope),
                ({ unit, activates, next, last }) =>
                    `${unit} starts ${activates ?? '?'}: last ${time(last)}, next ${time(next)}`,
                15,
            );
    },
    *tell(found, format) {
        // Those that never run again come last: systemctl gives them no time, or 0.
        const due = found.toSorted((a, b) => Number(!a.next) - Number(!b.next) || (a.next ?? 0) - (b.next ?? 0));
        const [first] = due;
        if (first === undefined) {
            yield `${_('No timer is set.')}\n`;
            return;
        }
        const name = (unit: string) => code(safeText(unit, 120));
        yield first.next
            ? `${_('The next timer is {timer}, {when}.', { timer: name(first.unit), when: format.when(first.next) })}\n\n`
            : `${_('No timer is due to run again.')}\n\n`;
        yield* listed(due, shown, format, ({ unit, next, last }) => {
            const values = {
                timer: name(unit),
                next: next ? format.when(next) : '',
                last: last ? format.when(last) : '',
            };
            if (!next) return _('{timer}: not due again', values);
            else if (!last) return _('{timer}: next {next}, has not run yet', values);
            else return _('{timer}: next {next}, last {last}', values);
        });
    },
});
