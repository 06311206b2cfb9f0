import { _, ngettext } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { readPackageUpdates } from '../../machine/packages/packageUpdates.ts';
import type { Answer } from '../answer.ts';
import { code, item } from '../markup.ts';

const shown = 10;

export const updates: Answer = {
    id: 'updates',
    phrases: {
        en: [
            '[are there] [any|security] updates [available|waiting|pending]',
            'how many updates are (there|pending|waiting|available)',
            '(which|what) packages can be updated',
            'is my (computer|system) up to date',
            'when were the package lists [last] refreshed',
            'do i need updates',
        ],
        de: [
            '[gibt es|welche] [gibt es] updates',
            '(gibt es|stehen) (sicherheitsupdates|updates) [an]',
            'welche pakete können aktualisiert werden',
            'ist mein (rechner|system|computer) [auf dem neuesten stand]',
            'ist mein (rechner|system|computer) aktuell',
            'brauche ich updates',
        ],
        ar: ['هل (توجد|هناك) تحديثات [متاحة]', 'ما الحزم التي يمكن تحديثها', 'هل النظام محدث'],
    },
    examples: () => [_('Are there updates?')],
    async *answer({ machine, format, signal, cite, suggest }) {
        const read = await readPackageUpdates(machine, signal);
        if (read === null) {
            yield `${_('Neither apt nor dnf nor pacman is available, so updates cannot be listed.')}\n`;
            return;
        }
        const { manager, updates: known, command } = read;
        cite(fact('system', command, `${known.length} updates`));
        yield `${
            known.length === 0
                ? _('{program} knows of no update.', { program: code(manager) })
                : ngettext('{program} knows of {count} update:', '{program} knows of {count} updates:', known.length, {
                      program: code(manager),
                  })
        }\n`;
        if (known.length > 0) yield '\n';
        for (const { name, to } of known.slice(0, shown))
            yield item(_('{package}, version {version}', { package: code(name), version: code(to) }));
        if (known.length > shown) yield item(_('and {count} more', { count: format.number(known.length - shown) }));
        yield `\n${_('This is the list that was downloaded last. I did not check for newer updates.')}\n`;
        suggest(_('What was installed this week?'));
    },
};
