import { safeText } from '../../text/sanitise.ts';
import type { Run } from '../run.ts';

/**
 * The properties of a device from udev, or from the kernel where udevd does not run: names and values as in udev(7).
 */
export type DeviceProperties = ReadonlyMap<string, string>;

/** Reads NAME=value lines as udevadm(8) prints them; `before` stands before each name. */
export function parseProperties(text: string, before = ''): DeviceProperties {
    return new Map(
        text.split('\n').flatMap(line => {
            const equals = line.indexOf('=');
            return equals > 0 && line.startsWith(before)
                ? [[line.slice(before.length, equals), line.slice(equals + 1)] as const]
                : [];
        }),
    );
}

/** A connected device; `name` is text of the device's own. */
export type Peripheral = { kind: 'mouse' | 'keyboard' | 'touchpad' | 'camera' | 'usb'; name: string };

/** The pointers, keyboards and cameras, and other devices at USB ports; null where there is no udevadm. */
export async function readPeripherals(run: Run, signal: AbortSignal): Promise<Peripheral[] | null> {
    const records = await readRecords(run, signal);
    if (records === null) return null;
    const found = records.flatMap((properties): Peripheral[] => {
        const kind = kindOf(properties);
        if (kind === null) return [];
        // The kernel quotes the names of input devices: input_dev_uevent() of drivers/input/input.c.
        const own = properties.get('ID_V4L_PRODUCT') ?? properties.get('NAME')?.replaceAll('"', '');
        return [{ kind, name: safeText(own ?? deviceName(properties), 128) }];
    });
    return [...new Map(found.map(each => [`${each.kind} ${each.name}`, each])).values()];
}

/** ID_INPUT_…: udev's input_id, of the device and of each way to read it; the names are those of the former. */
function kindOf(properties: DeviceProperties): Peripheral['kind'] | null {
    const get = (name: string) => properties.get(name) ?? '';
    const path = get('DEVPATH');
    if (path.startsWith('/devices/virtual/')) return null;
    if (get('SUBSYSTEM') === 'input' && /\/input\d+$/.test(path)) {
        const kinds = ['touchpad', 'mouse', 'keyboard'] as const;
        return kinds.find(kind => get(`ID_INPUT_${kind.toUpperCase()}`) === '1') ?? null;
    }
    if (get('SUBSYSTEM') === 'video4linux') return get('ID_V4L_CAPABILITIES').includes(':capture:') ? 'camera' : null;
    // TYPE is "CLASS/SUBCLASS/PROTOCOL", and 9 a hub: usb_uevent() of drivers/usb/core/driver.c.
    return get('SUBSYSTEM') === 'usb' && isWhole(properties) && !get('TYPE').startsWith('9/') ? 'usb' : null;
}

async function readRecords(run: Run, signal: AbortSignal): Promise<DeviceProperties[] | null> {
    const output = await run('udevadm', ['info', '--export-db'], { signal, limit: 16_777_216 });
    if (output === null) return null;
    return output
        .split('\n\n')
        .filter(record => ofDevices.test(record))
        .map(record => parseProperties(record, 'E: '));
}

/** The subsystems of what is read. */
const ofDevices = /^E: SUBSYSTEM=(?:usb|block|net|sound|drm|input|video4linux)$/m;

/**
 * The devices that are connected now: USB devices, disks and cards. By udevadm-info(8), --export-db, where the lines of
 * a device begin with "E: ", and an empty line ends it. Null where there is no udevadm.
 *
 * Throws `Unavailable` when it takes too long.
 */
export async function readDevices(run: Run, signal: AbortSignal): Promise<DeviceProperties[] | null> {
    return (await readRecords(run, signal))?.filter(isWhole) ?? null;
}

/** The Linux Foundation’s: the computer’s own ports, which the kernel lists among the devices. */
const ownHub = '1d6b';
const ofUsb = /\/usb\d+\//;

/** A USB device, a disk or a card by itself: a part of a USB device comes and goes with it. */
function isWhole(properties: DeviceProperties): boolean {
    const get = (name: string) => properties.get(name) ?? '';
    const path = get('DEVPATH');
    if (path === '' || path.startsWith('/devices/virtual/')) return false;
    if (get('SUBSYSTEM') === 'usb') return get('DEVTYPE') === 'usb_device' && get('PRODUCT').split('/')[0] !== ownHub;
    if (ofUsb.test(path)) return false;
    switch (get('SUBSYSTEM')) {
        case 'block':
            return get('DEVTYPE') === 'disk';
        case 'net':
            return ['', 'wlan'].includes(get('DEVTYPE'));
        case 'sound':
        case 'drm':
            return /\/card\d+$/.test(path);
        default:
            return false;
    }
}

/**
 * The identity of a device across boots: its serial number, or its kind and port. The numbers that the kernel assigns
 * in order of detection are no part of it. Null for a part of another device.
 */
export function identityOf(properties: DeviceProperties): string | null {
    if (!isWhole(properties)) return null;
    const get = (name: string) => properties.get(name) ?? '';
    const path = get('DEVPATH');
    if (get('SUBSYSTEM') === 'usb') {
        // PRODUCT of its uevent is "VENDOR/PRODUCT/RELEASE" without leading zeros: usb_uevent() of drivers/usb/core/driver.c.
        const [vendor = '', product = ''] = get('PRODUCT').split('/');
        const serial = get('ID_SERIAL_SHORT');
        // "…/usb1/1-4/1-4.2": the second number of the bus is that of the port, and those of the hubs on the way to it.
        const port = /^(.*)\/usb\d+\/(?:.*\/)?\d+-([\d.]+)$/.exec(path);
        const place = port === null ? path : `${port[1] ?? ''} ${port[2] ?? ''}`;
        return `usb ${vendor}:${product} ${serial === '' ? place : serial}`;
    }
    const unique = get('ID_WWN') || get('ID_SERIAL');
    if (get('SUBSYSTEM') === 'block' && unique !== '') return `block ${unique}`;
    return `${get('SUBSYSTEM')} ${placeOf(path)}`;
}

/** Where a card sits, down to the last address that is wired: that of PCI, and the port of a disk's controller. */
function placeOf(path: string): string {
    const wired = /^.*\/[\da-f]{4,}:[\da-f]{2}:[\da-f]{2}\.\d(?:\/ata\d+)?/.exec(path);
    return wired?.[0] ?? path.replace(/\/[^/]*$/, '');
}

export function deviceName(properties: DeviceProperties): string {
    const vendor = properties.get('ID_VENDOR_FROM_DATABASE') ?? properties.get('ID_VENDOR') ?? '';
    const model =
        properties.get('ID_MODEL_FROM_DATABASE') ?? properties.get('ID_MODEL') ?? properties.get('NAME') ?? '';
    const name = [vendor, model].filter(part => part !== '').join(' ');
    return name || (properties.get('INTERFACE') ?? properties.get('DEVNAME') ?? '');
}

/** As the timeline has them. */
export function deviceFacts(properties: DeviceProperties): Record<string, string> {
    const facts: Record<string, string> = {
        path: properties.get('DEVPATH') ?? '',
        subsystem: properties.get('SUBSYSTEM') ?? '',
    };
    for (const [fact, property] of [
        ['node', 'DEVNAME'],
        ['serial', 'ID_SERIAL_SHORT'],
        ['vendor', 'ID_VENDOR_ID'],
        ['product', 'ID_MODEL_ID'],
        ['driver', 'DRIVER'],
        ['interface', 'INTERFACE'],
    ] as const) {
        const value = properties.get(property);
        if (value !== undefined) facts[fact] = value;
    }
    return facts;
}
