import { _, ngettext } from '../../i18n/i18n.ts';
import { readFilesystems, usedShare } from '../../machine/storage/filesystems.ts';
import { readMemory } from '../../machine/processes/memory.ts';
import { readDefaultRoutes } from '../../machine/network/network.ts';
import { failedUnits } from '../../machine/units/units.ts';
import { readUptime } from '../../machine/time/uptime.ts';
import type { Answer } from '../answer.ts';
import { code, item } from '../markup.ts';
import { openIncidents } from './incidents.ts';

export const overview: Answer = {
    id: 'overview',
    phrases: {
        en: [
            'is everything (ok|all right|fine)',
            'is all well',
            'how is (my|this|the) computer [doing]',
            'how (is everything|are things)',
            'health (check|report)',
            'is my (system|computer) (healthy|ok)',
            '[give me a] summary [of the system]',
            '[system] status',
            'give me a health report',
        ],
        de: ['ist alles in ordnung', 'alles (gut|ok|in ordnung)', 'wie geht es (meinem computer|dem rechner)'],
        ar: ['هل كل شيء (بخير|على ما يرام)', 'هل النظام سليم', 'كيف حال (جهازي|الجهاز)'],
    },
    examples: () => [_('Is everything all right?')],
    async *answer(question) {
        const { machine, format, signal } = question;
        const open = openIncidents(question);
        const failed = await failedUnits(question.systemd, signal);
        for (const incident of open) {
            question.mention(incident.id);
            question.cite(...incident.evidence.slice(0, 1));
        }
        const known = new Set(open.flatMap(incident => [incident.subject, ...incident.affected]));
        const count = open.length + (failed ?? []).filter(unit => !known.has(unit.name)).length;
        yield count === 0
            ? `${failed === null ? _('No failures are known.') : _('All is well: nothing has failed.')}\n\n`
            : `${ngettext('{count} thing needs attention.', '{count} things need attention.', count)}\n\n`;
        if (count > 0) question.suggest(_('What failed, and why?'));
        if (failed === null) yield item(_('There is no systemd here, so failed units cannot be listed.'));

        const memory = await readMemory(machine);
        if (memory !== null) {
            question.cite(memory.evidence);
            const values = { available: format.size(memory.available), total: format.size(memory.total) };
            yield item(_('Memory: {available} of {total} available', values));
        }
        const [fullest] = (await readFilesystems(machine))?.filesystems ?? [];
        if (fullest !== undefined) {
            question.cite(fullest.evidence);
            const values = { path: code(fullest.path), share: format.percent(usedShare(fullest)) };
            yield item(_('Disks: the fullest, {path}, is {share} full', values));
        }
        const route = (await readDefaultRoutes(machine, signal))?.[0];
        if (route !== undefined) question.cite(route.evidence);
        yield item(
            route === undefined
                ? _('Network: not connected to the outside')
                : _('Network: connected through {interface}', { interface: code(route.interface) }),
        );
        const up = await readUptime(machine);
        if (up !== null) {
            question.cite(up.evidence);
            yield item(_('Running for {duration}', { duration: format.duration(up.seconds) }));
        }
        question.suggest(_('What changed recently?'));
    },
};
