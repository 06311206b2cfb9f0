import { power as rules } from '../generated/power.ts';
import { both, day, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { whileOff } from '../shared/steps.ts';
import { hasCharge, isBatteryGood, isCool } from './recovery.ts';
import { power as battery } from './watch/battery.ts';
import { heat } from './watch/heat.ts';

export const power = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: both(isCool, quietFor(10)),
            advice: () => _('Check that air gets in and out and that the fan is free of dust.'),
            guide: [
                { text: () => _('Clear the air vents and the fan of dust, and let air in and out.'), seen: isCool },
            ],
        },
        kinds: {
            battery: {
                recovery: hasCharge,
                advice: () => _('Connect the computer to power.'),
                guide: [{ text: () => _('Connect the computer to power.'), panel: 'power' }],
            },
            worn: {
                recovery: isBatteryGood,
                advice: () => _('Have it replaced when it no longer lasts long enough.'),
                guide: [
                    { text: () => _('Have the battery replaced when it no longer lasts long enough.'), panel: 'power' },
                ],
            },
            supply: {
                recovery: quietFor(day),
                advice: () => _('Check that you use the right power supply and that it is plugged in firmly.'),
            },
            fan: {
                recovery: both(untilRestart, quietFor(60)),
                advice: () => _('Turn the computer off and clean the fan. If it still does not turn, replace it.'),
                guide: [whileOff(() => _('Turn the computer off, clean or replace the fan, and start it again.'))],
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
            cause: () => _('Batteries wear out with time and heat. This one lasts less and less.'),
        },
        'power critical': {
            kind: 'battery',
            severity: 'high',
            cause: () => _('The computer will soon be suspended to save what is open.'),
        },
        'power action': {
            kind: 'battery',
            severity: 'critical',
            cause: () => _('The computer will soon be suspended to save what is open.'),
        },
    },
});

function coolingFails(): string {
    return _('The cooling cannot keep up: a fan or the air vents may be blocked, or the load is very high.');
}
