import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily } from '../fault.ts';
import { bare } from '../subjects.ts';

/** The words are those of drivers/gpu/drm/drm_edid.c, drivers/input, drivers/hid (i2c-hid) in Linux, libinput and mutter. */
export const display: FaultFamily = {
    name: 'display',
    title: 'Displays and input devices',
    about: 'A screen, keyboard, mouse or touch pad is not recognised or drops out.',
    harmless: [
        {
            from: 'shell',
            lines: [
                'client bug: timer event',
                'SYNAPTICS',
                'event processing lagging behind by',
                'touch jump detected and discarded',
                'kernel bug: Touch jump',
                'this may be a misconfigured',
            ],
            unless: [],
        },
        {
            from: 'kernel',
            lines: [
                'i8042: No controller found',
                // A panel that firmware names and nobody built in.
                'failed to retrieve link info, disabling eDP',
                // No keyboard or mouse of that old kind.
                "i8042: Can't read CTR while initializing",
                'i8042: probe of i8042 failed',
                'probe of i8042 failed with error',
                'Failed to deactivate keyboard on',
                'Failed to enable keyboard on',
                'Failed to enable mouse on',
                'i8042: PNP: No PS/2 controller found',
                'psmouse serio{}: synaptics: The touchpad can support a better bus',
            ],
        },
    ],
    rules: [
        {
            kind: 'screen',
            from: 'kernel',
            lines: [
                'EDID checksum is invalid',
                'EDID block {number:number} is all zeroes',
                'EDID has corrupt header',
                '*ERROR* EDID block',
                '[drm] {}No compatible modes',
                'Invalid EDID',
                '{connector}: EDID is invalid',
                'DisplayPort link training failed',
                'DP sink {}aux {}timed out',
                'failed to read EDID',
                'failed to retrieve link info',
            ],
            severity: 'low',
            subject: ({ connector = '' }) => bare(connector) || 'screen',
            title: () => _('A screen does not say what it can do'),
            cause: () =>
                _('The screen or its cable gives broken data about itself, so that its best mode may be missing.'),
        },
        {
            kind: 'input',
            from: 'kernel',
            lines: [
                'psmouse serio{number:number}: {}lost sync at byte',
                'psmouse serio{number:number}: {}lost synchronization, throwing',
                'psmouse.c: {}lost synchronization',
                'psmouse serio{number:number}: issuing reconnect request',
                'psmouse serio{number:number}: {}Failed to',
                'i2c_hid{} {device}: failed to {detail:text}',
                'i2c_hid{} {device}: unexpected HID descriptor',
                'i2c_hid{} {device}: {}incomplete report',
                'i2c_designware {device}: controller timed out',
                "hid-generic {device}: {}can't {detail:text}",
                'hid-generic: probe of {device} failed with error',
                'atkbd serio{number:number}: Failed to',
                'atkbd.c: Unknown key {}',
                'wacom {device}: {}failed',
                'elan_i2c {device}: {}failed',
                'rmi4_physical {device}: {}failed',
                'logitech-hidpp-device {device}: {}error',
                "usbhid: can't add hid device: -{}",
                "can't add hid device: -{}",
                'hid: {}timeout initializing reports',
            ],
            unless: ['unknown key', 'vesafb', 'hidpp', 'i8042 failed with error -'],
            severity: 'low',
            subject: ({ device = '' }) => bare(device) || 'input',
            title: facts => _('A keyboard, mouse or touch pad does not work well ({subject})', facts),
        },
    ],
};
