import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { isWhole, readUnfinished } from '../../machine/packages/unfinishedPackages.ts';
import { readFacts } from './facts.ts';

export const arePackagesWhole: RecoveryCheck = {
    about: 'the package manager has nothing left to finish',
    async check({ incident, machine, afterFix, signal }) {
        const unfinished = await readUnfinished(machine, signal);
        if (unfinished === null) return unknown();
        if (unfinished.isInterrupted) return { gone: false, detail: _('An installation is still unfinished') };
        // dpkg knows nothing about an upgrade that was refused as a whole: that dpkg has no unfinished work is no sign of
        // success.
        const isRefused = incident.kind === 'broken' && readFacts(incident.facts).manager === undefined && !afterFix;
        if (isWhole(unfinished) && isRefused) return unknown();
        return isWhole(unfinished)
            ? { gone: true, detail: _('All packages are installed properly') }
            : { gone: false, detail: _('Some packages are not installed properly') };
    },
};
