import { _, ngettext } from '../../i18n/i18n.ts';
import { readSessions } from '../../tools/sessions.ts';
import type { Answer } from '../answer.ts';
import { code, item } from '../markup.ts';

export const users: Answer = {
    id: 'users',
    keys: [['user'], ['who', 'computer']],
    also: ['state', 'last', 'recent', 'today', 'uptime', 'network', 'unit', 'usage'],
    never: ['package', 'command'],
    examples: () => [_('Who is logged in?')],
    async *answer(question) {
        const sessions = await readSessions(question.machine, question.signal);
        if (sessions === null) {
            yield `${_('systemd-logind is not here, and it is what keeps the list of sessions.')}\n`;
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
