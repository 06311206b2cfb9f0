import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { deviceParameters, deviceWishes, isPaired, removeStep, requireDevice } from './bluetoothDevices.ts';

/** Ends the pairing with a Bluetooth device; RemoveDevice of org.bluez.Adapter(5). */
export const bluetoothForget = defineAction({
    name: 'bluetooth.forget',
    parameters: deviceParameters,
    touches: ({ address }) => [`bluetooth ${address}`],
    wishes: deviceWishes(
        ({ en, de, ar }) => ({
            en: en.flatMap(called => [`(forget|unpair) ${called}`, `(remove|delete) bluetooth [device] ${called}`]),
            de: de.flatMap(called => [`(vergiss|entkopple) ${called}`, `${called} (entkoppeln|vergessen)`]),
            ar: ar.map(called => `(انس|نسيان|الغ إقران) ${called}`),
        }),
        () => true,
    ),
    async plan({ address }, asked) {
        const device = await requireDevice(address, asked);
        const { name } = device;
        return {
            title: _('Forget {name}', { name }),
            steps: [removeStep(device)],
            risk: 'medium',
            riskText: _('To use it again, you have to pair it again, and it has to be at hand.'),
            undo: null,
            authentication: false,
            preconditions: { device: device.path },
        };
    },
    async verify({ address }, asked) {
        const left = await isPaired(address, asked);
        return {
            gone: left === undefined,
            detail: left === undefined ? '' : _('{name} is still paired', { name: left.name }),
        };
    },
});
