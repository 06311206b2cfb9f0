import { _, ngettext } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { readSessions } from '../../machine/desktop/sessions.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain } from '../markup.ts';
import type { TimeWindow } from '../time/window.ts';

const shown = 12;

export const users: Answer = {
    id: 'users',
    phrases: {
        en: [
            'who [else] is (logged in|using this computer|signed in)',
            '(which|list) users [are] logged in',
            'who logged in',
            'active sessions',
            'who am i',
            'since when am i logged in',
            'is (anyone|somebody|someone) [else] (logged in|connected) [by ssh]',
        ],
        de: [
            'wer ist [noch] (angemeldet|eingeloggt)',
            'ist [noch] jemand (angemeldet|eingeloggt|per ssh verbunden)',
            'wer hat sich angemeldet',
            'seit wann bin ich angemeldet',
        ],
        ar: ['من [المستخدم] (المسجل|مسجل) [الدخول] [الان]', 'هل هناك شخص آخر متصل بهذا الجهاز'],
    },
    times: 'any',
    examples: () => [_('Who is logged in?')],
    async *answer(question) {
        const { window, tokens } = question.understanding;
        // “Who is logged in today” asks for those who are there.
        const isOfNow =
            window !== null &&
            window.until >= question.clock() &&
            tokens.some(({ text }) => /^(?:is|are|ist|sind)$/.test(text));
        if (window !== null && !isOfNow) {
            yield* describeLogins(question, window);
            return;
        }
        const sessions = await readSessions(question.machine, question.signal);
        if (sessions === null) {
            yield `${_('systemd-logind, which keeps the list of sessions, is not available.')}\n`;
            return;
        }
        const people = new Set(sessions.map(({ user }) => user));
        yield `${ngettext('{count} person is logged in.', '{count} people are logged in.', people.size)}\n\n`;
        for (const session of sessions) {
            question.cite(session.evidence);
            const values = {
                user: code(session.user),
                since: question.format.since(session.since),
                host: code(session.remoteHost),
            };
            if (session.remote) yield item(_('{user}, from {host}, since {since}', values));
            else if (session.type === 'tty') yield item(_('{user}, in a text console, since {since}', values));
            else yield item(_('{user}, at this computer, since {since}', values));
        }
    },
};

/** Who came and went in a time that is over, as far as Reeve saw it. */
function* describeLogins({ timeline, format, cite }: Question, window: TimeWindow): Generator<string, void> {
    const entries = timeline
        .query({ ...window, kinds: ['session'], limit: 200 })
        .filter(({ event }) => event === 'login' || event === 'logout');
    if (entries.length === 0) {
        yield `${_('I saw no one log in or out in that time. I do not know about times when I was not running.')}\n`;
        return;
    }
    yield `${_('Who logged in and out in that time, as far as I saw:')}\n\n`;
    for (const { id, summary, time } of entries.slice(0, shown)) {
        cite({ ...fact('system', `timeline entry ${id}`, summary), time });
        yield item(_('{what}, {when}', { what: plain(summary), when: format.when(time) }));
    }
    if (entries.length > shown) yield item(_('and {count} more', { count: format.number(entries.length - shown) }));
}
