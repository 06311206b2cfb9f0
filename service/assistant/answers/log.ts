import { _ } from '../../i18n/i18n.ts';
import type { JournalEntry } from '../../model/journalEntry.ts';
import { fact } from '../../machine/evidence.ts';
import { entryFact } from '../../journal/facts.ts';
import type { Answer } from '../answer.ts';
import { code, item } from '../markup.ts';

const entriesRead = 200;
const sendersShown = 6;
const dayInMicroseconds = 86_400_000_000;

/** Priorities "error" and worse of syslog(3). */
const errorPriorities = ['PRIORITY=0', 'PRIORITY=1', 'PRIORITY=2', 'PRIORITY=3'];

export const log: Answer = {
    id: 'log',
    phrases: {
        en: [
            '(kernel messages|kernel log)',
            '[show] [the] last (warnings|messages) [from|in] [the] (log|system log|journal)',
            '[which|what|show] [me] [the] [last|journal] errors [are|of] [in] [the] (log|journal)',
            '(errors in the log|journal errors|kernel errors)',
            '[show] [me] [the] [last|system] (log|journal) [lines]',
            'what do the logs say',
            'what does the log say',
            'what errors did the journal record',
            'dmesg',
        ],
        de: [
            '(kernelmeldungen|kernmeldungen) [anzeigen]',
            'welche fehler stehen im protokoll',
            'was steht im (protokoll|log|journal)',
            '[zeige] [mir] [die] [letzten] (fehler|zeilen) im (log|protokoll|journal)',
            '[zeige] [mir] das (journal|protokoll|log)',
        ],
        ar: [
            'اعرض آخر رسائل النظام',
            'ما الاخطاء التي في السجل',
            '[اعرض] [آخر] الاخطاء في السجل',
            'ماذا يقول السجل',
            '[اعرض] السجل',
        ],
    },
    times: 'any',
    examples: () => [_('Which errors are in the log?')],
    async *answer(question) {
        const { journal, signal, clock, format, understanding } = question;
        const access = await journal.access();
        if (access === 'none') {
            yield `${_('The journal cannot be read here.')}\n`;
            return;
        }
        const window = understanding.window ?? { since: clock() - dayInMicroseconds, until: clock() };
        const entries = await journal.query({
            matches: errorPriorities,
            ...window,
            lines: entriesRead,
            reverse: true,
            signal,
        });
        const since = format.since(window.since);
        if (entries.length === 0)
            question.cite(fact('system', 'journalctl', `no entries with ${errorPriorities.join(' ')}`));
        if (entries.length === 0) yield `${_('The journal has no errors since {since}.', { since })}\n`;
        else if (entries.length < entriesRead)
            yield `${_('The journal has {count} errors since {since}.', { count: format.number(entries.length), since })}\n\n`;
        else
            yield `${_('The journal has more than {count} errors since {since}. These are some of the latest.', { count: format.number(entriesRead), since })}\n\n`;
        for (const [sender, own] of bySender(entries).slice(0, sendersShown)) {
            const [newest] = own;
            if (newest === undefined) continue;
            question.cite(entryFact(newest));
            const values = { sender: code(sender), count: format.number(own.length), message: code(newest.message) };
            yield item(
                own.length === 1
                    ? _('{sender}: {message}', values)
                    : _('{sender}, {count} times, last: {message}', values),
            );
        }
        if (access === 'own') yield `\n${_('You can read only your own part of the journal.')}\n`;
        question.suggest(_('What failed, and why?'));
    },
};

/** Who wrote how much, most first; the entries of each stay newest first. */
function bySender(entries: readonly JournalEntry[]): [string, JournalEntry[]][] {
    const groups = Map.groupBy(
        entries,
        ({ userUnit, unit, identifier, transport }) => userUnit ?? unit ?? identifier ?? transport ?? '?',
    );
    return [...groups].sort(([, a], [, b]) => b.length - a.length);
}
