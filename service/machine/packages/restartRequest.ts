import { safeText } from '../../text/sanitise.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/** The hook of Debian's packages (update-notifier's notify-reboot-required) writes it, then the package's name. */
export const restartMark = '/run/reboot-required';
const packagesLimit = 50;

/** The packages that ask for a restart of the computer; null when none does. */
export async function readRestartRequest(machine: Machine): Promise<string[] | null> {
    if ((await readText(machine, restartMark, 4096)) === null) return null;
    const text = (await readText(machine, `${restartMark}.pkgs`)) ?? '';
    // Names as Debian's policy allows them (5.6.7); nothing else belongs there.
    const names = text.split('\n').filter(name => /^[a-z0-9][a-z0-9+.-]+$/.test(name));
    return [...new Set(names)].slice(0, packagesLimit).map(name => safeText(name, 128));
}
