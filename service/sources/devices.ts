import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { _ } from '../i18n/i18n.ts';
import type { Change } from '../model/timelineEntry.ts';
import { followProgram } from './child.ts';
import type { SourceDefinition } from './definition.ts';
import { isOfScreens, Screens } from './screens.ts';

/** What a person would call a device, by SUBSYSTEM and DEVTYPE of its uevent (udev(7)); parts of one are not told of. */
const told = new Set([
    'usb/usb_device',
    'block/disk',
    'net/',
    'net/wlan',
    'sound/',
    'bluetooth/host',
    'drm/drm_minor',
    'input/',
    'power_supply/',
    'thunderbolt/thunderbolt_device',
    'video4linux/',
    'printer/',
    'scsi/scsi_device',
    'nvme/',
]);
const actions = new Set(['add', 'remove', 'offline', 'online', 'unbind']);
/** An event of the kernel holds at most 2 KiB of properties (UEVENT_BUFFER_SIZE in its include/linux/kobject.h), udev adds some. */
const eventLimit = 64 * 1024;

/**
 * Devices that come and go, from udev, which knows their names; from the kernel itself where no udevd runs. A socket of our
 * own would need a native package, 2.6 MB on disk, to save a process of less than 2 MB.
 */
export const devices: SourceDefinition = {
    name: 'devices',
    async run({ root }, outlet, signal) {
        const hasUdev = await isThere(join(root, 'run/udev/control'));
        const screens = new Screens(root);
        let looking = Promise.resolve();
        let isDue = false;
        const lookAtScreens = () => {
            // A flood of events is one look after the other, and each sees all there is.
            if (isDue) return;
            isDue = true;
            looking = looking
                .then(async () => {
                    isDue = false;
                    for (const change of await screens.look()) if (!signal.aborted) outlet.emit(change);
                })
                .catch(() => {
                    outlet.lose(1);
                });
        };
        const events = new UeventParser(properties => {
            const change = describe(properties);
            if (change !== null) outlet.emit(change);
            if (isOfScreens(properties)) lookAtScreens();
        });
        let isWatching = false;
        const output = (chunk: Buffer) => {
            // The program begins by saying what it will print; from then on it listens.
            if (!isWatching) {
                outlet.watching(hasUdev ? '' : _('udev does not run here, so devices have no names'));
                lookAtScreens();
            }
            isWatching = true;
            events.push(chunk.toString('utf8'));
        };
        const complaint = () => {
            outlet.lose(1);
        };
        const argv = ['monitor', hasUdev ? '--udev' : '--kernel', '--property'];
        try {
            await followProgram('udevadm', argv, { output, complaint }, signal);
        } finally {
            await looking;
        }
    },
};

/** Reads what udevadm(8) monitor --property prints: a line that begins with KERNEL or UDEV, NAME=value lines, an empty line. */
class UeventParser {
    readonly #take: (properties: Map<string, string>) => void;
    #text = '';

    constructor(take: (properties: Map<string, string>) => void) {
        this.#take = take;
    }

    push(text: string): void {
        this.#text += text;
        const events = this.#text.split('\n\n');
        this.#text = (events.pop() ?? '').slice(-eventLimit);
        for (const event of events) {
            const pairs = event.split('\n').flatMap(line => {
                const equals = line.indexOf('=');
                return equals > 0 ? [[line.slice(0, equals), line.slice(equals + 1)] as const] : [];
            });
            this.#take(new Map(pairs));
        }
    }
}

function describe(properties: ReadonlyMap<string, string>): Change | null {
    const get = (name: string) => properties.get(name) ?? '';
    const action = get('ACTION');
    const subsystem = get('SUBSYSTEM');
    if (!actions.has(action) || !told.has(`${subsystem}/${get('DEVTYPE')}`)) return null;
    const path = get('DEVPATH');
    // Cards are told of once, not for each of their channels and buttons; nor what the kernel makes up itself.
    if ((subsystem === 'sound' && !/\/card\d+$/.test(path)) || (subsystem === 'input' && !/\/input\d+$/.test(path)))
        return null;
    if (path.startsWith('/devices/virtual/') && subsystem !== 'net') return null;
    const device = nameOf(properties) || path.slice(path.lastIndexOf('/') + 1);
    const summaries: Record<string, string> = {
        add: _('{device} was connected', { device }),
        remove: _('{device} was disconnected', { device }),
        offline: _('{device} went offline', { device }),
        online: _('{device} is online again', { device }),
        unbind: _('{device} lost its driver', { device }),
    };
    const facts: Record<string, string> = { path, subsystem };
    for (const [fact, property] of [
        ['node', 'DEVNAME'],
        ['serial', 'ID_SERIAL_SHORT'],
        ['vendor', 'ID_VENDOR_ID'],
        ['product', 'ID_MODEL_ID'],
        ['driver', 'DRIVER'],
        ['interface', 'INTERFACE'],
    ] as const) {
        if (properties.has(property)) facts[fact] = get(property);
    }
    return {
        time: Date.now() * 1000,
        kind: 'device',
        event: action === 'add' ? 'added' : action === 'remove' ? 'removed' : action,
        subject: get('DEVNAME') || get('INTERFACE') || path,
        summary: summaries[action] ?? '',
        detail: '',
        facts,
    };
}

function nameOf(properties: ReadonlyMap<string, string>): string {
    const vendor = properties.get('ID_VENDOR_FROM_DATABASE') ?? properties.get('ID_VENDOR') ?? '';
    const model =
        properties.get('ID_MODEL_FROM_DATABASE') ?? properties.get('ID_MODEL') ?? properties.get('NAME') ?? '';
    const name = [vendor, model].filter(part => part !== '').join(' ');
    return name || (properties.get('INTERFACE') ?? properties.get('DEVNAME') ?? '');
}

async function isThere(path: string): Promise<boolean> {
    try {
        await access(path);
        return true;
    } catch {
        return false;
    }
}
