import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { BusCall, Step } from '../../model/proposal.ts';
import { managedObjects } from '../../machine/managedObjects.ts';
import { networkManager } from '../../machine/network/networkDevices.ts';
import { blockedRadios } from '../../machine/network/radios.ts';
import { readProperties } from '../../machine/properties.ts';
import { defineAction, valueCheck } from '../action.ts';
import { programStep } from '../programStep.ts';
import { turnOff, turnOn, type Phrases } from '../wish.ts';
import { nouns, type Asked } from './connection.ts';

const radios = ['wifi', 'bluetooth', 'airplane'] as const;
type Radio = (typeof radios)[number];
const parameters = z.strictObject({ radio: z.enum(radios), on: z.boolean() });

/** An object with a property that is a switch. */
type Place = Pick<BusCall, 'bus' | 'destination' | 'path' | 'interface'> & { property: string; isOn: boolean };

const managerProperties = z.object({
    WirelessEnabled: z.boolean(),
    WirelessHardwareEnabled: z.boolean(),
    Devices: z.array(z.string()),
});
const deviceProperties = z.object({ DeviceType: z.number() });
/** NM_DEVICE_TYPE_WIFI of nm-dbus-interface.h. */
const wifiDevice = 2;
const adapterProperties = z.object({ Powered: z.boolean() });
/** gnome-settings-daemon's plugins/rfkill/gsd-rfkill-manager.c. */
const airplane = {
    bus: 'session',
    destination: 'org.gnome.SettingsDaemon.Rfkill',
    path: '/org/gnome/SettingsDaemon/Rfkill',
    interface: 'org.gnome.SettingsDaemon.Rfkill',
    property: 'AirplaneMode',
} as const satisfies Omit<Place, 'isOn'>;
const airplaneProperties = z.object({
    AirplaneMode: z.boolean(),
    HardwareAirplaneMode: z.boolean(),
    HasAirplaneMode: z.boolean(),
});

const { wifi } = nouns;
const called: Record<Radio, Phrases> = {
    wifi: { en: [wifi.en], de: [wifi.de], ar: ['(واي فاي|شبكة لاسلكية)'] },
    bluetooth: { en: ['bluetooth'], de: ['bluetooth'], ar: ['بلوتوث'] },
    airplane: {
        en: ['(airplane|aeroplane|flight|plane) mode'],
        de: ['(flugmodus|flugzeugmodus)'],
        ar: ['وضع (طيران|طائرة)'],
    },
};

/** Turns a radio on or off: Wi-Fi by NetworkManager, Bluetooth by BlueZ, all of them as the desktop's aeroplane mode does. */
export const radioSwitch = defineAction({
    name: 'radio.switch',
    parameters,
    proposable: ['task'],
    touches: ({ radio }) => [`radio ${radio}`],
    wishes: radios.flatMap(radio => [
        { phrases: turnOn(called[radio]), parameters: () => [{ radio, on: true }] },
        { phrases: turnOff(called[radio]), parameters: () => [{ radio, on: false }] },
    ]),
    async plan({ radio, on }, asked) {
        const places = (await readRadio(radio, asked)).filter(({ isOn }) => isOn !== on);
        if (places.length === 0)
            throw new ReeveError('InvalidState', on ? _('This is already on') : _('This is already off'));
        const title = titleOf(radio, on);
        // BlueZ turns nothing on that is blocked: org.bluez.Error.Blocked of adapter_set_powered().
        const isBlocked =
            radio === 'bluetooth' && on && asked.machine !== null
                ? (await blockedRadios(asked.machine, 'bluetooth')).some(({ isHard }) => !isHard)
                : false;
        const unblock = isBlocked
            ? [{ description: _('Unblock the radio'), ...programStep('user', ['rfkill', 'unblock', 'bluetooth']) }]
            : [];
        const steps = [...unblock, ...places.map(place => switchStep(title, place, on))];
        return {
            title,
            steps,
            risk: on === (radio === 'airplane') ? 'medium' : 'low',
            riskText: riskOf(radio, on),
            undo: {
                text: _('Sets it back'),
                steps: [
                    ...places.map((place, index) => ({
                        ...switchStep(titleOf(radio, !on), place, !on),
                        undoes: unblock.length + index,
                    })),
                    ...unblock.map(() => ({
                        description: _('Block the radio'),
                        ...programStep('user', ['rfkill', 'block', 'bluetooth']),
                        undoes: 0,
                    })),
                ],
            },
            authentication: false,
            preconditions: { [radio]: JSON.stringify([places, isBlocked]) },
        };
    },
    async verify({ radio, on }, asked) {
        return valueCheck((await readRadio(radio, asked)).every(({ isOn }) => isOn === on));
    },
});

