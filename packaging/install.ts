// Installs Reeve for the current user from the build that this lies in (lib/install.mjs), or removes it.
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { useLocale } from '../service/i18n/locale.ts';
import { install, InstallationError, uninstall } from './installation.ts';
import { findPlaces } from './places.ts';
import { Session } from './session.ts';
import { installForSystem } from './systemInstallation.ts';

const usage = `Usage: install.mjs [--uninstall] [--dry-run]
       install.mjs --system [--remove] [--dry-run]

Installs Reeve into the home directory of the current user, over an older version if there is one, and starts it.
  --uninstall  removes everything but the user's data, and says where that is
  --system     installs, for the whole computer, what makes changes as root; asks for an administrator's password
  --remove     removes that
  --dry-run    says what would be done, and does nothing`;

useLocale(join(import.meta.dirname, 'locale'));
try {
    const { values } = parseArgs({
        options: {
            uninstall: { type: 'boolean', default: false },
            system: { type: 'boolean', default: false },
            remove: { type: 'boolean', default: false },
            'dry-run': { type: 'boolean', default: false },
            help: { type: 'boolean', default: false },
        },
    });
    if (values.help) {
        console.log(usage);
    } else if (values.system) {
        const options = { remove: values.remove, dryRun: values['dry-run'], say: console.log };
        await installForSystem(dirname(import.meta.dirname), options);
    } else {
        await using session = await Session.open();
        const installation = { places: findPlaces(), session, dryRun: values['dry-run'], say: console.log };
        if (values.uninstall) await uninstall(installation);
        else await install(dirname(import.meta.dirname), installation);
    }
} catch (error) {
    const isOurs =
        error instanceof InstallationError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    console.error(isOurs ? (error as Error).message : error);
    process.exitCode = isOurs ? 1 : 70;
}
