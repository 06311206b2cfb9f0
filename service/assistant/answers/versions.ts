import { _ } from '../../i18n/i18n.ts';
import { readHardware } from '../../machine/hardware/hardware.ts';
import { readMemory } from '../../machine/processes/memory.ts';
import { readVersions } from '../../machine/packages/versions.ts';
import type { Answer } from '../answer.ts';
import { item, plain } from '../markup.ts';

export const versions: Answer = {
    id: 'versions',
    keys: [
        ['version'],
        ['kernel'],
        ['distribution'],
        ['shell'],
        ['systemd'],
        ['hardware'],
        ['own', 'processor'],
        ['version', 'package'],
    ],
    also: [
        'package',
        'kernel',
        'distribution',
        'shell',
        'systemd',
        'reeve',
        'hardware',
        'version',
        'application',
        'state',
        'last',
    ],
    never: ['change'],
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
