import { containers as rules } from '../generated/containers.ts';
import { both, day, either, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { isUnitRunning } from '../shared/units.ts';
import { isStartedSince } from './recovery.ts';

export const containers = defineFamily({
    ...rules,
    remediation: {
        otherwise: { recovery: quietFor(2 * 60), advice: () => _('Its own log has more details. Ask for it by name.') },
        kinds: {
            portal: {
                // It searches for what it needs once, as it starts: settings_create() of its src/settings.c and the like.
                recovery: either(
                    isStartedSince('user', 'xdg-desktop-portal.service', 'interface'),
                    either(both(isUnitRunning('user', 'xdg-desktop-portal.service'), quietFor(10)), quietFor(day)),
                ),
                advice: () => _('Log out and in again.'),
                fixes: [
                    {
                        action: 'unit.restart',
                        parameters: () => ({ scope: 'user', unit: 'xdg-desktop-portal.service' }),
                        explanation: () => _('Programs that wait for an answer ask again.'),
                    },
                ],
            },
        },
    },
});
