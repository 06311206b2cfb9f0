import { _ } from '../../i18n/i18n.ts';
import type { Risk } from '../../model/proposal.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { isRunning } from '../../machine/units/unitState.ts';

/**
 * Units that the whole desktop depends on: a restart takes the screen, drops the network, or logs people out. Names as
 * GNOME, systemd and NetworkManager install them; display-manager.service is the alias that every display manager
 * takes.
 */
const farReaching = new Set([
    'display-manager.service',
    'dbus.service',
    'dbus-broker.service',
    'systemd-logind.service',
    'NetworkManager.service',
    'systemd-networkd.service',
    'wpa_supplicant.service',
    'polkit.service',
]);

/** @param names of the unit, with its aliases */
export function isFarReaching(names: readonly string[]): boolean {
    return names.some(name => farReaching.has(name));
}

export function restartRisk(unit: UnitDetails): { risk: Risk; riskText: string } {
    if (isFarReaching(unit.names)) {
        return {
            risk: 'medium',
            riskText: _('The desktop depends on this. Starting it can briefly interrupt the session or the network.'),
        };
    }
    if (isRunning(unit)) {
        return { risk: 'medium', riskText: _('It is running. What it is doing now is interrupted.') };
    }
    return { risk: 'low', riskText: _('It is not running, so nothing is interrupted. It may fail again.') };
}
