import { _, ngettext } from '../../i18n/i18n.ts';
import { fact } from '../../tools/evidence.ts';
import { findOldLibraries } from '../../tools/oldLibraries.ts';
import { readRestartRequest, restartMark } from '../../tools/restartRequest.ts';
import type { Answer } from '../answer.ts';
import { code, item } from '../markup.ts';

const programsShown = 8;

export const restart: Answer = {
    id: 'restart',
    keys: [['boot', 'needed']],
    also: ['change', 'package', 'state', 'now', 'last', 'recent', 'application'],
    examples: () => [_('Do I need to restart the computer?')],
    async *answer(question) {
        const { machine, format, signal, cite } = question;
        const packages = await readRestartRequest(machine);
        const programs = [...(await findOldLibraries(machine, signal))];
        cite(fact('file', restartMark, packages === null ? 'not there' : packages.join(' ')));
        cite(
            fact(
                'file',
                '/proc/*/maps',
                programs.length === 0
                    ? 'no library that is gone'
                    : programs.map(([program, paths]) => `${program}: ${paths.join(' ')}`).join('; '),
            ),
        );
        if (packages !== null) yield `${_('Yes: an update asks for a restart of the computer.')}\n`;
        else if (programs.length === 0) yield `${_('No: nothing that can be seen here asks for a restart.')}\n`;
        else yield `${_('Not the computer, but programs that still use what an update has replaced.')}\n`;
        if (programs.length > 0 || (packages !== null && packages.length > 0)) yield '\n';
        if (packages !== null && packages.length > 0)
            yield item(_('Asked for by {packages}', { packages: format.list(packages.map(code)) }));
        if (programs.length > 0) {
            const names = programs.slice(0, programsShown).map(([program]) => code(program));
            const more = programs.length - names.length;
            if (more > 0) names.push(ngettext('{count} more', '{count} more', more));
            yield item(_('To be started again: {programs}', { programs: format.list(names) }));
        }
        question.suggest(_('What was installed this week?'));
    },
};
