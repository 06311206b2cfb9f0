import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import type { Phrases } from '../wish.ts';
import { mountStep, requireVolume, unmountStep, volumeParameters, volumesMeant, type Volume } from './volumes.ts';

const touches = ({ device }: { device: string }) => [`drive ${device}`];
/** What people call what they plug in, as patterns. */
export const anyDrive: Phrases = {
    en: [
        '(usb|memory|flash|thumb|external|removable) (stick|drive|disk|key|hard drive)',
        '(stick|drive|sd card|memory card)',
    ],
    de: ['(usb-stick|usb stick|stick|speicherkarte|sd-karte|laufwerk|externe festplatte|externes laufwerk)'],
    ar: ['(قرص usb|ذاكرة usb|قرص خارجي|بطاقة ذاكرة|فلاشة)'],
};
const isMounted = ({ folder }: Volume) => folder !== null;

/** Mounts a filesystem of a drive that was plugged in; Mount() of org.freedesktop.UDisks2.Filesystem. */
export const driveMount = defineAction({
    name: 'drive.mount',
    parameters: volumeParameters,
    proposable: ['task'],
    touches,
    wishes: [
        {
            phrases: {
                en: anyDrive.en.map(called => `mount ${called}`),
                de: anyDrive.de.flatMap(called => [
                    `${called} (einhängen|einbinden|mounten)`,
                    `(hänge|binde|mounte) ${called} [ein]`,
                ]),
                ar: anyDrive.ar.map(called => `(ركب|وصل|تركيب) ${called}`),
            },
            parameters: (_slots, asked) => volumesMeant(null, asked, volume => !isMounted(volume)),
        },
        {
            phrases: {
                en: ['mount [drive|disk|usb stick] {name}'],
                de: ['[laufwerk|stick] {name} (einhängen|einbinden|mounten)', '(hänge|binde|mounte) {name} [ein]'],
                ar: ['(ركب|تركيب) [قرص] {name}'],
            },
            parameters: ({ name = '' }, asked) => volumesMeant(name, asked, volume => !isMounted(volume)),
        },
    ],
    async plan({ device }, asked) {
        const volume = await requireVolume(device, asked);
        const { name, uuid } = volume;
        if (isMounted(volume)) throw new ReeveError('InvalidState', _('{name} is already mounted', { name }));
        return {
            title: _('Mount {name}', { name }),
            steps: [mountStep(volume)],
            risk: 'low',
            riskText: _('Its files can be opened. Nothing on it changes by itself.'),
            undo: { text: _('Unmounts {name} again', { name }), steps: [unmountStep(volume)] },
            authentication: false,
            preconditions: { [device]: JSON.stringify([uuid, name, null]) },
        };
    },
    async verify({ device }, asked) {
        const volume = await requireVolume(device, asked);
        const gone = isMounted(volume);
        return { gone, detail: gone ? '' : _('{name} is not mounted', { name: volume.name }) };
    },
});

/** Unmounts it. UDisks refuses while a program uses a file on it. */
export const driveUnmount = defineAction({
    name: 'drive.unmount',
    parameters: volumeParameters,
    proposable: ['task'],
    touches,
    wishes: [
        {
            phrases: {
                en: anyDrive.en.map(called => `unmount ${called}`),
                de: anyDrive.de.map(called => `${called} (aushängen|unmounten)`),
                ar: anyDrive.ar.map(called => `(الغ تركيب|إلغاء تركيب) ${called}`),
            },
            parameters: (_slots, asked) => volumesMeant(null, asked, isMounted),
        },
        {
            phrases: {
                en: ['unmount [drive|disk|usb stick] {name}'],
                de: ['[laufwerk|stick] {name} (aushängen|unmounten)'],
                ar: ['(الغ تركيب|إلغاء تركيب) [قرص] {name}'],
            },
            parameters: ({ name = '' }, asked) => volumesMeant(name, asked, isMounted),
        },
    ],
    async plan({ device }, asked) {
        const volume = await requireVolume(device, asked);
        const { name, uuid, folder } = volume;
        if (folder === null) throw new ReeveError('InvalidState', _('{name} is not mounted', { name }));
        return {
            title: _('Unmount {name}', { name }),
            steps: [unmountStep(volume)],
            risk: 'low',
            riskText: _('What is not yet written to it is written first. It stays mounted while a program uses it.'),
            undo: { text: _('Mounts {name} again', { name }), steps: [mountStep(volume)] },
            authentication: false,
            preconditions: { [device]: JSON.stringify([uuid, name, folder]) },
        };
    },
    async verify({ device }, asked) {
        const volume = await requireVolume(device, asked);
        const gone = !isMounted(volume);
        return { gone, detail: gone ? '' : _('{name} is still mounted', { name: volume.name }) };
    },
});
