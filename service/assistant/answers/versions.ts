import { _ } from '../../i18n/i18n.ts';
import { readHardware } from '../../machine/hardware/hardware.ts';
import { readMemory } from '../../machine/processes/memory.ts';
import { readVersions } from '../../machine/packages/versions.ts';
import type { Answer } from '../answer.ts';
import { item, plain } from '../markup.ts';

export const versions: Answer = {
    id: 'versions',
    phrases: {
        en: [
            '(which|what) versions are installed',
            '(which|what) version (of|is) (gnome|systemd|reeve|linux|the kernel) [do i have|is this|is running]',
            '(kernel|os|gnome|systemd|reeve|linux|system) version',
            '(which|what) (kernel|linux|distribution|distro|os|operating system|debian|ubuntu) [version|release] [am i running|am i using|is this|is running|is installed|do i have]',
            'uname a',
            '(which|what) linux distribution is (installed|this|running)',
            '(system information|specs|system specs|show specs|about this computer)',
            'what hardware (do i have|is this|is in here)',
            '(which|what) (processor|model) (do i have|is in here|is this)',
            'what gpu is in here',
            'how many cores do i have',
            'who made this computer',
            'how much memory is installed',
            'what (gnome|kernel|debian|ubuntu|linux) (version|release)',
        ],
        de: [
            'welche hardware (ist das|habe ich)',
            'welche (gnome|kernel|systemd|ubuntu|debian|reeve) version (ist das|habe ich|läuft)',
            'welcher (kernel|linux) läuft',
            'welchen (prozessor|kernel) habe ich',
            'welches (modell|betriebssystem|linux) (ist mein laptop|ist das|habe ich|läuft)',
            'was ist das für ein (computer|rechner|laptop)',
        ],
        ar: ['ما هذا العتاد', 'ما [هو] إصدار (النواة|لينكس|النظام|جنوم)', 'ما مواصفات الجهاز'],
    },
    examples: () => [_('Which versions are installed?'), _('What hardware is this?')],
    async *answer(question) {
        const { machine, format, signal, version } = question;
        const [found, hardware, memory] = await Promise.all([
            readVersions(machine, signal),
            readHardware(machine, signal),
            readMemory(machine),
        ]);
        question.cite(...found.evidence, ...hardware.evidence);
        const system = found.distribution ?? _('an unnamed system');
        yield `${_('This is {system} with Linux {kernel}.', { system: plain(system), kernel: plain(found.kernel) })}\n\n`;
        yield item(
            found.gnomeShell === null
                ? _('GNOME Shell: not running in this session')
                : _('GNOME Shell: {version}', { version: plain(found.gnomeShell) }),
        );
        yield item(
            found.systemd === null
                ? _('systemd: not running here')
                : _('systemd: {version}', { version: plain(found.systemd) }),
        );
        yield item(_('Reeve: {version}', { version }));
        if (hardware.model !== null) yield item(_('Computer: {model}', { model: plain(hardware.model) }));
        if (hardware.processor !== null) {
            const values = { model: plain(hardware.processor), count: format.number(hardware.processors) };
            yield item(_('Processor: {model}, {count} threads', values));
        }
        if (memory !== null) {
            question.cite(memory.evidence);
            yield item(_('Memory: {size}', { size: format.size(memory.total) }));
        }
        if (hardware.graphicsDrivers.length > 0)
            yield item(_('Graphics driver: {drivers}', { drivers: plain(hardware.graphicsDrivers.join(', ')) }));
    },
};
