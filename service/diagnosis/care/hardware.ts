import { _ } from '../../i18n/i18n.ts';
import { both, either, inTime, quietFor, untilRestart } from '../conditions/quiet.ts';
import { hasCharge, isBatteryGood, isCool, isHeard, isUnitRunning } from '../conditions/system.ts';
import type { FamilyCare, Fix } from './care.ts';

const day = 24 * 60;

const restartForUser = (unit: string): Fix => ({
    action: 'unit.restart',
    parameters: () => ({ scope: 'user', unit }),
    explanation: () => _('It looks for the devices anew. Sound stops for a moment.'),
});

const careOfCard = {
    isOver: quietFor(day),
    advice: () => _('Seat the card anew with the computer switched off; an update of its firmware may help.'),
};

export const hardwareCare: readonly FamilyCare[] = [
    {
        family: 'hardware',
        others: {
            isOver: quietFor(7 * day),
            advice: () =>
                _('Save what is important, then have the computer looked at: this is the hardware’s own report.'),
        },
        kinds: {
            'corrected-memory-errors': {
                isOver: quietFor(7 * day),
                advice: () => _('Nothing was lost yet. Run a memory test over night, and replace the module it finds.'),
            },
            'memory-error': {
                isOver: both(untilRestart, quietFor(7 * day)),
                advice: () => _('Run a memory test over night, and replace the module it finds.'),
            },
            'pcie-error': careOfCard,
            'pcie-power': careOfCard,
        },
    },
    {
        family: 'power',
        others: {
            isOver: both(isCool, quietFor(10)),
            advice: () => _('See whether air gets in and out, and whether dust sits in the fan.'),
        },
        kinds: {
            battery: {
                isOver: hasCharge,
                advice: () => _('Plug the computer in.'),
            },
            worn: {
                isOver: isBatteryGood,
                advice: () => _('Have it replaced once it no longer lasts for long enough.'),
            },
            supply: {
                isOver: quietFor(day),
                advice: () => _('See whether the power supply is the right one and its plugs sit firmly.'),
            },
            fan: {
                isOver: both(untilRestart, quietFor(60)),
                advice: () => _('Switch the computer off and clean the fan; one that stays still must be replaced.'),
            },
        },
    },
    {
        family: 'graphics',
        others: {
            isOver: quietFor(12 * 60),
            advice: () =>
                _(
                    'If it began with an update of the kernel or the driver, start with the earlier one until a newer comes.',
                ),
        },
        kinds: {
            drawing: {
                isOver: either(untilRestart, quietFor(day)),
                advice: () => _('See whether the driver for the graphics processor is installed, and log in anew.'),
            },
        },
    },
    {
        family: 'display',
        others: {
            isOver: quietFor(60),
            advice: () => _('Unplug it and plug it in again, if need be at another place or with another cable.'),
        },
    },
    {
        family: 'usb',
        others: {
            isOver: quietFor(60),
            advice: () => _('Plug it in at another place, without a hub between, or with another cable.'),
        },
        kinds: {
            controller: {
                isOver: quietFor(60),
                advice: () =>
                    _('Start the computer again. If it comes back after an update, start with the earlier kernel.'),
            },
            'firmware-missing': {
                isOver: quietFor(60),
                advice: () => _('Install the package that has it, and start the computer again.'),
            },
        },
    },
    {
        family: 'audio',
        others: {
            isOver: either(both(isUnitRunning('user', 'pipewire.service'), quietFor(10)), quietFor(day)),
            advice: () => _('See in the settings whether the right device is chosen for sound.'),
            fixes: [restartForUser('wireplumber.service'), restartForUser('pipewire.service')],
        },
        kinds: {
            'card-off': {
                isOver: inTime(isHeard),
                advice: () => _('Choose another output in the settings of sound, or switch the card on.'),
                fixes: [
                    {
                        action: 'sound.profile',
                        parameters: ({ facts: { device, profile } }) =>
                            device === undefined || profile === undefined ? null : { device, profile },
                        explanation: () => _('Then there is an output that can be heard.'),
                    },
                    restartForUser('wireplumber.service'),
                ],
            },
            'card-missing': {
                isOver: inTime(isHeard),
                advice: () =>
                    _('See whether another program has the card to itself; log in anew if nothing else helps.'),
                fixes: [restartForUser('wireplumber.service'), restartForUser('pipewire.service')],
            },
            card: {
                isOver: quietFor(60),
                advice: () =>
                    _('Start the computer again. If it comes back after an update, start with the earlier kernel.'),
                fixes: [restartForUser('wireplumber.service')],
            },
        },
    },
    {
        family: 'printing',
        others: {
            isOver: quietFor(60),
            advice: () => _('See whether the printer is on and has paper, and whether something waits in its queue.'),
            fixes: [
                {
                    action: 'unit.restart',
                    parameters: ({ kind }) => (kind === 'printer' ? { scope: 'system', unit: 'cups.service' } : null),
                    explanation: () => _('What waits to be printed is kept, and tried again.'),
                },
            ],
        },
    },
    {
        family: 'suspend',
        others: {
            isOver: quietFor(day),
            advice: () => _('Unplug what is plugged in and try again; the log names what would not sleep or wake up.'),
        },
        kinds: {
            inhibitor: {
                isOver: quietFor(day),
                advice: () => _('Look for an update of the program, or close it before the computer goes to sleep.'),
            },
            'slow-start': {
                isOver: untilRestart,
                advice: () =>
                    _(
                        '“systemd-analyze critical-chain” shows what was waited for; a device that is gone may still be in /etc/fstab.',
                    ),
            },
        },
    },
];
