import { _, ngettext } from '../../i18n/i18n.ts';
import { manager } from '../../machine/units/systemd.ts';
import { fact } from '../../machine/evidence.ts';
import { loadedUnits } from '../../machine/units/units.ts';
import type { Question } from '../answer.ts';
import { code, item } from '../markup.ts';

const listed = 20;
type Kind = 'service' | 'timer' | 'socket';

/** The units of a kind that run, and those that have failed; services, when the question names no other kind. */
export async function* listUnits(question: Question): AsyncGenerator<string, void> {
    const { systemd, signal, format } = question;
    const loaded = await loadedUnits(systemd, signal, ['active', 'failed']);
    if (loaded === null) {
        yield `${_('There is no systemd here, so units cannot be listed.')}\n`;
        return;
    }
    const kind = askedKind(question);
    const own = loaded.filter(({ name, subState }) => name.endsWith(`.${kind}`) && subState !== 'exited');
    const failed = own.filter(({ activeState }) => activeState === 'failed');
    const active = own.filter(({ activeState }) => activeState === 'active');
    const counts = `${active.length} active and ${failed.length} failed units of type ${kind}`;
    question.cite(fact('systemd', manager.destination, counts));
    const values = { active: activeText(kind, active.length), failed: format.number(failed.length) };
    yield `${failed.length === 0 ? _('{active}.', values) : _('{active}; {failed} have failed.', values)}\n\n`;
    for (const { name } of [...failed, ...active].slice(0, listed)) yield item(code(name));
    if (own.length > listed) yield item(_('and {count} more', { count: format.number(own.length - listed) }));
    question.suggest(_('What failed, and why?'));
}

function askedKind({ understanding }: Question): Kind {
    const names = (kind: Kind) => understanding.tokens.some(({ text }) => text.startsWith(kind));
    if (names('timer')) return 'timer';
    return names('socket') ? 'socket' : 'service';
}

function activeText(kind: Kind, count: number): string {
    switch (kind) {
        case 'service':
            return ngettext('{count} service is running', '{count} services are running', count);
        case 'timer':
            return ngettext('{count} timer is waiting', '{count} timers are waiting', count);
        case 'socket':
            return ngettext('{count} socket is listening', '{count} sockets are listening', count);
    }
}
