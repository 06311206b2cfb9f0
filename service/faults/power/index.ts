import { power as rules } from '../../detection/rules/power.ts';
import { both, day, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';
import { hasCharge, isBatteryGood, isCool } from './recovery.ts';
import { power as battery } from './watch/battery.ts';
import { heat } from './watch/heat.ts';

export const power: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: both(isCool, quietFor(10)),
            advice: () => _('See whether air gets in and out, and whether dust sits in the fan.'),
        },
        kinds: {
            battery: {
                recovery: hasCharge,
                advice: () => _('Plug the computer in.'),
            },
            worn: {
                recovery: isBatteryGood,
                advice: () => _('Have it replaced once it no longer lasts for long enough.'),
            },
            supply: {
                recovery: quietFor(day),
                advice: () => _('See whether the power supply is the right one and its plugs sit firmly.'),
            },
            fan: {
                recovery: both(untilRestart, quietFor(60)),
                advice: () => _('Switch the computer off and clean the fan; one that stays still must be replaced.'),
            },
        },
    },
    watch: [battery, heat],
    changes: {
        'heat throttled': {
            kind: 'throttled',
            severity: 'medium',
            cause: coolingFails,
        },
        'heat warm': {
            kind: 'throttled',
            severity: 'low',
            cause: coolingFails,
        },
        'heat too-hot': {
            kind: 'overheated',
            severity: 'high',
            cause: coolingFails,
        },
        'power worn': {
            kind: 'worn',
            severity: 'low',
            cause: () => _('Batteries wear out with time and heat; this one lasts shorter and shorter.'),
        },
        'power critical': {
            kind: 'battery',
            severity: 'high',
            cause: () => _('The computer will soon be put to rest to save what is open.'),
        },
        'power action': {
            kind: 'battery',
            severity: 'critical',
            cause: () => _('The computer will soon be put to rest to save what is open.'),
        },
    },
};

function coolingFails(): string {
    return _('The cooling cannot keep up: a fan or the air inlets may be blocked, or the work is very heavy.');
}
