import { time as rules } from '../generated/time.ts';
import { day, either, quietFor, untilRestart, whereUnknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { readFacts } from './facts.ts';
import { HardwareClock } from './hardwareClock.ts';
import { isClockSynchronised, isHardwareClockReadOtherwise, isZoneSet } from './recovery.ts';
import { clock } from './watch/clock.ts';
import { zone } from './watch/zone.ts';

export const time = defineFamily({
    ...rules,
    observer: () => new HardwareClock(),
    remediation: {
        otherwise: {
            // The time service reports only once that it cannot set the clock.
            recovery: whereUnknown(isClockSynchronised, quietFor(2 * day)),
            advice: () => _('Check that the internet can be reached, and set the time zone in the settings.'),
            fixes: [
                {
                    action: 'clock.synchronise',
                    parameters: () => ({}),
                    explanation: () => _('A wrong clock makes certificates invalid and logs hard to read.'),
                },
            ],
        },
        kinds: {
            'zone-missing': {
                recovery: isZoneSet,
                advice: () => _('Choose your time zone in the settings, under Date & Time.'),
                fixes: [
                    {
                        action: 'clock.zone',
                        parameters: ({ facts }) => {
                            const { successor } = readFacts(facts);
                            return successor === undefined ? null : { zone: successor };
                        },
                        explanation: () => _('It is the same time zone under its current name.'),
                    },
                ],
            },
            zone: {
                recovery: either(untilRestart, isHardwareClockReadOtherwise),
                advice: () =>
                    _(
                        'Make both systems keep the same time in the hardware clock: UTC in the other one too, which is better, or local time in this one.',
                    ),
                // Of the two, only the one that is not already in effect is possible.
                fixes: [true, false].map(local => ({
                    action: 'clock.hardware',
                    parameters: () => ({ local }),
                    explanation: () => _('Then both systems on this computer read the hardware clock the same way.'),
                })),
            },
        },
    },
    watch: [clock, zone],
    changes: {
        'zone zone-missing': {
            kind: 'zone-missing',
            severity: 'medium',
            cause: facts => {
                const { successor } = readFacts(facts);
                return successor === undefined
                    ? _(
                          'All clocks show UTC instead. Some distributions keep old time zone names in a separate package.',
                      )
                    : _('All clocks show UTC instead. The time zone is now called {successor}.', { successor });
            },
        },
    },
});
