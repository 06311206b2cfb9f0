import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readText } from '../../machine/machine.ts';
import { findOldLibraries } from '../../machine/packages/oldLibraries.ts';

/** Debian's update-notifier and unattended-upgrades write it, and /run is empty after a start. */
export const needsNoRestart: RecoveryCheck = {
    about: 'nothing requests a restart any more',
    async check({ machine }) {
        return (await readText(machine, '/run/reboot-required', 64)) === null
            ? { gone: true, detail: _('Nothing requires a restart any more') }
            : { gone: false, detail: _('The computer has not been restarted since then') };
    },
};

/** For this user's own programs; those of others cannot be inspected. */
export const usesNoOldLibraries: RecoveryCheck = {
    about: 'none of your programs uses a library that was replaced',
    async check({ machine, signal }) {
        const [first] = await findOldLibraries(machine, signal);
        return first === undefined
            ? { gone: true, detail: _('All your programs use the installed versions') }
            : { gone: false, detail: _('{program} still uses a library that was replaced', { program: first[0] }) };
    },
};
