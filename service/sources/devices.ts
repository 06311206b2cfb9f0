import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../i18n/i18n.ts';
import type { Change } from '../model/timelineEntry.ts';
import { deviceFacts, deviceName, parseProperties, readDevices } from '../machine/hardware/devices.ts';
import type { DeviceProperties } from '../machine/hardware/devices.ts';
import { run as runProgram } from '../machine/run.ts';
import { followProgram } from './child.ts';
import type { SourceDefinition } from './definition.ts';
import { KnownDevices } from './knownDevices.ts';
import { isOfScreens, Screens } from './screens.ts';

/** What a person would call a device, by SUBSYSTEM and DEVTYPE of its uevent (udev(7)). Parts of a device are not reported. */
const reportedSubsystems = new Set([
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
/** A kernel event holds at most 2 KiB of properties (UEVENT_BUFFER_SIZE in its include/linux/kobject.h); udev adds some. */
const eventLimit = 64 * 1024;

/** After a start, some devices take a while to appear; only then is it known which have gone. Milliseconds. */
const usualSettle = 15_000;

/**
 * Devices that come and go, from udev, which knows their names, or from the kernel itself where no udevd runs. A socket of our
 * own would need a native package, 2.6 MB on disk, to save a process of less than 2 MB.
 */
export const devices: SourceDefinition = devicesSource();

/** @param run starts udevadm(8) to list the present devices */
export function devicesSource(settle = usualSettle, run = runProgram): SourceDefinition {
    return {
        name: 'devices',
        async run({ root, database }, outlet, signal) {
            const hasUdev = await isThere(join(root, 'run/udev/control'));
            const screens = new Screens(root);
            const known = new KnownDevices({ database, hasUdev });
            let polling = Promise.resolve();
            let isDue = false;
            const pollScreens = () => {
                // During a flood of events, one poll follows the other, and each sees all devices.
                if (isDue) return;
                isDue = true;
                polling = polling
                    .then(async () => {
                        isDue = false;
                        for (const change of await screens.poll()) if (!signal.aborted) outlet.emit(change);
                        known.seeScreens(screens.connected);
                    })
                    .catch(() => {
                        outlet.lose(1);
                    });
            };
            const events = new UeventParser(properties => {
                const change = describe(properties);
                if (change !== null) outlet.emit(change);
                known.handle(properties);
                if (isOfScreens(properties)) pollScreens();
            });
            const ended = new AbortController();
            const either = AbortSignal.any([signal, ended.signal]);
            const compare = async () => {
                const there = await readDevices(run, either);
                if (there === null) {
                    known.giveUp();
                    return;
                }
                known.begin(there);
                await delay(settle, undefined, { signal: either });
                await polling;
                for (const change of known.compare()) outlet.emit(change);
                // What could not be reported is reported at the next start.
                await outlet.kept();
                known.keep();
            };
            let comparing = Promise.resolve();
            let isWatching = false;
            const output = (chunk: Buffer) => {
                // The program first prints what it will report; from then on it listens.
                if (!isWatching) {
                    outlet.watching(hasUdev ? '' : _('udev is not running, so devices have no names'));
                    pollScreens();
                    comparing = compare().catch(() => {
                        known.giveUp();
                        if (!either.aborted) outlet.lose(1);
                    });
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
                ended.abort();
                await polling;
                await comparing;
            }
        },
    };
}

/** Reads what udevadm(8) monitor --property prints: a line that begins with KERNEL or UDEV, NAME=value lines, an empty line. */
class UeventParser {
    readonly #take: (properties: DeviceProperties) => void;
    #text = '';

    constructor(take: (properties: DeviceProperties) => void) {
        this.#take = take;
    }

    push(text: string): void {
        this.#text += text;
        const events = this.#text.split('\n\n');
        this.#text = (events.pop() ?? '').slice(-eventLimit);
        for (const event of events) this.#take(parseProperties(event));
    }
}

function describe(properties: DeviceProperties): Change | null {
    const get = (name: string) => properties.get(name) ?? '';
    const action = get('ACTION');
    const subsystem = get('SUBSYSTEM');
    if (!actions.has(action) || !reportedSubsystems.has(`${subsystem}/${get('DEVTYPE')}`)) return null;
    const path = get('DEVPATH');
    // Cards are reported once, not for each of their channels and buttons. Devices that the kernel makes up are not reported.
    if ((subsystem === 'sound' && !/\/card\d+$/.test(path)) || (subsystem === 'input' && !/\/input\d+$/.test(path)))
        return null;
    if (path.startsWith('/devices/virtual/') && subsystem !== 'net') return null;
    const device = deviceName(properties) || path.slice(path.lastIndexOf('/') + 1);
    const summaries: Record<string, string> = {
        add: _('{device} was connected', { device }),
        remove: _('{device} was disconnected', { device }),
        offline: _('{device} went offline', { device }),
        online: _('{device} is online again', { device }),
        unbind: _('{device} lost its driver', { device }),
    };
    return {
        time: Date.now() * 1000,
        kind: 'device',
        event: action === 'add' ? 'added' : action === 'remove' ? 'removed' : action,
        subject: get('DEVNAME') || get('INTERFACE') || path,
        summary: summaries[action] ?? '',
        detail: '',
        facts: deviceFacts(properties),
    };
}

async function isThere(path: string): Promise<boolean> {
    try {
        await access(path);
        return true;
    } catch {
        return false;
    }
}
