import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import type { Machine } from '../../machine/machine.ts';
import { defineAction, noParameters } from '../action.ts';
import { isName } from './packageManager.ts';
import { packageManagerOf } from './packageManagers.ts';
import { removal } from './removal.ts';

/** Removes packages that were installed for others and that nothing needs any more. Kernels stay. */
export const packagesAutoremove = defineAction({
    name: 'packages.autoremove',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(remove|delete|uninstall|clean up) (unused|unneeded|unnecessary|orphaned) (packages|dependencies|programs|software)',
                    '(remove|uninstall|delete) (packages|dependencies) [that are] (not needed|no longer needed|not used) [any more|anymore]',
                    'autoremove',
                ],
                de: [
                    '(entferne|lösche|deinstalliere) (unbenutzte|ungenutzte|nicht mehr benötigte|überflüssige|verwaiste) (pakete|abhängigkeiten|programme)',
                    '(unbenutzte|ungenutzte|nicht mehr benötigte|überflüssige|verwaiste) (pakete|abhängigkeiten|programme) (entfernen|löschen|deinstallieren)',
                ],
                ar: ['(احذف|أزل) حزم غير (مستخدمة|ضرورية)'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, { machine, signal }) {
        const removed = machine === null ? [] : await unneeded(machine, signal);
        if (machine === null || removed.length === 0)
            throw new ReeveError('InvalidState', _('Every installed package is needed'));
        return {
            title: ngettext('Remove {count} unneeded package', 'Remove {count} unneeded packages', removed.length),
            ...(await removal(machine, removed, { isAutomatic: true, signal })),
            risk: 'medium',
            riskText: _('No other package needs them, but you may use one of them. Check the list.'),
        };
    },
    async verify(_parameters, { machine, signal }) {
        const [left] = machine === null ? [] : await unneeded(machine, signal);
        const detail = left === undefined ? '' : _('{name} is still installed', { name: left });
        return { gone: left === undefined, detail };
    },
});

/** Without those that the computer may need all the same, and only as many as can be removed alone. */
async function unneeded(machine: Machine, signal: AbortSignal): Promise<string[]> {
    const manager = await packageManagerOf(machine);
    const all = (await manager.simulate(machine, { kind: 'autoremove' }, signal)).removed.filter(isName);
    const needed = await manager.vital(machine, all, signal);
    const candidates = all.filter(name => !needed.includes(name));
    if (candidates.length === 0 || needed.length === 0) return candidates;
    const { removed } = await manager.simulate(machine, { kind: 'remove', names: candidates }, signal);
    return removed.every(name => candidates.includes(name)) ? candidates : [];
}
