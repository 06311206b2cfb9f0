import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { _ } from '../i18n/i18n.ts';
import type { Change } from '../model/timelineEntry.ts';
import { safeText } from '../text/sanitise.ts';
import { filesOf, listNames, readBytes, readText } from '../tools/machine.ts';
import type { Machine } from '../tools/machine.ts';

const folder = '/sys/class/drm';
/** Where a screen is plugged in, such as "card1-DP-2": drm_sysfs_connector_add() of drivers/gpu/drm/drm_sysfs.c. */
const connector = /^card\d+-(.+)$/;

/** Whether a uevent says that a screen may have come or gone; which one it leaves open: drm_sysfs_hotplug_event(). */
export function isOfScreens(properties: ReadonlyMap<string, string>): boolean {
    const is = (name: string, value: string) => properties.get(name) === value;
    return is('ACTION', 'change') && is('SUBSYSTEM', 'drm') && is('HOTPLUG', '1');
}

/** Screens that are plugged in and out: neither is a device of its own to udev. */
export class Screens {
    readonly #root: string;
    #known: ReadonlyMap<string, string> | null = null;

    constructor(root: string) {
        this.#root = root;
    }

    /** What has changed since the last look; the first look tells of nothing. */
    async look(): Promise<Change[]> {
        const now = await this.#read();
        const before = this.#known ?? now;
        this.#known = now;
        return [
            ...[...now.keys()].filter(name => !before.has(name)).map(name => tell(name, true)),
            ...[...before.keys()].filter(name => !now.has(name)).map(name => tell(name, false)),
        ];
    }

    /** What was there at the last look, by what each screen is recognised by, with where it is plugged in. */
    get connected(): Map<string, string> {
        return new Map(Array.from(this.#known ?? [], ([name, identity]) => [identity, placeOf(name)]));
    }

    /** Names of connectors and what the screens there are recognised by. */
    async #read(): Promise<Map<string, string>> {
        const machine = filesOf(this.#root);
        const names = (await listNames(machine, folder)).filter(name => connector.test(name));
        const states = await Promise.all(names.map(name => readText(machine, join(folder, name, 'status'), 64)));
        const connected = names.filter((_name, index) => states[index]?.trim() === 'connected');
        const identities = await Promise.all(
            connected.map(async name => identify(name, await readEdid(machine, name))),
        );
        return new Map(connected.map((name, index) => [name, identities[index] ?? name]));
    }
}

/** What a screen says of itself holds its maker, model and serial number: the beginning of EDID, 128 bytes of VESA's E-EDID. */
async function readEdid(machine: Machine, name: string): Promise<Buffer | null> {
    return await readBytes(machine, join(folder, name, 'edid'), 128);
}

/** Numbers of cards, and of connectors behind a dock, are given out in the order in which they are found. */
function identify(name: string, edid: Buffer | null): string {
    if (edid === null || edid.length === 0) return `screen ${placeOf(name)}`;
    return `screen ${createHash('sha256').update(edid).digest('hex').slice(0, 32)}`;
}

function placeOf(name: string): string {
    return safeText(connector.exec(name)?.[1] ?? name, 64);
}

function tell(name: string, isThere: boolean): Change {
    const place = placeOf(name);
    return {
        time: Date.now() * 1000,
        kind: 'device',
        event: isThere ? 'added' : 'removed',
        subject: place,
        summary: isThere
            ? _('A screen was connected at {connector}', { connector: place })
            : _('The screen at {connector} was disconnected', { connector: place }),
        detail: '',
        facts: { subsystem: 'drm', path: join(folder, name) },
    };
}
