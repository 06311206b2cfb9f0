import { _ } from '../../i18n/i18n.ts';
import { simulateApt, type AptChanges } from '../../machine/packages/aptSimulation.ts';
import type { Surroundings } from '../surroundings.ts';
import { programStep } from '../programStep.ts';

/** Questions are answered as packages.configure does: the user's own configuration files stay. */
const answers = ['--option=Dpkg::Options::=--force-confdef', '--option=Dpkg::Options::=--force-confold'];
/** Of programs that must not ask questions. */
export const unattended = ['DEBIAN_FRONTEND=noninteractive'];

export function aptStep(argv: readonly string[]) {
    return programStep('system', ['apt-get', '--assume-yes', ...answers, ...argv], { environment: unattended });
}

/** What apt-get(8) would do by its simulation; nothing when the watched system is not this computer. */
export async function simulated(machine: Surroundings['machine'], argv: readonly string[], signal: AbortSignal) {
    return machine === null ? { installed: [], removed: [] } : await simulateApt(machine, argv, signal);
}

export function describeChanges({ installed, removed }: AptChanges): string {
    const added = installed.map(({ name, to }) => `${name} ${to}`).join(', ');
    const names = removed.join(', ');
    if (added === '') return _('Remove {names}', { names });
    if (names === '') return _('Install {names}', { names: added });
    return _('Install {added}, and remove {removed}', { added, removed: names });
}
