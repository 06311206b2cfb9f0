import { _ } from '../i18n/i18n.ts';
import { log } from '../util/log.ts';
import type { Incident } from '../model/incident.ts';
import type { CheckResult } from '../model/proposal.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import type { Machine } from '../machine/machine.ts';
import type { CheckOptions, DiagnosedFamily, LocalFamilies } from './family.ts';
import { unknown } from './recovery.ts';
import { remediationFor } from './reported.ts';
import { messageOf } from '../util/errors.ts';

/**
 * The detector's own check: whether the fault of an incident is there now. Takes seconds, always ends, and rejects only when
 * `signal` aborts.
 */
export type Check = (incident: Incident, options?: CheckOptions) => Promise<CheckResult>;

/** The time limit of a check; a service that hangs must not hold up the others. Milliseconds. */
const timeLimit = 15_000;

/**
 * The check of each family of faults.
 *
 * @param dependencies.localFamily the family of incidents from local rules
 * @param dependencies.machine null if the watched system is not this computer, so that its state cannot be checked
 * @param dependencies.clock microseconds since the Unix epoch
 */
export function makeCheck({
    families,
    localFamily = () => undefined,
    systemd,
    machine,
    clock = () => Date.now() * 1000,
}: {
    families: readonly DiagnosedFamily[];
    localFamily?: LocalFamilies;
    systemd: Systemd;
    machine: Machine | null;
    clock?: () => number;
}): Check {
    const byName = new Map(families.map(family => [family.name, family]));
    return async (incident, options = {}) => {
        try {
            const family = byName.get(incident.family) ?? localFamily(incident.family);
            if (family?.playbook !== undefined) return await family.playbook.check(systemd, incident, options);
            const remediation = family === undefined ? null : remediationFor(family, incident.kind);
            if (remediation === null || machine === null) return unknown();
            const limit = AbortSignal.timeout(timeLimit);
            const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
            const { afterFix = false } = options;
            return await remediation.recovery.check({ incident, machine, systemd, afterFix, now: clock(), signal });
        } catch (error) {
            options.signal?.throwIfAborted();
            const reason = messageOf(error);
            log('warning', 'Could not check an incident', { incident: incident.id, error: reason });
            return { gone: false, detail: _('It could not be checked: {reason}', { reason }), isUnknown: true };
        }
    };
}
