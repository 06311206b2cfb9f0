import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { packageName } from '../../machine/packages/packageManager.ts';
import { defineAction, valueCheck } from '../action.ts';
import type { Surroundings } from '../surroundings.ts';
import { packageManagerOf } from './packageManagers.ts';
import { installedMeant } from './packagesMeant.ts';

const parameters = z.strictObject({ name: packageName });
const touches = ({ name }: { name: string }) => [`package ${name}`];

type Asked = Pick<Surroundings, 'machine' | 'contents'> & { signal: AbortSignal };

/** Keeps the version of a package: what is held back by APT, locked by DNF, ignored by pacman. */
export const packagesHold = defineAction({
    name: 'packages.hold',
    parameters,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    'hold [back] [package] {name} [at (this|its|current|present) version]',
                    '(do not|dont|never) (update|upgrade) [package] {name}',
                    'keep {name} at (this|its|current|present) version',
                ],
                de: ['halte [paket] {name} zurück', '[paket] {name} nicht [mehr] aktualisieren'],
                ar: ['لا تحدث [حزمة] {name}'],
            },
            parameters: async ({ name = '' }, asked) => await installedMeant(name, asked),
        },
    ],
    plan: async ({ name }, asked) => await plan(name, true, asked),
    verify: async ({ name }, asked) => await verify(name, true, asked),
});

/** Lets a package be updated again; apt-mark(8), unhold. */
export const packagesUnhold = defineAction({
    name: 'packages.unhold',
    parameters,
    touches,
    wishes: [
        {
            phrases: {
                en: ['unhold [package] {name}', '(allow|permit) (updates|upgrades) (of|for) {name} [again]'],
                de: [
                    '[paket] {name} wieder aktualisieren [lassen]',
                    'aktualisierungen (von|für) {name} [wieder] erlauben',
                ],
                ar: ['اسمح بتحديث [حزمة] {name}'],
            },
            parameters: async ({ name = '' }, asked) => await installedMeant(name, asked),
        },
    ],
    plan: async ({ name }, asked) => await plan(name, false, asked),
    verify: async ({ name }, asked) => await verify(name, false, asked),
});

async function plan(name: string, isWanted: boolean, asked: Asked) {
    const { machine, signal } = asked;
    const manager = machine === null ? null : await packageManagerOf(machine);
    if (machine === null || manager === null || !(await manager.isInstalled(machine, name, signal)))
        throw new ReeveError('InvalidState', _('{name} is not installed', { name }));
    if ((await manager.isHeld(machine, name, signal)) === isWanted)
        throw new ReeveError(
            'InvalidState',
            isWanted ? _('{name} is already held back', { name }) : _('{name} is not held back', { name }),
        );
    const words = { description: titleOf(name, isWanted), back: titleOf(name, !isWanted) };
    const { step, undo } = await manager.hold(name, isWanted, words, asked);
    return {
        title: titleOf(name, isWanted),
        steps: [step],
        risk: isWanted ? ('medium' as const) : ('low' as const),
        riskText: isWanted
            ? _('It gets no security updates, and packages that need a newer one are not updated either.')
            : _('The next update may install a newer version.'),
        undo: { text: _('Sets it back'), steps: [undo] },
        authentication: true,
        preconditions: { held: String(!isWanted) },
    };
}

async function verify(name: string, isWanted: boolean, { machine, signal }: Asked) {
    if (machine === null) return valueCheck(false);
    const manager = await packageManagerOf(machine);
    return valueCheck((await manager.isHeld(machine, name, signal)) === isWanted);
}

function titleOf(name: string, isWanted: boolean): string {
    return isWanted ? _('Keep {name} at its version', { name }) : _('Let {name} be updated again', { name });
}
