import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Scope } from '../../model/unit.ts';

/**
 * Whether the program of a unit is ready, and was started after it last told of the fault, so that it has not met with it.
 *
 * @param fact what an incident has whose fault is met with at the start; of another, such a start says nothing
 */
export function isStartedSince(scope: Scope, name: string, fact: string): RecoveryCheck {
    return {
        about: `${name} was started since`,
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
