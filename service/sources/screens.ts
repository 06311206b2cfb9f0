import { join } from 'node:path';

import { _ } from '../i18n/i18n.ts';
import type { Change } from '../model/timelineEntry.ts';
import { filesOf } from '../machine/machine.ts';
import { readScreens, screensFolder } from '../machine/hardware/screens.ts';
import type { Screen } from '../machine/hardware/screens.ts';

/** Whether a uevent says that a screen may have come or gone; which one it leaves open: drm_sysfs_hotplug_event(). */
export function isOfScreens(properties: ReadonlyMap<string, string>): boolean {
    const is = (name: string, value: string) => properties.get(name) === value;
    return is('ACTION', 'change') && is('SUBSYSTEM', 'drm') && is('HOTPLUG', '1');
}

/** Screens that are connected and disconnected: udev has no device for each of them. */
export class Screens {
    readonly #root: string;
    #known: readonly Screen[] | null = null;

    constructor(root: string) {
        this.#root = root;
    }

    /** What has changed since the last poll; the first poll reports nothing. */
    async poll(): Promise<Change[]> {
        const now = await readScreens(filesOf(this.#root));
        const before = this.#known ?? now;
        this.#known = now;
        const isIn = (screens: readonly Screen[], name: string) => screens.some(screen => screen.name === name);
        return [
            ...now.filter(({ name }) => !isIn(before, name)).map(screen => toChange(screen, true)),
            ...before.filter(({ name }) => !isIn(now, name)).map(screen => toChange(screen, false)),
        ];
    }

    /** The screens of the last poll, by identity, with their connectors. */
    get connected(): Map<string, string> {
        return new Map((this.#known ?? []).map(({ identity, place }) => [identity, place]));
    }
}

function toChange({ name, place }: Screen, isThere: boolean): Change {
    return {
        time: Date.now() * 1000,
        kind: 'device',
        event: isThere ? 'added' : 'removed',
        subject: place,
        summary: isThere
            ? _('A screen was connected at {connector}', { connector: place })
            : _('The screen at {connector} was disconnected', { connector: place }),
        detail: '',
        facts: { subsystem: 'drm', path: join(screensFolder, name) },
    };
}
