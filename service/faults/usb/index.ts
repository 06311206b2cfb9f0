import { usb as rules } from '../generated/usb.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { disconnected, plugInAgain, restartComputer } from '../shared/steps.ts';
import { installFirmware } from './steps.ts';

const unplug = () => _('Unplug what is connected to this port, also its cable, and do not use it again.');
const earlierKernel = () =>
    _('Restart the computer. If it happens again after an update, start with the earlier kernel.');

export const usb = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice: () => _('Plug it into another port, without a hub, or use another cable.'),
            guide: [plugInAgain('usb')],
        },
        kinds: {
            controller: {
                recovery: quietFor(60),
                advice: earlierKernel,
                guide: [restartComputer],
            },
            'over-current': {
                recovery: quietFor(60),
                advice: unplug,
                guide: [{ text: unplug, seen: disconnected('usb') }],
            },
            driver: {
                recovery: quietFor(60),
                advice: earlierKernel,
            },
            udev: {
                recovery: quietFor(60),
                advice: earlierKernel,
            },
            'firmware-missing': {
                recovery: quietFor(60),
                advice: () => _('Install the package that provides it, then restart the computer.'),
                guide: [installFirmware, restartComputer],
            },
        },
    },
});
