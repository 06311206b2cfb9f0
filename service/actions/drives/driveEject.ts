import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { anyDrive } from './driveMount.ts';
import { leaveStep, readVolumes, requireVolume, unmountStep, volumeParameters, volumesMeant } from './volumes.ts';

/** Lets a drive be unplugged: unmounts all that is on it, and turns it off or ejects its medium, as the file manager does. */
export const driveEject = defineAction({
    name: 'drive.eject',
    parameters: volumeParameters,
    touches: ({ device }) => [`drive ${device}`],
    wishes: [
        {
            phrases: {
                en: anyDrive.en.flatMap(called => [
                    `(eject|safely remove|disconnect|unplug) ${called}`,
                    `remove ${called} safely`,
                ]),
                de: anyDrive.de.flatMap(called => [
                    `${called} [sicher] (auswerfen|entfernen)`,
                    `(wirf|entferne) ${called} [sicher] [aus]`,
                ]),
                ar: anyDrive.ar.map(called => `(اخرج|إخراج|أزل) ${called} [بأمان]`),
            },
            parameters: (_slots, asked) => volumesMeant(null, asked, () => true),
        },
        {
            phrases: {
                en: ['(eject|safely remove) [drive|disk|usb stick] {name}', 'remove [drive|disk] {name} safely'],
                de: ['[laufwerk|stick] {name} (auswerfen|sicher entfernen)', 'wirf {name} aus'],
                ar: ['(اخرج|إخراج) [قرص] {name}'],
            },
            parameters: ({ name = '' }, asked) => volumesMeant(name, asked, () => true),
        },
    ],
    async plan({ device }, asked) {
        const volume = await requireVolume(device, asked);
        const { name, drive } = volume;
        if (!drive.CanPowerOff && !drive.Ejectable)
            throw new ReeveError('InvalidState', _('{name} cannot be ejected. Unmount it instead', { name }));
        const mounted = (await readVolumes(asked)).filter(
            each => each.drive.path === drive.path && each.folder !== null,
        );
        return {
            title: _('Eject {name}', { name }),
            steps: [...mounted.map(unmountStep), leaveStep(volume)],
            risk: 'low',
            riskText: _('What is not yet written to it is written first. It stays mounted while a program uses it.'),
            undo: null,
            authentication: false,
            preconditions: {
                [device]: JSON.stringify([volume.uuid, name, ...mounted.map(each => [each.device, each.folder])]),
            },
        };
    },
    async verify({ device }, asked) {
        const left = (await readVolumes(asked)).find(each => each.device === device && each.folder !== null);
        const gone = left === undefined;
        return { gone, detail: gone ? '' : _('{name} is still mounted', { name: left.name }) };
    },
});
