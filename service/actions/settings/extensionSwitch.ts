import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { extensionUuid, readExtensions, shellExtensions } from '../../machine/desktop/shellExtensions.ts';
import { defineAction, valueCheck } from '../action.ts';
import type { Surroundings } from '../surroundings.ts';
import { turnOff, turnOn } from '../wish.ts';

const parameters = z.strictObject({
    uuid: z.string().regex(extensionUuid).max(128),
});
const touches = ({ uuid }: z.infer<typeof parameters>) => [`extension ${uuid}`];

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

const called = {
    en: ['[shell|gnome] extension {extension}', '{extension} extension'],
    de: ['[shell|gnome] (erweiterung|shell-erweiterung) {extension}'],
    ar: ['(إضافة|امتداد) {extension}'],
};

/** Turns off an extension of GNOME Shell. */
export const extensionDisable = defineAction({
    name: 'extension.disable',
    parameters,
    touches,
    wishes: [{ phrases: turnOff(called), parameters: extensionsMeant }],
    plan: async ({ uuid }, asked) => await plan(uuid, false, asked),
    verify: async ({ uuid }, asked) => await verify(uuid, false, asked),
});

/** Turns on an extension of GNOME Shell that is installed. */
export const extensionEnable = defineAction({
    name: 'extension.enable',
    parameters,
    touches,
    wishes: [{ phrases: turnOn(called), parameters: extensionsMeant }],
    plan: async ({ uuid }, asked) => await plan(uuid, true, asked),
    verify: async ({ uuid }, asked) => await verify(uuid, true, asked),
});

async function plan(uuid: string, isWanted: boolean, asked: Asked) {
    const { enabled, state } = await requireExtension(uuid, asked);
    if (enabled === isWanted)
        throw new ReeveError(
            'InvalidState',
            isWanted
                ? _('The extension {uuid} is already turned on', { uuid })
                : _('The extension {uuid} is not turned on', { uuid }),
        );
    return {
        title: titleOf(uuid, isWanted),
        steps: [step(uuid, isWanted)],
        risk: isWanted ? ('medium' as const) : ('low' as const),
        riskText: isWanted
            ? _('An extension can change everything in the desktop, and a broken one can disturb it.')
            : _('What the extension adds to the desktop disappears until you turn it on again.'),
        undo: {
            text: isWanted ? _('Turns the extension off again') : _('Turns the extension on again'),
            steps: [step(uuid, !isWanted)],
        },
        authentication: false,
        preconditions: { [`${uuid} state`]: `${enabled} ${state}` },
    };
}

async function verify(uuid: string, isWanted: boolean, asked: Asked) {
    return valueCheck((await requireExtension(uuid, asked)).enabled === isWanted);
}

/** @throws ReeveError InvalidState when it is not installed, or there is no Shell to ask */
async function requireExtension(uuid: string, { machine, signal }: Asked) {
    const all = (await readExtensions(machine?.session ?? null, signal)) ?? [];
    const found = all.find(known => known.uuid === uuid);
    if (found === undefined) throw new ReeveError('InvalidState', _('The extension {uuid} is not installed', { uuid }));
    return found;
}

/** The installed extensions of a name. */
async function extensionsMeant({ extension = '' }: Readonly<Record<string, string>>, { machine, signal }: Asked) {
    const all = (await readExtensions(machine?.session ?? null, signal)) ?? [];
    const isMeant = (name: string) => name.toLowerCase() === extension;
    return all
        .filter(({ uuid, name }) => extensionUuid.test(uuid) && [uuid, name].some(isMeant))
        .map(({ uuid }) => ({ uuid }));
}

function titleOf(uuid: string, isWanted: boolean): string {
    return isWanted ? _('Turn on the extension {uuid}', { uuid }) : _('Turn off the extension {uuid}', { uuid });
}

function step(uuid: string, isWanted: boolean): Step {
    return {
        description: titleOf(uuid, isWanted),
        command: `gnome-extensions ${isWanted ? 'enable' : 'disable'} ${uuid}`,
        call: {
            bus: 'session',
            ...shellExtensions,
            member: isWanted ? 'EnableExtension' : 'DisableExtension',
            signature: 's',
            arguments: [uuid],
        },
    };
}
