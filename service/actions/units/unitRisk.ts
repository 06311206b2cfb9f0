import { _ } from '../../i18n/i18n.ts';
import type { Risk } from '../../model/proposal.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { isFarReaching } from '../essential.ts';

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