/** @throws ReeveError InvalidState where there is no such radio, or a switch of the computer has it off */
async function readRadio(radio: Radio, { machine, signal }: Asked): Promise<Place[]> {
    const bus = machine?.system ?? null;
    switch (radio) {
        case 'wifi': {
            const { data } = managerProperties.safeParse(await readProperties(bus, networkManager, signal));
            if (data === undefined) throw new ReeveError('InvalidState', _('NetworkManager is not running'));
            const { destination, interface: name } = networkManager;
            const devices = await Promise.all(
                data.Devices.map(path =>
                    readProperties(bus, { destination, path, interface: `${name}.Device` }, signal),
                ),
            );
            if (!devices.some(device => deviceProperties.safeParse(device).data?.DeviceType === wifiDevice))
                throw new ReeveError('InvalidState', _('This computer has no Wi-Fi adapter'));
            if (!data.WirelessHardwareEnabled) throw byHand();
            return [{ bus: 'system', ...networkManager, property: 'WirelessEnabled', isOn: data.WirelessEnabled }];
        }
        case 'bluetooth': {
            const name = 'org.bluez';
            const objects = (await managedObjects(bus, { destination: name, path: '/' }, signal)) ?? [];
            const adapters = objects.flatMap(([path, interfaces]) => {
                const { data } = adapterProperties.safeParse(interfaces[`${name}.Adapter1`]);
                return data === undefined ? [] : [{ path, isOn: data.Powered }];
            });
            if (adapters.length === 0)
                throw new ReeveError('InvalidState', _('This computer has no Bluetooth adapter'));
            return adapters.map(({ path, isOn }) => ({
                bus: 'system' as const,
                destination: name,
                path,
                interface: `${name}.Adapter1`,
                property: 'Powered',
                isOn,
            }));
        }
        case 'airplane': {
            const { data } = airplaneProperties.safeParse(
                await readProperties(machine?.session ?? null, airplane, signal),
            );
            if (!data?.HasAirplaneMode)
                throw new ReeveError('InvalidState', _('This computer has no radio that could be turned off'));
            if (data.HardwareAirplaneMode) throw byHand();
            return [{ ...airplane, isOn: data.AirplaneMode }];
        }
    }
}

function byHand(): ReeveError {
    return new ReeveError('InvalidState', _('A switch or key of the computer has it off, which only you can change'));
}

function switchStep(
    description: string,
    { bus, destination, path, interface: name, property }: Place,
    on: boolean,
): Step {
    return {
        description,
        command: `busctl ${bus === 'session' ? '--user ' : ''}set-property ${destination} ${path} ${name} ${property} b ${String(on)}`,
        call: {
            bus,
            destination,
            path,
            interface: 'org.freedesktop.DBus.Properties',
            member: 'Set',
            signature: 'ssv',
            arguments: [name, property, { signature: 'b', value: on }],
        },
    };
}

function titleOf(radio: Radio, on: boolean): string {
    const thing = radio === 'wifi' ? _('Wi-Fi') : radio === 'bluetooth' ? _('Bluetooth') : _('aeroplane mode');
    return on ? _('Turn on {thing}', { thing }) : _('Turn off {thing}', { thing });
}

function riskOf(radio: Radio, on: boolean): string {
    if (on !== (radio === 'airplane'))
        return on
            ? _('The radio is on again and uses a little power.')
            : _('The radios are on again and use a little power.');
    switch (radio) {
        case 'wifi':
            return _('What needs the Wi-Fi network is interrupted.');
        case 'bluetooth':
            return _('Bluetooth mice, keyboards and headphones stop working. Have another way to work at hand.');
        case 'airplane':
            return _('Wi-Fi, Bluetooth and mobile networks are off: what needs them is interrupted.');
    }
}
