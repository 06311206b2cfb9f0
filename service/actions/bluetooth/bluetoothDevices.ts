/** Shared by the actions on Bluetooth devices that were paired once: which one is meant, and what BlueZ knows of it. */
import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { CheckResult, Step } from '../../model/proposal.ts';
import { managedObjects } from '../../machine/managedObjects.ts';
import { safeText } from '../../text/sanitise.ts';
import { isCalled } from '../called.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Phrases } from '../wish.ts';

export type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

const bluez = 'org.bluez';
/** Icons of devices that have neither keys nor a screen; the names are those of the Icon Naming Specification. */
const withoutCode = /^(?:audio-|input-mouse|input-gaming|input-tablet|multimedia-player)/;
/** An address of a device, as org.bluez.Device(5) writes it. */
const address = z.string().regex(/^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$/);
export const deviceParameters = z.strictObject({ address });

/** Of org.bluez.Device(5). */
const properties = z.object({
    Address: address,
    Alias: z.string().catch(''),
    Icon: z.string().catch(''),
    Adapter: z.string(),
    Paired: z.boolean(),
    Connected: z.boolean(),
});
export type BluetoothDevice = z.infer<typeof properties> & { path: string; name: string };

/** What people call each sort of device, as patterns; the names are those of `isCalled`. */
const sorts: Readonly<Record<string, Phrases>> = {
    headphones: {
        en: ['[bluetooth] (headphones|earphones|earbuds)'],
        de: ['[bluetooth] (kopfhörer|bluetooth-kopfhörer)'],
        ar: ['(سماعات|سماعة) [بلوتوث]'],
    },
    headset: { en: ['[bluetooth] headset'], de: ['[bluetooth] (headset|bluetooth-headset)'], ar: ['سماعة رأس'] },
    speaker: {
        en: ['[bluetooth] (speaker|speakers)'],
        de: ['[bluetooth] (lautsprecher|bluetooth-lautsprecher)'],
        ar: ['مكبر صوت [بلوتوث]'],
    },
    mouse: { en: ['bluetooth mouse'], de: ['(bluetooth-maus|bluetooth maus)'], ar: ['فأرة [بلوتوث]'] },
    keyboard: {
        en: ['bluetooth keyboard'],
        de: ['(bluetooth-tastatur|bluetooth tastatur)'],
        ar: ['لوحة مفاتيح بلوتوث'],
    },
    phone: { en: ['[bluetooth] phone'], de: ['(handy|telefon)'], ar: ['هاتف'] },
};

/** A wish about a device of each sort, and about one by its name. @param phrases for what a device is called, as a pattern */
export function deviceWishes(
    phrases: (called: Phrases) => Phrases,
    isFitting: (device: BluetoothDevice) => boolean,
    { isPaired: paired = true } = {},
) {
    const parameters = (said: string) => async (_slots: Readonly<Record<string, string>>, asked: Asked) =>
        await meant(said, asked, isFitting, paired);
    const byName = { en: ['{device}'], de: ['{device}'], ar: ['{device}'] };
    return [
        ...Object.entries(sorts).map(([sort, called]) => ({ phrases: phrases(called), parameters: parameters(sort) })),
        {
            phrases: phrases(byName),
            parameters: async ({ device = '' }: Readonly<Record<string, string>>, asked: Asked) =>
                await meant(device, asked, isFitting, paired),
        },
    ];
}

/** None where the words mean something else: then there may be a network of this name, or a page of the settings. */
async function meant(said: string, asked: Asked, isFitting: (device: BluetoothDevice) => boolean, paired: boolean) {
    const called = (await readDevices(asked, paired)).filter(({ name, Icon }) => isCalled(said, [name, Icon]));
    return called
        .sort((one, other) => Number(isFitting(other)) - Number(isFitting(one)))
        .map(device => ({ address: device.Address }));
}

/** Those that were paired, or those that are near and were not. */
async function readDevices({ machine, signal }: Asked, paired = true): Promise<BluetoothDevice[]> {
    const objects = await managedObjects(machine?.system ?? null, { destination: bluez, path: '/' }, signal);
    return (objects ?? []).flatMap(([path, interfaces]) => {
        const { data } = properties.safeParse(interfaces[`${bluez}.Device1`]);
        if (data?.Paired !== paired) return [];
        return [{ ...data, path, name: safeText(data.Alias, 100) || data.Address }];
    });
}

