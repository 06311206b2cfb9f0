import { _, ngettext } from '../../i18n/i18n.ts';
import { fact } from '../../tools/evidence.ts';
import { canSleep, readInhibitors } from '../../tools/inhibitors.ts';
import type { Inhibitor } from '../../tools/inhibitors.ts';
import { readPower } from '../../tools/power.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain } from '../markup.ts';
import { describeIncident, openIncidents } from './incidents.ts';

const locksShown = 8;
const settings = 'org.gnome.settings-daemon.plugins.power';

export const sleep: Answer = {
    id: 'sleep',
    keys: [['sleep']],
    also: [
        'broken',
        'failure',
        'last',
        'recent',
        'today',
        'yesterday',
        'application',
        'state',
        'uptime',
        'battery',
        'command',
    ],
    examples: () => [_('What keeps the computer awake?')],
    async *answer(question) {
        const { machine, signal } = question;
        const held = await readInhibitors(machine, signal);
        yield `${opening(held)}\n`;
        if (held !== null && held.length > 0) yield '\n';
        for (const inhibitor of (held ?? []).slice(0, locksShown)) {
            question.cite(inhibitor.evidence);
            yield item(describe(inhibitor));
        }
        if (held?.length === 0) question.cite(fact('system', 'org.freedesktop.login1 ListInhibitors', 'none blocks'));
        if ((await canSleep(machine, signal)) === false)
            yield `\n${_('The hardware or the kernel of this computer cannot sleep.')}\n`;
        yield* describeSettings(question);
        yield* describeLast(question);
        for (const incident of openIncidents(question))
            if (incident.family === 'suspend') yield `\n${describeIncident(question, incident)}`;
    },
};

function opening(held: readonly Inhibitor[] | null): string {
    if (held === null) return _('What keeps this computer awake is not known: systemd-logind is not here.');
    if (held.length === 0) return _('No program keeps the computer from going to sleep.');
    return ngettext(
        '{count} program keeps the computer from going to sleep:',
        '{count} programs keep the computer from going to sleep:',
        held.length,
    );
}

function describe({ who, why, what }: Inhibitor): string {
    const values = { program: code(who), reason: plain(why || _('it gives no reason')) };
    switch (what) {
        case 'sleep':
            return _('{program}: {reason}', values);
        case 'idle':
            return _('{program}, while nobody uses the computer: {reason}', values);
        case 'lid':
            return _('{program}, when the lid is closed: {reason}', values);
    }
}

/** Whether GNOME sends the computer to sleep by itself: its settings daemon's keys, one pair on mains, one on the battery. */
async function* describeSettings({ machine, format, signal, cite }: Question): AsyncGenerator<string, void> {
    const power = (await readPower(machine, signal))?.plugged === false ? 'battery' : 'ac';
    const read = async (key: string) => {
        const value = (await machine.run('gsettings', ['get', settings, key], { signal }))?.trim() ?? '';
        if (value !== '') cite(fact('system', `gsettings ${settings} ${key}`, value));
        return value;
    };
    const type = await read(`sleep-inactive-${power}-type`);
    const seconds = Number(await read(`sleep-inactive-${power}-timeout`));
    if (type === '') return;
    if (type === "'nothing'" || seconds === 0) {
        yield `\n${_('GNOME is set not to send it to sleep by itself; Settings → Power changes that.')}\n`;
        return;
    }
    if (type !== "'suspend'" || Number.isNaN(seconds)) return;
    const duration = format.duration(seconds);
    yield `\n${_('GNOME sends it to sleep when nobody has used it for {duration}.', { duration })}\n`;
}

function* describeLast({ timeline, format, clock, cite }: Question): Generator<string, void> {
    const [last] = timeline
        .query({ since: 0, until: clock(), kinds: ['suspend'], limit: 50 })
        .filter(({ event }) => event === 'suspend')
        .sort((one, other) => other.time - one.time);
    if (last === undefined) return;
    cite({ ...fact('system', `timeline entry ${last.id}`, last.summary), time: last.time });
    yield `\n${_('It last went to sleep {when}.', { when: format.when(last.time) })}\n`;
}
