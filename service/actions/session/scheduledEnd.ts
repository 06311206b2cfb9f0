import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readProperties } from '../../machine/properties.ts';
import { localTime } from '../../text/localTime.ts';
import { defineAction, noParameters } from '../action.ts';
import type { Surroundings } from '../surroundings.ts';
import type { SlotValues } from '../wish.ts';

const kinds = ['poweroff', 'reboot'] as const;
type Kind = (typeof kinds)[number];
/** `at` in seconds since the Unix epoch. */
const parameters = z.strictObject({
    kind: z.enum(kinds),
    at: z
        .int()
        .min(0)
        .max(2 ** 33),
});

const bus = 'org.freedesktop.login1';
const login = { destination: bus, path: '/org/freedesktop/login1', interface: `${bus}.Manager` };
/** Microseconds since the Unix epoch; empty and anything when nothing is scheduled. */
const properties = z.object({ ScheduledShutdown: z.tuple([z.string().max(64), z.coerce.number()]) });
/** Nobody means a time further away. Seconds. */
const furthest = 7 * 24 * 3600;
const touches = () => ['scheduled shutdown'];

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

const units: SlotValues = {
    '60': ['(minute|minutes|min|minuten|دقيقة|دقائق)'],
    '3600': ['(hour|hours|stunde|stunden|ساعة|ساعات)'],
};
const later = {
    en: ['(in|after) {number} {unit}', 'in [{half}] {unit}'],
    de: ['(in|nach) {number} {unit}', 'in [{half}] {unit}'],
    ar: ['بعد {number} {unit}', 'بعد [{half}] {unit}'],
};
/** “In half an hour”, “in an hour”: articles are dropped. */
const halves: SlotValues = { '0.5': ['(half|halben|halbe|نصف)'] };
const verbs: Record<Kind, { en: string; de: readonly string[]; ar: string }> = {
    poweroff: {
        en: '(shut down|shutdown|power off|turn off|switch off) [computer|pc|laptop|machine]',
        de: [
            '(fahre|schalte) (rechner|computer|laptop) WHEN (herunter|aus)',
            '[rechner|computer|laptop] WHEN (herunterfahren|ausschalten)',
        ],
        ar: '(اطفئ|أغلق|إيقاف) (حاسوب|جهاز)',
    },
    reboot: {
        en: '(restart|reboot) [computer|pc|laptop|machine]',
        de: ['starte (rechner|computer|laptop) WHEN neu', '[rechner|computer|laptop] WHEN neu starten'],
        ar: '(اعد تشغيل|إعادة تشغيل) (حاسوب|جهاز)',
    },
};

/** Has the computer turn off or restart at a time; logind warns everybody before. */
export const shutdownSchedule = defineAction({
    name: 'session.schedule',
    parameters,
    touches,
    wishes: kinds.map(kind => ({
        phrases: {
            en: later.en.map(when => `${verbs[kind].en} ${when}`),
            de: later.de.flatMap(when => verbs[kind].de.map(verb => verb.replace('WHEN', when))),
            ar: later.ar.map(when => `${verbs[kind].ar} ${when}`),
        },
        slots: { unit: units, half: halves },
        parameters: ({ number, half = '1', unit = '' }) => {
            const delay = Number(number ?? half) * Number(unit);
            if (!(delay > 0 && delay <= furthest)) return [];
            return [{ kind, at: Math.ceil((Date.now() / 1000 + delay) / 60) * 60 }];
        },
    })),
    async plan({ kind, at }, asked) {
        const scheduled = await readScheduled(asked);
        if (scheduled !== null)
            throw new ReeveError('InvalidState', _('It is already planned: {plan}', { plan: titleOf(scheduled) }));
        const now = Date.now() / 1000;
        if (at <= now || at > now + furthest)
            throw new ReeveError('InvalidState', _('{time} is over, or too far away', { time: shown(at) }));
        return {
            title: titleOf({ kind, at }),
            steps: [schedule({ kind, at })],
            risk: 'medium',
            riskText: _('What is not saved by then is lost.'),
            undo: { text: _('Cancels it'), steps: [cancel()] },
            authentication: false,
            preconditions: { 'scheduled shutdown': '' },
        };
    },
    async verify({ kind, at }, asked) {
        const scheduled = await readScheduled(asked);
        const gone = scheduled?.kind === kind && scheduled.at === at;
        return { gone, detail: gone ? '' : _('Nothing is planned for then') };
    },
});

/** Cancels what was scheduled. */
export const shutdownCancel = defineAction({
    name: 'session.cancelSchedule',
    parameters: noParameters,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    '(cancel|stop|abort) [scheduled|planned] (shutdown|shut down|restart|reboot)',
                    '(do not|dont) (shut down|restart) [computer] [after all]',
                ],
                de: [
                    '[geplantes|geplanten] (herunterfahren|neustart|ausschalten) abbrechen',
                    '(brich|breche) [geplantes|geplanten] (herunterfahren|neustart) ab',
                ],
                ar: ['(الغ|إلغاء) (إيقاف تشغيل|إعادة تشغيل|إطفاء) [مجدول]'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, asked) {
        const scheduled = await readScheduled(asked);
        if (scheduled === null) throw new ReeveError('InvalidState', _('Nothing is planned'));
        const before = titleOf(scheduled);
        return {
            title: _('Cancel what is planned: {plan}', { plan: before }),
            steps: [cancel()],
            risk: 'low',
            riskText: _('The computer stays on.'),
            undo: { text: _('Plans it again'), steps: [schedule(scheduled)] },
            authentication: false,
            preconditions: { 'scheduled shutdown': `${scheduled.kind} ${scheduled.at}` },
        };
    },
    async verify(_parameters, asked) {
        const scheduled = await readScheduled(asked);
        return { gone: scheduled === null, detail: scheduled === null ? '' : titleOf(scheduled) };
    },
});

type Scheduled = { kind: Kind; at: number };

/** null for nothing. @throws ReeveError InvalidState without logind, and for what no plan here can set back, such as a rehearsal */
async function readScheduled({ machine, signal }: Asked): Promise<Scheduled | null> {
    const { data } = properties.safeParse(await readProperties(machine?.system ?? null, login, signal));
    if (data === undefined) throw new ReeveError('InvalidState', _('systemd-logind is not running'));
    const [name, microseconds] = data.ScheduledShutdown;
    if (name === '') return null;
    const kind = kinds.find(each => each === name);
    if (kind === undefined) throw new ReeveError('InvalidState', _('Another program has planned “{name}”', { name }));
    return { kind, at: Math.floor(microseconds / 1e6) };
}

/** ScheduleShutdown(type, usec) of org.freedesktop.login1(5). */
function schedule({ kind, at }: Scheduled) {
    return {
        description: titleOf({ kind, at }),
        command: `shutdown ${kind === 'reboot' ? '--reboot' : '--poweroff'} ${shown(at).slice(11)}`,
        call: {
            bus: 'system' as const,
            ...login,
            member: 'ScheduleShutdown',
            signature: 'st',
            arguments: [kind, at * 1e6],
        },
    };
}

function cancel() {
    return {
        description: _('Cancel what is planned'),
        command: 'shutdown -c',
        call: { bus: 'system' as const, ...login, member: 'CancelScheduledShutdown', signature: '', arguments: [] },
    };
}

function titleOf({ kind, at }: Scheduled): string {
    const time = shown(at);
    return kind === 'reboot'
        ? _('Restart the computer at {time}', { time })
        : _('Turn the computer off at {time}', { time });
}

/** To the minute. */
function shown(at: number): string {
    return localTime(at * 1e6).slice(0, 16);
}
