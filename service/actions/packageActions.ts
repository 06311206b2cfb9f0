import * as z from 'zod';

import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import { scope } from '../model/incident.ts';
import { debianPackage, debianVersion, fixBroken, isNothing, simulateApt } from '../tools/aptSimulation.ts';
import type { AptChanges } from '../tools/aptSimulation.ts';
import { readUnfinished } from '../tools/unfinishedPackages.ts';
import type { Action, Surroundings } from './action.ts';
import { programStep } from './programStep.ts';
import { reloadStep, unitName } from './unitPlan.ts';
import { unitResetAndRestart } from './unitResetAndRestart.ts';
import { unitRestart } from './unitRestart.ts';

/** The actions on packages whose plan is what apt-get(8) says that it would do. */

const none = z.strictObject({});

/** Questions are answered as packages.configure does: the user's own configuration files stay. */
const answers = ['--option=Dpkg::Options::=--force-confdef', '--option=Dpkg::Options::=--force-confold'];
const environment = ['DEBIAN_FRONTEND=noninteractive'];

function aptStep(argv: readonly string[]) {
    return programStep('system', ['apt-get', '--assume-yes', ...answers, ...argv], { environment });
}

/** Installs what unpacked packages need, or removes them where that is not to be had. */
export const packagesComplete: Action<z.infer<typeof none>> = {
    name: 'packages.complete',
    parameters: none,
    async plan(_parameters, { machine, signal }) {
        const changes = await simulated(machine, fixBroken, signal);
        if (machine === null || isNothing(changes))
            throw new ReeveError('InvalidState', _('No package lacks another one'));
        const unfinished = await readUnfinished(machine, signal);
        const broken = [...(unfinished?.unpacked ?? []), ...(unfinished?.halfConfigured ?? [])];
        const isHarmless = changes.removed.every(name => broken.includes(name));
        return {
            title: _('Complete the packages that lack others'),
            steps: [{ description: describe(changes), ...aptStep(fixBroken) }],
            risk: isHarmless ? 'medium' : 'high',
            riskText: isHarmless
                ? _('The packages run their own scripts, and may restart their services.')
                : _('Packages that work are removed. Look whether you need one of them.'),
            undo: null,
            authentication: true,
            preconditions: { packages: JSON.stringify(changes) },
        };
    },
};

const revert = z.strictObject({
    name: z.string().regex(debianPackage),
    /** The version to install again. */
    before: z.string().regex(debianVersion),
    /** The version that is installed now; null when it was removed. */
    after: z.string().regex(debianVersion).nullable(),
    /** The unit that is started again with it. */
    restart: z.strictObject({ scope, unit: unitName, reset: z.boolean() }).nullable(),
});

/** Installs the version of a package that was there before, as long as its source still has it. */
export const packagesRevert: Action<z.infer<typeof revert>> = {
    name: 'packages.revert',
    parameters: revert,
    async plan({ name, before, after, restart }, system) {
        const { machine, signal } = system;
        const values = { name, version: before };
        const argv = ['--allow-downgrades', '--no-remove', 'install', '--', `${name}=${before}`];
        const changes = await simulated(machine, argv, signal);
        const own = changes.installed.find(each => each.name === name);
        if (machine === null || own?.to !== before || own.from !== after)
            throw new ReeveError('InvalidState', _('{name} {version} cannot be installed in place of it', values));
        const isKept = after === null || (await isToBeHad(machine, name, after, signal));
        const starts =
            restart === null
                ? null
                : await (restart.reset ? unitResetAndRestart : unitRestart).plan(
                      { scope: restart.scope, unit: restart.unit },
                      system,
                  );
        return {
            title: _('Install {name} {version} again', values),
            steps: [
                { description: describe(changes), ...aptStep(argv) },
                ...(restart === null ? [] : [reloadStep(restart.scope)]),
                ...(starts?.steps ?? []),
            ],
            risk: 'medium',
            riskText:
                after === null
                    ? _('The packages run their own scripts, and may restart their services.')
                    : _('What the newer version corrects is lacking, and the next update installs it again.'),
            undo: isKept && changes.installed.length === 1 ? undo(name, after) : null,
            authentication: true,
            preconditions: { ...starts?.preconditions, packages: JSON.stringify(changes) },
        };
    },
};

function undo(name: string, after: string | null) {
    if (after === null) {
        // Unlike apt-get it takes nothing else away that has come to need it.
        const step = programStep('system', ['dpkg', '--remove', name], { environment });
        return {
            text: _('Removes {name} again', { name }),
            steps: [{ description: _('Remove {names}', { names: name }), ...step }],
        };
    }
    return {
        text: _('Installs {name} {version} again', { name, version: after }),
        steps: [
            {
                description: _('Install {names}', { names: `${name} ${after}` }),
                ...aptStep(['--no-remove', 'install', '--', `${name}=${after}`]),
            },
        ],
    };
}

/** Whether a source has a version, by apt-cache(8), madison: "NAME | VERSION | SOURCE" a line. */
async function isToBeHad(
    machine: NonNullable<Surroundings['machine']>,
    name: string,
    version: string,
    signal: AbortSignal,
): Promise<boolean> {
    const listed = (await machine.run('apt-cache', ['madison', name], { signal })) ?? '';
    return listed.split('\n').some(line => {
        const [of, which] = line.split('|').map(part => part.trim());
        return of === name && which === version;
    });
}

async function simulated(machine: Surroundings['machine'], argv: readonly string[], signal: AbortSignal) {
    return machine === null ? { installed: [], removed: [] } : await simulateApt(machine, argv, signal);
}

function describe({ installed, removed }: AptChanges): string {
    const added = installed.map(({ name, to }) => `${name} ${to}`).join(', ');
    const names = removed.join(', ');
    if (added === '') return _('Remove {names}', { names });
    if (names === '') return _('Install {names}', { names: added });
    return _('Install {added}, and remove {removed}', { added, removed: names });
}
