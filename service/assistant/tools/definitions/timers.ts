import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { fact } from '../../../machine/evidence.ts';
import { moment } from '../figures.ts';
import { parseJson } from '../../../machine/run.ts';
import { notHere, tool } from '../tool.ts';

/** systemctl(1), list-timers --output=json: times in microseconds since the Unix epoch, 0 or null for never. */
const timerList = z.array(
    z.object({
        next: z.number().nullish(),
        last: z.number().nullish(),
        unit: z.string(),
        activates: z.string().nullish(),
    }),
);

export const timers = tool({
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
    async run(_values, { machine, clock, signal }, out) {
        let found = 0;
        for (const scope of ['system', 'user'] as const) {
            const argv = [`--${scope}`, 'list-timers', '--all', '--no-pager', '--output=json'];
            const output = await machine.run('systemctl', argv, { signal });
            // Without its manager systemctl prints nothing and says so with its exit status.
            if (output === null || output.trim() === '') continue;
            const list = parseJson('systemctl', timerList, output);
            found += 1;
            out.cite(fact('systemd', `systemctl ${argv.join(' ')}`, `${list.length} timers`));
            out.list(
                scope === 'system' ? 'Timers of the system' : 'Timers of the user',
                list,
                ({ unit, activates, next, last }) => {
                    const time = (value: number | null | undefined) => (value ? moment(value, clock()) : 'never');
                    return `${unit} starts ${activates ?? '?'}: last ${time(last)}, next ${time(next)}`;
                },
                15,
            );
        }
        if (found === 0) throw notHere('systemd', 'systemctl');
    },
});