/** @throws ReeveError InvalidState when no such device is paired */
export async function requireDevice(of: string, asked: Asked): Promise<BluetoothDevice> {
    const device = (await readDevices(asked)).find(({ Address }) => Address === of);
    if (device === undefined) throw new ReeveError('InvalidState', _('This Bluetooth device is not paired any more'));
    return device;
}

/** @throws ReeveError InvalidState when it is not near, or needs a code that only the settings show */
export async function requireNewDevice(of: string, asked: Asked): Promise<BluetoothDevice> {
    const device = (await readDevices(asked, false)).find(({ Address }) => Address === of);
    if (device === undefined)
        throw new ReeveError('InvalidState', _('This Bluetooth device is not near, or is paired already'));
    if (!withoutCode.test(device.Icon))
        throw new ReeveError(
            'InvalidState',
            _('{name} may ask for a code. Say “open the Bluetooth settings”.', { name: device.name }),
        );
    return device;
}

/** Pair() of org.bluez.Device(5). Nobody is there to compare codes: it is for devices that have none. */
export function pairStep({ name, Address, path }: BluetoothDevice): Step {
    return {
        description: _('Pair {name}', { name }),
        command: `bluetoothctl pair ${Address}`,
        call: deviceCall(path, 'Pair'),
    };
}

/** Lets it connect by itself. */
export function trustStep({ name, Address, path }: BluetoothDevice): Step {
    return {
        description: _('Let {name} connect by itself', { name }),
        command: `bluetoothctl trust ${Address}`,
        call: {
            bus: 'system',
            destination: bluez,
            path,
            interface: 'org.freedesktop.DBus.Properties',
            member: 'Set',
            signature: 'ssv',
            arguments: [`${bluez}.Device1`, 'Trusted', { signature: 'b', value: true }],
        },
    };
}

export function connectStep({ name, Address, path }: BluetoothDevice): Step {
    return {
        description: _('Connect {name}', { name }),
        command: `bluetoothctl connect ${Address}`,
        call: deviceCall(path, 'Connect'),
    };
}

export function disconnectStep({ name, Address, path }: BluetoothDevice): Step {
    return {
        description: _('Disconnect {name}', { name }),
        command: `bluetoothctl disconnect ${Address}`,
        call: deviceCall(path, 'Disconnect'),
    };
}

export function removeStep({ name, Address, path, Adapter }: BluetoothDevice): Step {
    return {
        description: _('Forget {name}', { name }),
        command: `bluetoothctl remove ${Address}`,
        call: {
            bus: 'system',
            destination: bluez,
            path: Adapter,
            interface: `${bluez}.Adapter1`,
            member: 'RemoveDevice',
            signature: 'o',
            arguments: [path],
        },
    };
}

function deviceCall(path: string, member: 'Connect' | 'Disconnect' | 'Pair'): Step['call'] {
    return {
        bus: 'system',
        destination: bluez,
        path,
        interface: `${bluez}.Device1`,
        member,
        signature: '',
        arguments: [],
    };
}

/** How long a device takes at most to tell what it does, and how often to look. Milliseconds. */
const settling = { limit: 2000, interval: 100 };

export async function verifyConnected(of: string, isWanted: boolean, asked: Asked): Promise<CheckResult> {
    const until = performance.now() + settling.limit;
    for (;;) {
        const { Connected, name } = await requireDevice(of, asked);
        if (Connected === isWanted) return { gone: true, detail: '' };
        if (performance.now() >= until)
            return {
                gone: false,
                detail: isWanted ? _('{name} is not connected', { name }) : _('{name} is connected', { name }),
            };
        await delay(settling.interval, undefined, { signal: asked.signal });
    }
}

export async function isPaired(of: string, asked: Asked): Promise<BluetoothDevice | undefined> {
    return (await readDevices(asked)).find(({ Address }) => Address === of);
}
