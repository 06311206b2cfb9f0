import { join } from 'node:path';

import { _ } from '../i18n/i18n.ts';
import type { Change } from '../model/timelineEntry.ts';
import { safeText } from '../text/sanitise.ts';
import { filesOf, listNames, readText } from '../tools/machine.ts';

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
    #known: ReadonlySet<string> | null = null;

    constructor(root: string) {
        this.#root = root;
    }

    /** What has changed since the last look; the first look tells of nothing. */
    async look(): Promise<Change[]> {
        const now = await this.#read();
        const before = this.#known ?? now;
        this.#known = now;
        return [
            ...[...now].filter(name => !before.has(name)).map(name => tell(name, true)),
            ...[...before].filter(name => !now.has(name)).map(name => tell(name, false)),
        ];
    }

    async #read(): Promise<Set<string>> {
        const machine = filesOf(this.#root);
        const names = (await listNames(machine, folder)).filter(name => connector.test(name));
        const states = await Promise.all(names.map(name => readText(machine, join(folder, name, 'status'), 64)));
        return new Set(names.filter((_name, index) => states[index]?.trim() === 'connected'));
    }
}

function tell(name: string, isThere: boolean): Change {
    const place = safeText(connector.exec(name)?.[1] ?? name, 64);
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
