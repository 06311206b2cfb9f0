import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';

/** What lasts is a notice of the service, which `reeve status` shows. */
export const hasStartedAgain: RecoveryCheck = {
    about: 'Reeve has been started again since',
    check: ({ incident }) =>
        performance.timeOrigin * 1000 > incident.lastSeen
            ? { gone: true, detail: _('Reeve has been started again since then') }
            : { gone: false, detail: _('Reeve has not been started again since then') },
};
