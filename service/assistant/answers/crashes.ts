import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../../machine/evidence.ts';
import { findCrashes, isOfNamed } from '../../machine/processes/crashes.ts';
import type { Crash } from '../../machine/processes/crashes.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item } from '../markup.ts';
import { programsNamed } from '../understanding.ts';

const shown = 5;

export const crashes: Answer = {
    id: 'crashes',
    phrases: {
        en: [
            'how often does it crash',
            'my computer crashes [every day|often]',
            'what (crashed|was killed) [last|recently]',
            'what was the last crash',
            'when was the last crash',
            '(did|has) (any|a) (app|program) crash [recently]',
            '(did|has|does) (anything|something) (crash|crashed)',
            '[show] [me] [the] [latest|last|any] (coredumps|core dump|segfaults|crashes)',
            '[why] (did|does|has) (gnome shell|gnome-shell|my editor|{name}) (crash|crashed|freeze|hang) [often]',
            '(what|which) (program|app|programs|apps) crashed [last]',
            'programs that crashed',
            '[last] crashed (application|program)',
            'app crashed',
            '[why] (my system|my computer|my screen) (froze|freezes|freeze|hangs|crashed)',
            'why does my (system|computer|screen) (freeze|hang|crash)',
            'why did the app close by itself',
            'crashes',
        ],
        de: [
            '[warum] stürzt (mein|der) rechner [ständig] ab',
            'was ist [zuletzt] abgestürzt',
            'was stürzte ab',
            '[gab es] abstürze',
            'ist [irgend] etwas abgestürzt',
            '[warum] ist {name} abgestürzt',
            'ist {name} abgestürzt',
            'welche programme (stürzen ab|sind abgestürzt)',
            '(mein rechner|mein computer) (hängt|friert ein)',
            '[warum] ist mein (bildschirm|rechner) eingefroren',
        ],
        ar: [
            'ما [هو] آخر انهيار',
            'ما آخر برنامج انهار',
            '(هل|ما) (تعطل|انهار) اي برنامج',
            'لماذا (ينهار|يتعطل|يتجمد) (حاسوبي|الجهاز) [دائما]',
            'لماذا تنهار البرامج',
            'هل (تعطل|انهار) برنامج',
        ],
    },
    named: 'may',
    times: 'any',
    examples: () => [_('What crashed last?')],
    async *answer(question) {
        const { journal, signal, format, understanding } = question;
        const access = await journal.access();
        if (access === 'none') {
            yield `${_('The journal, which records crashes, cannot be read.')}\n`;
            return;
        }
        const found = await findCrashes(journal.query, understanding.window, signal);
        const names = programsNamed(understanding);
        const named = found.filter(crash => isOfNamed(crash, names));
        if (found.length > 0 && named.length === 0)
            yield `${_('The journal has no record of a crash of {program}.', { program: code(safeText(names.join(' '), 64)) })}\n\n`;
        const [last, ...others] = named.length > 0 ? named : found;
        if (last === undefined) {
            question.cite(
                fact('system', 'journalctl', 'no entries of systemd-coredump or of crashes in the kernel’s log'),
            );
            yield `${
                understanding.window === null
                    ? _('The journal has no record of a crash.')
                    : _('The journal has no record of a crash in that time.')
            }\n`;
        } else {
            yield `${_('The last program to crash was {program}, {when}.', { program: code(last.program), when: format.when(last.time) })}\n\n`;
            for (const line of describe(question, last)) yield item(line);
            if (others.length > 0) yield `\n${_('Before that:')}\n`;
            for (const crash of others.slice(0, shown - 1)) {
                question.cite(crash.evidence);
                yield item(_('{what}, {when}', { what: code(crash.program), when: format.when(crash.time) }));
            }
        }
        if (access === 'own')
            yield `\n${_('You can read only your own part of the journal. Crashes of system programs are not in it.')}\n`;
        question.suggest(_('What failed, and why?'));
    },
};

function describe({ cite }: Question, crash: Crash): string[] {
    cite(crash.evidence);
    const lines: string[] = [];
    if (crash.signal !== null)
        lines.push(
            _('It was ended by {signal}: {meaning}.', {
                signal: code(crash.signal),
                meaning: signalMeaning(crash.signal),
            }),
        );
    if (crash.executable !== null) lines.push(_('Program file: {path}', { path: code(crash.executable) }));
    if (crash.unit !== null) lines.push(_('It belongs to {unit}.', { unit: code(crash.unit) }));
    lines.push(code(crash.evidence.message.split('\n')[0] ?? ''));
    if (crash.pid !== null && crash.hasDump)
        lines.push(
            _('A core dump was saved. To show it: {command}', { command: code(`coredumpctl info ${crash.pid}`) }),
        );
    return lines;
}

/** @see signal(7) */
function signalMeaning(name: string): string {
    switch (name) {
        case 'SIGSEGV':
            return _('it accessed memory that does not belong to it');
        case 'SIGBUS':
            return _('it accessed memory that does not exist, such as in a truncated file');
        case 'SIGABRT':
            return _('it aborted after finding an error');
        case 'SIGILL':
            return _('it ran an instruction that the processor does not support');
        case 'SIGFPE':
            return _('it made an impossible calculation');
        case 'SIGTRAP':
            return _('it stopped at a trap, as after a fatal error');
        case 'SIGSYS':
            return _('it made a system call that its sandbox forbids');
        case 'SIGQUIT':
            return _('it was told to quit and dump its memory');
        default:
            return _('it did not end by itself');
    }
}
