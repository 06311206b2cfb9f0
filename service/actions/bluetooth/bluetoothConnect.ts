import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import {
    connectStep,
    deviceParameters,
    deviceWishes,
    disconnectStep,
    requireDevice,
    verifyConnected,
} from './bluetoothDevices.ts';

const touches = ({ address }: { address: string }) => [`bluetooth ${address}`];

/** Connects a Bluetooth device that was paired once; org.bluez.Device(5). */
export const bluetoothConnect = defineAction({
    name: 'bluetooth.connect',
    parameters: deviceParameters,
    touches,
    wishes: deviceWishes(
        ({ en, de, ar }) => ({
            en: en.map(called => `(connect|reconnect) [to] ${called}`),
            de: de.flatMap(called => [
                `(verbinde|verbinden) [mich] [mit] ${called}`,
                `[mit] ${called} [wieder] verbinden`,
            ]),
            ar: ar.map(called => `(اتصل|وصل|اتصال|توصيل) ${called}`),
        }),
        ({ Connected }) => !Connected,
    ),
    async plan({ address }, asked) {
        const device = await requireDevice(address, asked);
        const { name } = device;
        if (device.Connected) throw new ReeveError('InvalidState', _('{name} is already connected', { name }));
        return {
            title: _('Connect {name}', { name }),
            steps: [connectStep(device)],
            risk: 'low',
            riskText: _('It has to be turned on and near. Headphones then play the sound of the computer.'),
            undo: { text: _('Disconnects {name} again', { name }), steps: [disconnectStep(device)] },
            authentication: false,
            preconditions: { device: `${device.path} ${String(device.Connected)}` },
        };
    },
    verify: async ({ address }, asked) => await verifyConnected(address, true, asked),
});

/** Disconnects a Bluetooth device. It stays paired. */
export const bluetoothDisconnect = defineAction({
    name: 'bluetooth.disconnect',
    parameters: deviceParameters,
    touches,
    wishes: deviceWishes(
        ({ en, de, ar }) => ({
            en: en.map(called => `disconnect [from] ${called}`),
            de: de.flatMap(called => [`(trenne|trennen) [verbindung] [mit|zu|zum] ${called}`, `${called} trennen`]),
            ar: ar.map(called => `(افصل|فصل) ${called}`),
        }),
        ({ Connected }) => Connected,
    ),
    async plan({ address }, asked) {
        const device = await requireDevice(address, asked);
        const { name } = device;
        if (!device.Connected) throw new ReeveError('InvalidState', _('{name} is not connected', { name }));
        const isInput = device.Icon.startsWith('input-');
        return {
            title: _('Disconnect {name}', { name }),
            steps: [disconnectStep(device)],
            risk: isInput ? 'medium' : 'low',
            riskText: isInput
                ? _('It stops working. Have another way to work at hand.')
                : _('It stays paired, so it can be connected again.'),
            undo: { text: _('Connects to {name} again', { name }), steps: [connectStep(device)] },
            authentication: false,
            preconditions: { device: `${device.path} ${String(device.Connected)}` },
        };
    },
    verify: async ({ address }, asked) => await verifyConnected(address, false, asked),
});
