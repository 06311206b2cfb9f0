import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import {
    connectStep,
    deviceParameters,
    deviceWishes,
    pairStep,
    removeStep,
    requireNewDevice,
    trustStep,
    verifyConnected,
} from './bluetoothDevices.ts';

/** Pairs a device that is near and asks for no code, trusts it, and connects it; org.bluez.Device(5). */
export const bluetoothPair = defineAction({
    name: 'bluetooth.pair',
    parameters: deviceParameters,
    touches: ({ address }) => [`bluetooth ${address}`],
    wishes: deviceWishes(
        ({ en, de, ar }) => ({
            en: en.flatMap(called => [`pair [with] [new] ${called}`, `(connect|add) new ${called}`]),
            de: de.flatMap(called => [
                `(kopple|koppel) [mit] [neuen|neue] ${called}`,
                `[neuen|neue] ${called} koppeln`,
            ]),
            ar: ar.map(called => `(اقرن|إقران) ${called}`),
        }),
        () => true,
        { isPaired: false },
    ),
    async plan({ address }, asked) {
        const device = await requireNewDevice(address, asked);
        const { name } = device;
        return {
            title: _('Pair {name}', { name }),
            steps: [pairStep(device), trustStep(device), connectStep(device)],
            risk: 'low',
            riskText: _('Make sure that it is your device: {address}. It may connect by itself from then on.', {
                address,
            }),
            undo: { text: _('Forgets {name} again', { name }), steps: [removeStep(device)] },
            authentication: false,
            preconditions: { device: device.path },
        };
    },
    verify: async ({ address }, asked) => await verifyConnected(address, true, asked),
});
