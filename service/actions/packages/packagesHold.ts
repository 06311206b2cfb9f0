import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isInstalled } from '../../machine/packages/aptSearch.ts';
import { debianPackage } from '../../machine/packages/aptSimulation.ts';
import { defineAction, valueCheck } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { installedMeant } from './packagesMeant.ts';

const parameters = z.strictObject({ name: z.string().regex(debianPackage) });
const touches = ({ name }: { name: string }) => [`package ${name}`];

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Keeps the version of a package; apt-mark(8), hold. */
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
    if (machine === null || !(await isInstalled(machine, name, signal)))
        throw new ReeveError('InvalidState', _('{name} is not installed', { name }));
    if ((await isHeld(name, asked)) === isWanted)
        throw new ReeveError(
            'InvalidState',
            isWanted ? _('{name} is already held back', { name }) : _('{name} is not held back', { name }),
        );
    return {
        title: titleOf(name, isWanted),
        steps: [step(name, isWanted)],
        risk: isWanted ? ('medium' as const) : ('low' as const),
        riskText: isWanted
            ? _('It gets no security updates, and packages that need a newer one are not updated either.')
            : _('The next update may install a newer version.'),
        undo: { text: _('Sets it back'), steps: [step(name, !isWanted)] },
        authentication: true,
        preconditions: { held: String(!isWanted) },
    };
}

async function verify(name: string, isWanted: boolean, asked: Asked) {
    return valueCheck((await isHeld(name, asked)) === isWanted);
}

async function isHeld(name: string, { machine, signal }: Asked): Promise<boolean> {
    const held = await machine?.run('apt-mark', ['showhold'], { signal });
    if (typeof held !== 'string') throw new ReeveError('InvalidState', _('No known package manager is installed'));
    return held.split('\n').includes(name);
}

function titleOf(name: string, isWanted: boolean): string {
    return isWanted ? _('Keep {name} at its version', { name }) : _('Let {name} be updated again', { name });
}

function step(name: string, isWanted: boolean) {
    return {
        description: titleOf(name, isWanted),
        ...programStep('system', ['apt-mark', isWanted ? 'hold' : 'unhold', '--', name]),
    };
}
