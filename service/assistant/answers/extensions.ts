import { _, ngettext } from '../../i18n/i18n.ts';
import { extensionStates, readExtensions, shellExtensions } from '../../machine/desktop/shellExtensions.ts';
import type { ShellExtension } from '../../machine/desktop/shellExtensions.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../../machine/evidence.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item } from '../markup.ts';
import { describeIncident, openIncidents } from './incidents.ts';

const namesShown = 12;
const reasonShown = 200;

/** Extensions of GNOME Shell: which are broken, which run. */
export const extensions: Answer = {
    id: 'extensions',
    phrases: {
        en: [
            '(which|what) [gnome|shell] extensions are (broken|enabled|on|active|installed)',
            'are my extensions ok',
            '[list|show] [all] my [shell|gnome] extensions',
        ],
        de: ['welche erweiterungen sind (kaputt|aktiv|installiert|an)', 'ist [eine] [gnome] erweiterung kaputt'],
        ar: ['(اي|ما) الإضافات (معطلة|مثبتة|المثبتة|المفعلة)', 'هل هناك إضافة معطلة'],
    },
    examples: () => [_('Which extensions are broken?')],
    async *answer(question) {
        const { machine, signal, format, cite } = question;
        const known = await readExtensions(machine.session, signal);
        if (known === null) {
            yield `${_('GNOME Shell is not available, so its extensions cannot be checked.')}\n`;
            return;
        }
        const on = known.filter(({ enabled }) => enabled);
        const working = on.filter(({ state }) => state === extensionStates.active);
        const broken = on.filter(isBroken);
        cite(
            fact(
                'system',
                `${shellExtensions.interface} ListExtensions`,
                `${known.length} extensions; ${on.map(({ uuid, state }) => `${uuid} ${state}`).join('; ')}`,
            ),
        );
        yield `${
            broken.length === 0
                ? _('No GNOME Shell extension is broken.')
                : ngettext(
                      '{count} GNOME Shell extension does not work:',
                      '{count} GNOME Shell extensions do not work:',
                      broken.length,
                  )
        }\n\n`;
        for (const extension of broken) yield item(whyBroken(extension));
        const names = working.slice(0, namesShown).map(({ name }) => code(name));
        const more = working.length - names.length;
        if (more > 0) names.push(ngettext('{count} more', '{count} more', more));
        yield item(
            names.length === 0
                ? _('No other extension is turned on.')
                : _('Turned on and working: {extensions}', { extensions: format.list(names) }),
        );
        yield* incidentsOf(question, broken);
    },
};

const isBroken = ({ state }: ShellExtension) => state === extensionStates.error || state === extensionStates.outOfDate;

function whyBroken({ name, state, error }: ShellExtension): string {
    const extension = code(name);
    if (state === extensionStates.outOfDate)
        return _('{extension} is made for another version of GNOME', { extension });
    const reason = code(safeText(error, reasonShown));
    return error === ''
        ? _('{extension} has an error', { extension })
        : _('{extension} has an error: {reason}', { extension, reason });
}

function* incidentsOf(question: Question, broken: readonly ShellExtension[]): Generator<string, void> {
    for (const incident of openIncidents(question))
        if (incident.family === 'desktop' && broken.some(({ uuid }) => uuid === incident.subject))
            yield `\n${describeIncident(question, incident)}`;
}
