import { _ } from '../i18n/i18n.ts';
import { log } from '../log.ts';
import type { Incident } from '../model/incident.ts';
import type { CheckResult } from '../model/proposal.ts';
import type { Systemd } from '../system/systemd.ts';
import { checkUnit } from './checks/unit.ts';

export type CheckOptions = {
    /** The check follows a change that should have put it right: only what has run since then counts as well. */
    afterFix?: boolean;
    /** Says how things are at this moment, without waiting for what is under way. */
    atOnce?: boolean;
    signal?: AbortSignal;
};

/**
 * The detector's own check: whether the fault of an incident is there now. Takes seconds, always ends, and rejects only when
 * `signal` aborts.
 */
export type Check = (incident: Incident, options?: CheckOptions) => Promise<CheckResult>;

/** The check of each family of faults. */
export function makeCheck({ systemd }: { systemd: Systemd }): Check {
    return async (incident, options = {}) => {
        try {
            if (incident.family === 'unit') return await checkUnit(systemd, incident, options);
            return { gone: false, detail: _('There is no way to check this automatically') };
        } catch (error) {
            options.signal?.throwIfAborted();
            const reason = error instanceof Error ? error.message : String(error);
            log('warning', 'An incident could not be checked', { incident: incident.id, error: reason });
            return { gone: false, detail: _('It could not be checked: {reason}', { reason }) };
        }
    };
}
