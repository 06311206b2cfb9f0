import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { isNixos, readConfiguration } from '../../machine/nixos/nixos.ts';
import { findPackage } from '../../machine/nixos/packages.ts';
import { safeText } from '../../text/sanitise.ts';
import { ReeveError } from '../../util/errors.ts';
import { defineAction } from '../action.ts';
import { installPhrases } from '../packages/packagesInstall.ts';
import { isNoName, packageForm } from '../packages/packagesMeant.ts';
import { removePhrases } from '../packages/packagesRemove.ts';
import type { Surroundings } from '../surroundings.ts';
import { planEdit, requireNixos } from './configurationEdit.ts';
import { addPackage, declaresPackages, removePackage } from './nixText.ts';

/** Of an attribute of nixpkgs: no keyword, no path, no expression. */
const attribute = z
    .string()
    .max(128)
    .regex(/^(?!(?:assert|else|if|in|inherit|let|or|rec|then|with)$)[A-Za-z_][\w-]*$/, 'is not the name of a package');
const parameters = z.strictObject({ name: attribute });
const touches = () => ['nixos'];

type Asked = Surroundings & { signal: AbortSignal };

/** Declares a package of nixpkgs for everybody who uses the computer: `environment.systemPackages` of configuration.nix(5). */
export const nixosInstall = defineAction({
    name: 'nixos.install',
    parameters,
    proposable: ['task'],
    touches,
    wishes: [
        {
            phrases: installPhrases,
            parameters: async ({ name = '' }, { machine, signal }) => {
                const wanted = packageForm(name);
                if (machine === null || !(await isNixos(machine)) || !attribute.safeParse(wanted).success) return [];
                const known = await findPackage(machine, wanted, signal);
                if (known !== null) return [{ name: wanted }];
                if (isNoName(name)) return [];
                throw new ReeveError('InvalidState', _('I found no package called “{name}”', { name }));
            },
        },
    ],
    async plan({ name }, asked) {
        const machine = await requireNixos(asked);
        const known = await findPackage(machine, name, asked.signal);
        if (known === null)
            throw new ReeveError('InvalidState', _('There is no package {name} that can be installed', { name }));
        const planned = await planEdit(asked, {
            title: _('Install {names}', { names: name }),
            fits: declaresPackages,
            edit: text => addPackage(text, name),
            refusals: {
                ...refusals,
                present: path => _('{path} already has {name}', { path, name }),
            },
        });
        return { ...planned, explanation: safeText(known.summary, 200) };
    },
    verify: ({ name }, asked) => verify(name, true, asked),
});

/** Takes a package out of what is declared. What nothing refers to any more stays until it is collected: nix-collect-garbage(1). */
export const nixosRemove = defineAction({
    name: 'nixos.remove',
    parameters,
    proposable: ['task'],
    touches,
    wishes: [
        {
            phrases: removePhrases,
            parameters: async ({ name = '' }, { machine }) => {
                const wanted = packageForm(name);
                if (machine === null || !(await isNixos(machine)) || !attribute.safeParse(wanted).success) return [];
                const isDeclared = await declares(wanted, machine);
                if (isDeclared) return [{ name: wanted }];
                if (isNoName(name)) return [];
                throw new ReeveError('InvalidState', _('{name} is not installed', { name }));
            },
        },
    ],
    plan: async ({ name }, asked) =>
        await planEdit(asked, {
            title: _('Remove {names}', { names: name }),
            fits: text => 'text' in removePackage(text, name),
            edit: text => removePackage(text, name),
            refusals: { ...refusals, absent: path => _('{path} does not have {name}', { path, name }) },
        }),
    verify: ({ name }, asked) => verify(name, false, asked),
});

const refusals = {
    form: (path: string) => _('{path} has a form that Reeve does not edit', { path }),
    present: (path: string) => _('{path} already says that', { path }),
    absent: (path: string) => _('{path} does not say that', { path }),
};

async function declares(name: string, machine: NonNullable<Asked['machine']>): Promise<boolean> {
    const files = await readConfiguration(machine);
    return files.some(({ bytes }) => 'text' in removePackage(bytes.toString('utf8'), name));
}

async function verify(name: string, isWanted: boolean, asked: Asked) {
    const gone = (await declares(name, await requireNixos(asked))) === isWanted;
    const detail = isWanted ? _('{name} is not installed', { name }) : _('{name} is still installed', { name });
    return { gone, detail: gone ? '' : detail };
}
