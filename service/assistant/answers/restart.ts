import { _, ngettext } from '../../i18n/i18n.ts';
import { readBootTime } from '../../machine/time/boots.ts';
import { fact } from '../../machine/evidence.ts';
import { readKernels } from '../../machine/packages/oldKernels.ts';
import { findOldLibraries } from '../../machine/packages/oldLibraries.ts';
import { readRestartRequest, restartMark } from '../../machine/packages/restartRequest.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain } from '../markup.ts';

const programsShown = 8;

export const restart: Answer = {
    id: 'restart',
    phrases: {
        en: [
            'is a (reboot|restart) (pending|needed|due)',
            '(do|must|should) i [need|have] [to] (restart|reboot) [the computer] [after the update]',
            '[is] [a] (restart|reboot) (needed|required|necessary) [after the update]',
            'does the computer need [a] (restart|reboot)',
        ],
        de: [
            'muss ich [den rechner] neu starten',
            'ist [ein] neustart (nötig|erforderlich|notwendig)',
            '(brauche ich|braucht der rechner) [einen] neustart',
        ],
        ar: ['هل (يلزم|يجب|احتاج) [الى] إعادة تشغيل [الجهاز]'],
    },
    examples: () => [_('Do I need to restart the computer?')],
    async *answer(question) {
        const { machine, format, signal, cite } = question;
        const reasons = [
            ...(await ofPackages(question)),
            ...(await ofKernel(question)),
            ...(await ofFirmware(question)),
        ];
        const programs = [...(await findOldLibraries(machine, signal))];
        cite(
            fact(
                'file',
                '/proc/*/maps',
                programs.length === 0
                    ? 'no library that is gone'
                    : programs.map(([program, paths]) => `${program}: ${paths.join(' ')}`).join('; '),
            ),
        );
        if (reasons.length > 0) yield `${_('Yes: an update takes effect only after a restart.')}\n`;
        else if (programs.length === 0) yield `${_('I see nothing that requires a restart.')}\n`;
        else
            yield `${_('Programs still use files that an update has replaced. I see nothing that requires restarting the computer.')}\n`;
        if (reasons.length > 0 || programs.length > 0) yield '\n';
        for (const reason of reasons) yield item(reason);
        if (programs.length > 0) {
            const names = programs.slice(0, programsShown).map(([program]) => code(program));
            const more = programs.length - names.length;
            if (more > 0) names.push(ngettext('{count} more', '{count} more', more));
            yield item(_('Restart these programs: {programs}', { programs: format.list(names) }));
        }
        if (reasons.length === 0)
            yield `\n${_('I checked the kernel, the firmware, your own programs and {path}. I cannot check system services.', { path: code(restartMark) })}\n`;
        question.suggest(_('What was installed this week?'));
    },
};

async function ofPackages({ machine, format, cite }: Question): Promise<string[]> {
    const packages = await readRestartRequest(machine);
    cite(fact('file', restartMark, packages === null ? 'not there' : packages.join(' ')));
    if (packages === null) return [];
    return packages.length === 0
        ? [_('A package requires it')]
        : [_('Required by {packages}', { packages: format.list(packages.map(code)) })];
}

async function ofKernel({ machine, cite }: Question): Promise<string[]> {
    const { running, isGone, newer } = await readKernels(machine);
    if (!isGone && newer === null) return [];
    cite(fact('file', '/usr/lib/modules', `${running} runs, ${newer ?? 'it is not there'}`));
    const values = { running: code(running), newer: code(newer ?? '') };
    return newer === null
        ? [_('Kernel {running} is running but no longer installed', values)]
        : [_('Kernel {running} is running, but {newer} is installed', values)];
}

/** What fwupd has said since the computer was started. */
async function ofFirmware({ machine, timeline, clock, cite }: Question): Promise<string[]> {
    const boot = await readBootTime(machine);
    if (boot === null) return [];
    const entries = timeline
        .query({ since: boot.time, until: clock(), kinds: ['device'], limit: 200 })
        .filter(({ event }) => event === 'firmware-staged');
    return entries.map(({ id, summary, time }) => {
        cite({ ...fact('system', `timeline entry ${id}`, summary), time });
        return plain(summary);
    });
}
