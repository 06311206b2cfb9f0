import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Scope } from '../../model/unit.ts';

/**
 * Whether the program of a unit is ready, and was started after its last report of the fault, so that the new start has not met
 * the fault.
 *
 * @param fact marks incidents whose fault shows at the start; for other incidents, such a start proves nothing
 */
export function isStartedSince(scope: Scope, name: string, fact: string): RecoveryCheck {
    return {
        about: `${name} has been started since`,
        async check({ incident, systemd, signal }) {
            const unit = await systemd.unit(scope, name, { signal });
            const startedAt = unit?.process?.startedAt ?? 0;
            const isReady = unit?.activeState === 'active' && startedAt > incident.lastSeen;
            return isReady && incident.facts[fact] !== undefined
                ? { gone: true, detail: _('{unit} has been started since then and is running', { unit: name }) }
                : { gone: false, detail: _('{unit} has not been started since then', { unit: name }) };
        },
    };
}
