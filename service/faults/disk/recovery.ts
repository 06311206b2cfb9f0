import { quietFor } from '../../diagnosis/recovery.ts';
import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readSmart } from '../../machine/storage/smart.ts';
import { readFacts } from './facts.ts';

const notSeen = quietFor(7 * 24 * 60);

/** The drive's own report, passed on by udisks. */
export const isDriveWell: RecoveryCheck = {
    about: `the drive no longer reports it, or is gone; if only the log reported it, ${notSeen.about}`,
    async check(place) {
        const { machine, incident, signal } = place;
        const { path } = readFacts(incident.facts);
        const drives = path === undefined ? null : await readSmart(machine.system, signal);
        if (path === undefined || drives === null) return await notSeen.check(place);
        const state = drives.find(drive => drive.path === path);
        if (state === undefined) return { gone: true, detail: _('The drive is no longer there') };
        return state.failing
            ? { gone: false, detail: _('The drive still reports that it is about to fail') }
            : { gone: true, detail: _('The drive no longer reports that it is about to fail') };
    },
};
