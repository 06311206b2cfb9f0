import { familyOfDriver } from '../shared/drivers.ts';
import { bare, diskIn, usbDeviceIn } from '../../detection/subjects.ts';
import { persistent } from '../shared/signs.ts';
import type { Captures } from '../../detection/linePattern.ts';
import type { Severity } from '../../model/incident.ts';
import type { Sign } from '../../detection/faultRule.ts';

/** A device of PCI, an interface of USB, a function of an SD card, or a keyboard or the like that has said what it is. */
const onBus =
    /^(?:[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]|\d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6}:\d{1,3}\.\d{1,3}|mmc\d{1,2}:[0-9a-f]{4}(?::\d)?|[0-9a-f]{4}:[0-9a-f]{4}:[0-9a-f]{4}\.[0-9a-f]{4})$/i;
/** EIO, EPROTO, EILSEQ and ETIMEDOUT: it is there, and did not answer as it should. */
const unanswered = new Set(['5', '71', '84', '110']);
/** What boards say that they have, at its address on SPI or I2C or in the device tree. */
const onBoard =
    /^(?:spi\d{1,2}\.\d|i2c-[A-Z\d]{7,8}:\d\d|\d{1,2}-[\da-f]{4}|sound|[\da-f]{3,16}\.(?:can|ethernet|gpu|i2c|mmc|pcie?|sata|sound|spi|usb|wifi))$/i;
/** EINVAL and, of its firmware, ENOENT: it is there, and the driver cannot use it. */
const unusable = new Set(['22', '2']);
/** What the firmware lists of I2C, and a part of it. */
const ofFirmware = /^i2c-[A-Z\d]{7,8}:\d\d(?:-[\w.-]{1,40})?$/;
/** A touch pad, a touch screen or the amplifiers of speakers. A laptop has no other that would do their work or report it. */
const handled = new Set(['display', 'audio']);
/**
 * Without these there may be no network, no disk or no picture; without the others, the rest of the computer works. Another
 * device may do the work, and what needs it reports that.
 */
const weighty = new Set(['disk', 'link', 'wifi', 'graphics']);

export function severityOfDriver(captures: Captures): Severity {
    const { module = '', driver = '', device = '' } = captures;
    const of = familyOfDriver((driver || module).toLowerCase()) ?? '';
    // A module that does not fit the kernel names no device.
    const isWeighty = (device === '' || onBus.test(device)) && weighty.has(of);
    const isHandled = handled.has(of) && ofFirmware.test(device) && isThere(captures);
    return isWeighty || isHandled ? 'medium' : 'low';
}

/** Of what little depends on, see `severityOfDriver`. */
export function unlessWeighty({ severity }: { severity: Severity }): Sign | null {
    return severity === 'low' ? persistent : null;
}

/** A device found on a bus exists, but device trees and firmware also name devices that do not. */
export function isThere({ device = '', error = '' }: Captures): boolean {
    return (
        onBus.test(device) ||
        unanswered.has(error) ||
        (unusable.has(error) && (onBoard.test(device) || ofFirmware.test(device)))
    );
}

export function usbPlace({ port = '', number = '' }: Captures, message: string): string {
    return usbDeviceIn(message) || bare(port) || diskIn(message) || (number ? `port ${number}` : 'USB');
}
