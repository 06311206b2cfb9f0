import { basename, dirname, join } from 'node:path';

import { _ } from '../../../i18n/i18n.ts';
import { readAutostart } from '../../../machine/desktop/autostart.ts';
import { keysOf } from '../../../machine/desktop/keyFile.ts';
import { listNames, readText } from '../../../machine/machine.ts';
import { packageOf } from '../../../machine/packages/packageOf.ts';
import { findProgram, programOf } from '../../../machine/processes/programFile.ts';
import { safeText } from '../../../text/sanitise.ts';
import { environmentOf } from '../check.ts';
import type { DormantCheck } from '../check.ts';

const filesLimit = 200;

/** An entry of the user’s own in ~/.config/autostart: those of packages are left over in /etc when a package is removed. */
export const autostart = {
    kind: 'autostart',
    scope: 'user',
    severity: 'low',
    cause: () => _('Nothing says so at the log-in: the program just does not start.'),
    advice: () => _('Install the program again, or remove the entry from ~/.config/autostart.'),
    async find(place) {
        const { machine, home } = place;
        const folder = join(home, '.config/autostart');
        const read = await readAutostart(machine, [], environmentOf(place));
        return (read?.entries ?? [])
            .filter(({ path, isMissing }) => isMissing && dirname(path) === folder)
            .map(({ path, name: label, program: missing }) => ({
                subject: path,
                title: _('{label} starts at log-in, but its program is gone', { label }),
                detail: `${path}: Exec=${missing}`,
                facts: { missing },
            }));
    },
} as const satisfies DormantCheck;

/** A service that D-Bus starts on demand, of the user or of the system. */
export const busService = {
    kind: 'bus-service',
    scope: 'system',
    severity: 'medium',
    cause: () => _('Programs that need it wait for it, and then fail.'),
    advice: () => _('Install the package of the program again, or remove the file.'),
    async find(place) {
        const { machine, home, signal } = place;
        const folders = [
            join(home, '.local/share/dbus-1/services'),
            '/usr/local/share/dbus-1/services',
            '/usr/local/share/dbus-1/system-services',
            '/usr/share/dbus-1/services',
            '/usr/share/dbus-1/system-services',
        ];
        const found = [];
        for (const folder of folders)
            for (const name of (await listNames(machine, folder)).slice(0, filesLimit)) {
                if (!name.endsWith('.service')) continue;
                const path = join(folder, name);
                const entry = keysOf((await readText(machine, path)) ?? '', 'D-BUS Service');
                // systemd starts it then, by the unit’s own command.
                const program = entry('SystemdService') === '' ? programOf(entry('Exec')) : null;
                if (program === null || (await findProgram(machine, program, environmentOf(place))) !== null) continue;
                // Packages bring such files for programs of other packages, as gnome-shell does for the application Extensions.
                const isOptional =
                    folder.startsWith('/usr/share/') && (await packageOf(machine.run, program, signal)) === null;
                if (isOptional) continue;
                const missing = safeText(program, 256);
                found.push({
                    subject: path,
                    title: _('The program of the D-Bus service {name} is gone', { name: basename(name, '.service') }),
                    detail: `${path}: Exec=${missing}`,
                    facts: { missing },
                });
            }
        return found;
    },
} as const satisfies DormantCheck;
