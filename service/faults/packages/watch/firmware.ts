import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import type { Database } from '../../../store/database.ts';
import { readState } from '../../../store/stored.ts';
import { safeText } from '../../../text/sanitise.ts';
import { busSource } from '../../../sources/signals/busSource.ts';
import type { ChangeDraft } from '../../../sources/signals/busSource.ts';
import { lazy } from '../../../util/lazy.ts';

const interfaceName = 'org.freedesktop.fwupd';
/** FwupdUpdateState of libfwupd/fwupd-enums.rs. A transient failure is, for example, one for want of mains power. */
const success = 2;
const failed = 3;
const needsReboot = 4;
const failedTransient = 5;

/** How fwupd_device_add_variant() of libfwupd/fwupd-device.c describes a device: its version is the one that runs now. */
const device = lazy(() =>
    z.object({
        DeviceId: z.string().max(128),
        Name: z.string().optional(),
        Vendor: z.string().optional(),
        Version: z.string().optional(),
        UpdateState: z.int().optional(),
        UpdateError: z.string().optional(),
        /** Seconds since the Unix epoch, updated by each attempt. */
        Modified: z.number().optional(),
        /** Only in the history: the version that was to be installed. */
        Release: z.array(z.object({ Version: z.string().optional() })).optional(),
    }),
);
type Device = z.infer<ReturnType<typeof device>>;
const history = lazy(() => z.tuple([z.array(device()).max(1000)]));

const stateKey = 'firmware-told';
const rememberedLimit = 100;
const versionsLimit = 500;

/**
 * Firmware that fwupd updated, or could not. An installation during the start of the computer has no signal: fwupd finds out
 * when it first runs afterwards. Its history is queried at that moment, when somebody else has started it.
 */
export const firmware = busSource({
    name: 'firmware',
    bus: 'system',
    service: 'org.freedesktop.fwupd',
    make: ({ database }) => {
        const versions = new Map<string, string>();
        const attempts = new Map<string, string>();
        return [
            {
                match: { path: '/', interface: interfaceName, member: 'DeviceChanged' },
                toChange: ({ body }) => {
                    const [now] = z.tuple([device()]).parse(body);
                    if (versions.size > versionsLimit) versions.clear();
                    if (attempts.size > versionsLimit) attempts.clear();
                    const before = versions.get(now.DeviceId);
                    if (now.Version !== undefined) versions.set(now.DeviceId, now.Version);
                    const outcome = outcomeOf(now, before, now.Version);
                    const attempt = `${now.UpdateState ?? 0} ${now.Modified ?? 0}`;
                    if (outcome === null || attempts.get(now.DeviceId) === attempt) return null;
                    attempts.set(now.DeviceId, attempt);
                    remember(database, [keyOf(now, now.Version)]);
                    return outcome;
                },
            },
        ];
    },
    greet: async ({ database }, connection, owner) => {
        const [devices] = history().parse(
            await connection.call({
                destination: owner,
                path: '/',
                interface: interfaceName,
                member: 'GetHistory',
                autoStart: false,
                timeout: 10_000,
            }),
        );
        const known = remembered(database);
        const over = devices.filter(({ UpdateState: state }) => state === success || state === failed);
        const fresh = over.filter(each => !known?.includes(keyOf(each, target(each))));
        if (known === null || fresh.length > 0)
            remember(
                database,
                over.map(each => keyOf(each, target(each))),
            );
        // At the first run, everything is old.
        return known === null ? [] : fresh.flatMap(each => outcomeOf(each, undefined, target(each)) ?? []);
    },
});

function target({ Release: [release] = [], Version: version }: Device): string | undefined {
    return release?.Version ?? version;
}

/** @returns null if it is no outcome of an update */
function outcomeOf(of: Device, before: string | undefined, after: string | undefined): ChangeDraft | null {
    const name = nameOf(of);
    const from = before !== undefined && before !== after ? safeText(before, 64) : '';
    const to = safeText(after ?? '', 64);
    const values = { device: name, from, to };
    const toChange = (event: string, summary: string, facts: Record<string, string>): ChangeDraft => {
        return { kind: 'device', event, subject: name, summary, facts: { subsystem: 'firmware', ...facts } };
    };
    switch (of.UpdateState) {
        case success: {
            const summary =
                from === ''
                    ? _('The firmware of {device} was updated to {to}', values)
                    : _('The firmware of {device} was updated from {from} to {to}', values);
            return toChange('firmware-updated', summary, { ...(from !== '' && { from }), to });
        }
        case needsReboot:
            return toChange(
                'firmware-staged',
                _('New firmware for {device} will be installed at the next startup', values),
                {},
            );
        case failed:
        case failedTransient: {
            // The state comes a moment before the reason: fu_engine_install_release() of src/fu-engine.c.
            if (of.UpdateError === undefined) return null;
            const reason = safeText(of.UpdateError, 512);
            const isLasting = of.UpdateState === failed;
            const summary = isLasting
                ? _('The firmware of {device} could not be updated', values)
                : _('The firmware of {device} cannot be updated yet', values);
            const event = isLasting ? 'firmware-failed' : 'firmware-waits';
            return { ...toChange(event, summary, { reason }), detail: reason };
        }
        case undefined:
        default:
            return null;
    }
}

/** The name that programs with a display use: fwupd's own names of devices are often just "System Firmware". */
function nameOf({ Vendor: vendor = '', Name: name = '', DeviceId: id }: Device): string {
    const whole = name.startsWith(vendor) ? name : `${vendor} ${name}`;
    return safeText(name === '' ? id : whole.trim(), 128);
}

/** One outcome, from a signal or from the history. */
function keyOf({ DeviceId: id, UpdateState: state, UpdateError: reason }: Device, version: string | undefined): string {
    return safeText(`${id} ${state ?? 0} ${(state === success ? version : reason) ?? ''}`, 512);
}

function remembered(database: Database): string[] | null {
    return readState(database, stateKey, z.array(z.string()));
}

function remember(database: Database, keys: readonly string[]): void {
    const all = new Set([...(remembered(database) ?? []), ...keys]);
    database.setState(stateKey, JSON.stringify([...all].slice(-rememberedLimit)));
}
