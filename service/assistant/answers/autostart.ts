import { _, ngettext } from '../../i18n/i18n.ts';
import { readAutostart } from '../../machine/desktop/autostart.ts';
import type { AutostartEntry } from '../../machine/desktop/autostart.ts';
import { fact } from '../../machine/evidence.ts';
import { manager } from '../../machine/units/systemd.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain, strong } from '../markup.ts';

const listed = 15;

/** What starts at log-in: autostart entries of the desktop, and the user's own units. */
export const autostart: Answer = {
    id: 'autostart',
    phrases: {
        en: [
            'what opens [automatically] after login',
            '(which|what) (programs|apps) (start|launch|run) (at login|automatically|at startup|by themselves)',
            'what (starts|runs) (automatically|at startup|when i log in) [when i log in]',
            '(autostart|startup) (programs|applications|apps|entries)',
            '(which|what) (programs|apps) start when i log in',
            '[list|show] [my] autostart [entries]',
        ],
        de: [
            'was startet beim (anmelden|login)',
            'welche programme starten wenn ich mich anmelde',
            'welche (programme|anwendungen) starten (beim anmelden|automatisch|mit dem system)',
            'was startet automatisch',
            '[zeige] [mir] [den] autostart',
            'autostart programme',
        ],
        ar: [
            'ما الذي يعمل تلقائيا عند الدخول',
            'ما البرامج التي (تبدا|تعمل) (تلقائيا|عند تسجيل الدخول|عند بدء التشغيل)',
            'ما الذي يبدا تلقائيا',
            'البرامج التي تعمل عند بدء التشغيل',
        ],
    },
    named: 'may',
    examples: () => [_('Which programs start when I log in?')],
    async *answer(question) {
        const { machine, format, cite } = question;
        const read = await readAutostart(machine, format.languages);
        if (read === null) yield `${_('The folders with autostart entries cannot be read.')}\n`;
        else {
            const { entries, off, folders } = read;
            for (const folder of folders)
                cite(
                    fact(
                        'file',
                        folder,
                        entries
                            .filter(({ path }) => path.startsWith(`${folder}/`))
                            .map(({ path, program }) => `${path}: ${program}`)
                            .join('; '),
                    ),
                );
            yield* describeEntries(question, entries);
            if (off > 0)
                yield `\n${ngettext('{count} entry is switched off.', '{count} entries are switched off.', off, { count: format.number(off) })}\n`;
        }
        yield* describeUnits(question);
        question.suggest(_('What slows down the start of the computer?'));
    },
};

function* describeEntries(question: Question, all: readonly AutostartEntry[]): Generator<string, void> {
    const { format, understanding } = question;
    const isNamed = ({ path, name, program }: AutostartEntry) =>
        understanding.names.some(named => [path, name, program].some(text => text.toLowerCase().includes(named)));
    const named = all.filter(isNamed);
    if (understanding.names.length > 0 && named.length === 0)
        yield `${_('No entry starts {program} at log-in.', { program: format.list(understanding.names.map(code)) })}\n\n`;
    const entries = named.length > 0 ? named : all;
    // What people can switch off, and what fails, is told by name; parts of the desktop only by their number.
    const own = entries.filter(entry => !entry.isHidden || entry.isMissing || named.length > 0);
    yield own.length === 0
        ? `${_('No program is set to start at log-in.')}\n`
        : `${ngettext('{count} program is set to start at log-in:', '{count} programs are set to start at log-in:', own.length, { count: format.number(own.length) })}\n\n`;
    for (const { name, program, path, isMissing } of own.slice(0, listed)) {
        const values = { name: strong(plain(name)), program: code(program), path: code(path) };
        yield item(
            isMissing
                ? _('{name} cannot start: its program {program} is missing ({path}).', values)
                : _('{name}: {program}', values),
        );
    }
    if (own.length > listed) yield item(_('and {count} more', { count: format.number(own.length - listed) }));
    const parts = entries.length - own.length;
    if (parts > 0)
        yield `\n${ngettext('{count} part of the desktop starts at log-in.', '{count} parts of the desktop start at log-in.', parts, { count: format.number(parts) })}\n`;
}

async function* describeUnits({ systemd, format, signal, cite }: Question): AsyncGenerator<string, void> {
    if (!systemd.isReachable('user')) return;
    const files = await systemd.listFiles('user', { signal });
    const names = files
        .filter(({ state }) => state === 'enabled')
        .map(({ name }) => name)
        .filter(name => name.endsWith('.service'))
        .sort();
    cite(fact('systemd', manager.destination, `enabled units of the user: ${names.join(', ')}`));
    if (names.length === 0) return;
    const shown = names.slice(0, listed).map(name => code(name));
    const more =
        names.length > listed
            ? [
                  ngettext('{count} more', '{count} more', names.length - listed, {
                      count: format.number(names.length - listed),
                  }),
              ]
            : [];
    yield `\n${_('Services of your session that are enabled: {units}', { units: format.list([...shown, ...more]) })}\n`;
}
