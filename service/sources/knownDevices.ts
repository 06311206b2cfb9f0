import * as z from 'zod';

import { _, ngettext } from '../i18n/i18n.ts';
import { readState } from '../store/stored.ts';
import type { Change } from '../model/timelineEntry.ts';
import type { Database } from '../store/database.ts';
import { safeText } from '../text/sanitise.ts';
import { deviceFacts, deviceName, identityOf } from '../machine/hardware/devices.ts';
import type { DeviceProperties } from '../machine/hardware/devices.ts';
import { isScreen } from '../machine/hardware/screens.ts';

const stateKey = 'devices-known';
/** Above this number they are not stored; no desktop has a tenth of it. */
const limit = 512;
/** If more came or went at once, as with a dock, they are one entry. */
const mostAlone = 3;
const namesShown = 16;

const device = z.object({ name: z.string(), subject: z.string(), facts: z.record(z.string(), z.string()) });
type Device = z.infer<typeof device>;
/** For devices unknown to udev, other names and identities are stored, so that the two kinds cannot be compared. */
const memory = z.object({ hasUdev: z.boolean(), devices: z.array(z.tuple([z.string(), device])).max(limit) });

/** The connected devices, stored from one run of the service to the next, whether or not the computer was off in between. */
export class KnownDevices {
    readonly #database: Database;
    readonly #hasUdev: boolean;
    readonly #before: ReadonlyMap<string, Device> | null;
    /** By path in /sys; screens by their identity. */
    readonly #there = new Map<string, { identity: string; device: Device }>();
    /** Devices that came or went during this run, which have been reported. */
    readonly #reported = new Set<string>();
    #first: ReadonlyMap<string, Device> = new Map();
    #screens: ReadonlyMap<string, string> | null = null;
    /** What was heard of before it was known what there is; null from then on. */
    #early: DeviceProperties[] | null = [];
    #isCompared = false;
    #isUnknown = false;

    constructor({ database, hasUdev }: { database: Database; hasUdev: boolean }) {
        this.#database = database;
        this.#hasUdev = hasUdev;
        this.#before = this.#remembered();
    }

    /** Takes the list of present devices. Events may have come before or after it was read. */
    begin(there: readonly DeviceProperties[]): void {
        for (const properties of there) this.#add(properties);
        this.#first = this.#now();
        const early = this.#early ?? [];
        this.#early = null;
        for (const properties of early) this.handle(properties);
    }

    /** The present devices cannot be read: nothing is reported, and the known devices stay so until the next start. */
    giveUp(): void {
        this.#isUnknown = true;
        this.#early = null;
    }

    /** Takes a uevent. */
    handle(properties: DeviceProperties): void {
        if (this.#isUnknown) return;
        if (this.#early !== null) {
            if (identityOf(properties) !== null) this.#early.push(properties);
            return;
        }
        const action = properties.get('ACTION');
        const identity = identityOf(properties);
        if (identity === null || (action !== 'add' && action !== 'remove')) return;
        this.#reported.add(identity);
        if (action === 'add') this.#add(properties);
        else this.#there.delete(properties.get('DEVPATH') ?? '');
        this.#keepOnceCompared();
    }

    /** Takes the screens that there are, by identity, with where each is plugged in. */
    seeScreens(now: ReadonlyMap<string, string>): void {
        const before = this.#screens;
        this.#screens = now;
        if (before === null) return;
        for (const identity of new Set([...before.keys(), ...now.keys()]))
            if (before.has(identity) !== now.has(identity)) this.#reported.add(identity);
        this.#keepOnceCompared();
    }

    /** Devices that came or went while nobody watched, reported once. */
    compare(): Change[] {
        this.#isCompared = true;
        if (this.#before === null) return [];
        const now = this.#now();
        const isNews = ([identity]: [string, Device]) => !this.#reported.has(identity);
        const before = this.#before;
        // A screen that was there at first and had no event since is still there.
        const first = new Map([...this.#first, ...this.#ofScreens()]);
        const came = [...first].filter(isNews).filter(([identity]) => !before.has(identity));
        const gone = [...before].filter(isNews).filter(([identity]) => !now.has(identity));
        return [...toChanges(gone, false), ...toChanges(came, true)];
    }

    keep(): void {
        const devices = [...this.#now()];
        const text = devices.length > limit ? '' : JSON.stringify({ hasUdev: this.#hasUdev, devices });
        this.#database.setState(stateKey, text);
    }

    #keepOnceCompared(): void {
        if (this.#isCompared) this.keep();
    }

    #add(properties: DeviceProperties): void {
        const identity = identityOf(properties);
        if (identity === null) return;
        const path = properties.get('DEVPATH') ?? '';
        const subject = safeText(properties.get('DEVNAME') ?? properties.get('INTERFACE') ?? path);
        const name = safeText(deviceName(properties), 256) || path.slice(path.lastIndexOf('/') + 1);
        const facts = Object.entries(deviceFacts(properties)).map(([key, value]) => [key, safeText(value)] as const);
        this.#there.set(path, { identity, device: { name, subject, facts: Object.fromEntries(facts) } });
    }

    #now(): Map<string, Device> {
        const devices = Array.from(this.#there.values(), ({ identity, device }) => [identity, device] as const);
        return new Map([...devices, ...this.#ofScreens()]);
    }

    #ofScreens(): [string, Device][] {
        // A failed poll says nothing about them.
        if (this.#screens === null) return [...(this.#before ?? [])].filter(([identity]) => isScreen(identity));
        return Array.from(this.#screens, ([identity, connector]) => {
            const name = _('The screen at {connector}', { connector });
            return [identity, { name, subject: connector, facts: { subsystem: 'drm' } }];
        });
    }

    #remembered(): ReadonlyMap<string, Device> | null {
        const known = readState(this.#database, stateKey, memory);
        return known?.hasUdev === this.#hasUdev ? new Map(known.devices) : null;
    }
}

function toChanges(devices: readonly [string, Device][], isThere: boolean): Change[] {
    const event = isThere ? 'added' : 'removed';
    const time = Date.now() * 1000;
    const kind = 'device' as const;
    if (devices.length <= mostAlone) {
        return devices.map(([, { name, subject, facts }]) => ({
            time,
            kind,
            event,
            subject,
            summary: isThere
                ? _('{device} was connected while Reeve was not running', { device: name })
                : _('{device} was disconnected while Reeve was not running', { device: name }),
            detail: '',
            facts: { ...facts, unseen: 'true' },
        }));
    }
    // A fault names a disk sooner than anything else.
    const [, first] = devices.find(([, { facts }]) => facts.subsystem === 'block') ?? devices[0] ?? [];
    const names = devices.map(([, { name }]) => name);
    const values = { count: devices.length };
    return [
        {
            time,
            kind,
            event,
            subject: first?.subject ?? '',
            summary: isThere
                ? ngettext(
                      '{count} device was connected while Reeve was not running',
                      '{count} devices were connected while Reeve was not running',
                      devices.length,
                      values,
                  )
                : ngettext(
                      '{count} device was disconnected while Reeve was not running',
                      '{count} devices were disconnected while Reeve was not running',
                      devices.length,
                      values,
                  ),
            detail: [...names.slice(0, namesShown), ...(names.length > namesShown ? ['…'] : [])].join('\n'),
            facts: { count: String(devices.length), unseen: 'true' },
        },
    ];
}
