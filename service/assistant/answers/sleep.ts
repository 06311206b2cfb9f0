import { _, ngettext } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { canSleep, readInhibitors } from '../../machine/hardware/inhibitors.ts';
import type { Inhibitor } from '../../machine/hardware/inhibitors.ts';
import { readPower } from '../../machine/hardware/power.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain } from '../markup.ts';
import { describeIncident, openIncidents } from './incidents.ts';

const locksShown = 8;
const settings = 'org.gnome.settings-daemon.plugins.power';
/** The part of the family of faults that concerns sleep; the others are about start and shutdown. */
const ofSleep = new Set(['failed', 'inhibitor']);

export const sleep: Answer = {
    id: 'sleep',
    phrases: {
        en: [
            'what (stops|keeps|prevents) [the|my] (laptop|computer) from (sleeping|suspending)',
            'what keeps [the|my] computer awake',
            'why does (it|the computer|my laptop) not (suspend|sleep|go to sleep)',
            'why does my laptop not [go to] sleep',
            'when did [the|my] computer [last] sleep',
            'why does it stay awake [when i close the lid]',
            'why does the screen not turn off',
            '(what|which program) (prevents|blocks|inhibits) (sleep|suspend|standby)',
        ],
        de: [
            'was hält [den|meinen] (rechner|computer) wach',
            'warum geht (er|der laptop|der rechner) nicht in (den|die) (ruhezustand|bereitschaft|standby)',
            '(welches programm|was) verhindert (den|die) (standby|ruhezustand|bereitschaft)',
            'warum geht der bildschirm nicht aus',
        ],
        ar: [
            'ما الذي يبقي الحاسوب مستيقظا',
            'لماذا لا ينام (الحاسوب|الجهاز)',
            'ما الذي يمنع [الجهاز] [من] (السكون|النوم)',
        ],
    },
    times: 'any',
    examples: () => [_('What keeps the computer awake?')],
    async *answer(question) {
        const { machine, signal } = question;
        const held = await readInhibitors(machine, signal);
        const awake = (held ?? []).filter(inhibitor => !isOfLid(inhibitor));
        yield `${held === null ? _('What keeps this computer awake is not known, because systemd-logind is not available.') : opening(awake)}\n`;
        if (awake.length > 0) yield '\n';
        for (const inhibitor of awake.slice(0, locksShown)) {
            question.cite(inhibitor.evidence);
            yield item(describe(inhibitor));
        }
        if (held?.length === 0) question.cite(fact('system', 'org.freedesktop.login1 ListInhibitors', 'none blocks'));
        for (const { who, why, evidence } of (held ?? []).filter(isOfLid).slice(0, locksShown)) {
            question.cite(evidence);
            const values = { program: code(who), reason: plain(why || _('no reason given')) };
            yield `\n${_('Closing the lid does not suspend it, because of {program}: {reason}', values)}\n`;
        }
        const able = await canSleep(machine, signal);
        if (able === 'unable') yield `\n${_('The hardware or kernel of this computer does not support sleep.')}\n`;
        if (able === 'off') yield `\n${_('Sleep is turned off on this computer, or you are not allowed to use it.')}\n`;
        yield* describeSettings(question, able === 'unable' || able === 'off');
        yield* describeLast(question);
        for (const incident of openIncidents(question))
            if (incident.family === 'suspend' && ofSleep.has(incident.kind))
                yield `\n${describeIncident(question, incident)}`;
    },
};

/** The desktop's own inhibitor, as long as a monitor is attached; it blocks no other sleep. */
const isOfLid = ({ what }: Inhibitor) => what === 'lid';

function opening(awake: readonly Inhibitor[]): string {
    if (awake.length === 0) return _('No program keeps the computer awake.');
    return ngettext(
        '{count} program keeps the computer awake:',
        '{count} programs keep the computer awake:',
        // A program may hold several locks: a browser holds one for each tab that plays.
        new Set(awake.map(({ who }) => who)).size,
    );
}

function describe({ who, why, what }: Inhibitor): string {
    const values = { program: code(who), reason: plain(why || _('no reason given')) };
    return what === 'idle'
        ? _('{program}, while the computer is idle: {reason}', values)
        : _('{program}: {reason}', values);
}

/** Whether GNOME sends the computer to sleep by itself: its settings daemon's keys, one pair on mains, one on the battery. */
async function* describeSettings(
    { machine, format, signal, cite }: Question,
    cannot: boolean,
): AsyncGenerator<string, void> {
    const power = (await readPower(machine, signal))?.plugged === false ? 'battery' : 'ac';
    const read = async (key: string) => {
        const value = (await machine.run('gsettings', ['get', settings, key], { signal }))?.trim() ?? '';
        if (value !== '') cite(fact('system', `gsettings ${settings} ${key}`, value));
        return value;
    };
    const type = await read(`sleep-inactive-${power}-type`);
    const timeout = await read(`sleep-inactive-${power}-timeout`);
    if (type === '' || timeout === '') return;
    const seconds = Number(timeout);
    if (type === "'nothing'" || seconds === 0) {
        yield `\n${_('GNOME is set not to suspend it automatically. To change this, open Settings → Power.')}\n`;
        return;
    }
    if (type !== "'suspend'" || Number.isNaN(seconds) || cannot) return;
    const duration = format.duration(seconds);
    yield `\n${_('GNOME suspends it after {duration} of inactivity.', { duration })}\n`;
}

function* describeLast({ timeline, format, clock, cite }: Question): Generator<string, void> {
    const [last] = timeline
        .query({ since: 0, until: clock(), kinds: ['suspend'], limit: 50 })
        .filter(({ event }) => event === 'suspend')
        .sort((one, other) => other.time - one.time);
    if (last === undefined) return;
    cite({ ...fact('system', `timeline entry ${last.id}`, last.summary), time: last.time });
    yield `\n${_('It was last suspended {when}.', { when: format.when(last.time) })}\n`;
}
