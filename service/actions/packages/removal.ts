/** Shared by the actions that remove packages. */
import { _ } from '../../i18n/i18n.ts';
import { versionOf } from '../../machine/packages/packageOf.ts';
import type { Machine } from '../../machine/machine.ts';
import { describeChanges } from './packageManager.ts';
import { packageManagerOf } from './packageManagers.ts';

/** @param given.isAutomatic whether they were installed for others */
export async function removal(
    machine: Machine,
    names: readonly string[],
    { isAutomatic, signal }: { isAutomatic: boolean; signal: AbortSignal },
) {
    const manager = await packageManagerOf(machine);
    const removed = await Promise.all(
        names.map(async name => ({ name, version: await versionOf(machine.run, name, signal) })),
    );
    const returning = await manager.returning(machine, removed, signal);
    const said = { names: names.join(', ') };
    return {
        steps: [{ description: describeChanges({ installed: [], removed: [...names] }), ...manager.removal(names) }],
        undo:
            returning === null
                ? null
                : {
                      text: _('Installs what was removed'),
                      steps: [
                          { description: _('Install {names}', said), ...returning },
                          ...(isAutomatic
                              ? [
                                    {
                                        description: _('Mark {names} as installed for others', said),
                                        ...manager.markAutomatic(names),
                                    },
                                ]
                              : []),
                      ],
                  },
        authentication: true,
        preconditions: { packages: JSON.stringify([names, removed.map(({ version }) => version)]) },
    };
}

export async function stillInstalled(machine: Machine | null, name: string, signal: AbortSignal) {
    const gone = machine !== null && !(await (await packageManagerOf(machine)).isInstalled(machine, name, signal));
    return { gone, detail: gone ? '' : _('{name} is still installed', { name }) };
}
