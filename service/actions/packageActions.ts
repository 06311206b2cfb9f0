import * as z from 'zod';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import {
    debianName,
    debianPackage,
    debianVersion,
    fixBroken,
    isNothing,
    patience,
    simulateApt,
} from '../machine/packages/aptSimulation.ts';
import type { AptChanges } from '../machine/packages/aptSimulation.ts';
import type { Machine } from '../machine/machine.ts';
import { readUnfinished } from '../machine/packages/unfinishedPackages.ts';
import type { Action, Surroundings } from './action.ts';
import { programStep } from './programStep.ts';
import { planStart, startedAgain } from './startAgain.ts';
import { reloadStep } from './unitPlan.ts';

/** The actions on packages whose plan is what apt-get(8) says that it would do. */

const none = z.strictObject({});

/** Questions are answered as packages.configure does: the user's own configuration files stay. */
const answers = ['--option=Dpkg::Options::=--force-confdef', '--option=Dpkg::Options::=--force-confold'];
const environment = ['DEBIAN_FRONTEND=noninteractive'];

function aptStep(argv: readonly string[]) {
    return programStep('system', ['apt-get', '--assume-yes', ...answers, ...argv], { environment });
}

/**
 * Installs what unpacked packages need, or removes them where that is not to be had.
 *
 * While a password is waited for, apt may come to have another answer, so that it removes nothing itself: dpkg(1) removes the
 * packages that were shown, none that another needs, and keeps their settings whatever apt.conf(5) says.
 */
export const packagesComplete: Action<z.infer<typeof none>> = {
    name: 'packages.complete',
    parameters: none,
    async plan(_parameters, { machine, signal }) {
        const unfinished = machine && (await readUnfinished(machine, signal));
        // Until it has gone over its notes, apt-get does nothing else; in a simulation it does not look at them.
        if (unfinished?.isInterrupted === true)
            throw new ReeveError('InvalidState', _('dpkg was interrupted, and has to be completed first'));
        const [changes, native] = await Promise.all([
            simulated(machine, fixBroken, signal),
            machine?.run('dpkg', ['--print-architecture'], { signal }),
        ]);
        if (machine === null || isNothing(changes))
            throw new ReeveError('InvalidState', _('No package lacks another one'));
        const { installed, removed } = changes;
        const unnamed = removed.find(name => !debianName.test(name));
        if (unnamed !== undefined)
            throw new ReeveError('InvalidState', _('{name} is no name of a package', { name: unnamed }));
        // Of its own architecture apt has the name alone, dpkg the architecture as well where others may be installed beside it.
        const broken = [...(unfinished?.unpacked ?? []), ...(unfinished?.halfConfigured ?? [])];
        const full = removed.map(
            name => [`${name}:${native?.trim() ?? ''}`].find(each => broken.includes(each)) ?? name,
        );
        const isHarmless = full.every(name => broken.includes(name));
        const removing = {
            description: describe({ installed: [], removed }),
            ...programStep('system', ['dpkg', '--remove', ...full], { environment }),
        };
        const installing = {
            description: describe({ installed, removed: [] }),
            ...aptStep(['--no-remove', ...fixBroken]),
        };
        return {
            title: _('Complete the packages that lack others'),
            steps: [...(removed.length > 0 ? [removing] : []), ...(installed.length > 0 ? [installing] : [])],
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
    restart: startedAgain,
});

/**
 * Installs the version of a package that was there before, as long as its source still has it. Of a downgrade apt-get(8) says
 * that it can destroy a system: it is never that of a package which everything else needs, and wants its subject typed.
 */
export const packagesRevert: Action<z.infer<typeof revert>> = {
    name: 'packages.revert',
    parameters: revert,
    async plan({ name, before, after, restart }, system) {
        const { machine, signal } = system;
        const values = { name, version: before };
        const argv = ['--allow-downgrades', '--no-remove', 'install', '--', `${name}=${before}`];
        // On a busy computer each takes seconds, and a plan has ten.
        const [changes, isNeeded, isKept] = await Promise.all([
            simulated(machine, argv, signal),
            machine !== null && after !== null && isVital(machine, name, signal),
            machine !== null && after !== null && isToBeHad(machine, name, after, signal),
        ]);
        const own = changes.installed.find(each => each.name === name);
        if (machine === null || own?.to !== before || own.from !== after)
            throw new ReeveError('InvalidState', _('{name} {version} cannot be installed in place of it', values));
        if (isNeeded)
            throw new ReeveError('InvalidState', _('Too much needs {name} for an earlier version of it', values));
        const starts = await planStart(restart, system);
        return {
            title: _('Install {name} {version} again', values),
            steps: [
                { description: describe(changes), ...aptStep(argv) },
                ...(restart === null ? [] : [reloadStep(restart.scope)]),
                ...(starts?.steps ?? []),
            ],
            risk: after === null ? 'medium' : 'high',
            riskText:
                after === null
                    ? _('The packages run their own scripts, and may restart their services.')
                    : _(
                          'Data that the newer version has converted may be lost to the earlier one. What the newer version corrects is lacking, and the next update installs it again.',
                      ),
            undo: after !== null && isKept && changes.installed.length === 1 ? undo(name, after) : null,
            authentication: true,
            preconditions: { ...starts?.preconditions, packages: JSON.stringify(changes) },
        };
    },
};

/** To what was updated further since, this is a downgrade, which apt-get(8) then refuses. */
function undo(name: string, after: string) {
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

/** Whether a package is one that nothing works without: by its own account, or as that of a few others that set it up. */
async function isVital(machine: Machine, name: string, signal: AbortSignal): Promise<boolean> {
    const format = '${Essential}|${Priority}|${source:Package}\\n';
    const listed = await machine.run('dpkg-query', ['--show', '--showformat', format, '--', name], { signal });
    const lines = (listed ?? '').split('\n').filter(line => line !== '');
    return lines.length === 0 || lines.some(line => vital.test(line));
}

const vital = /^yes\||\|required\||\|(?:apt|dpkg|glibc|linux(?:-.+)?|systemd)$/;

/**
 * Whether a source has a version, by apt-cache(8), madison: "NAME | VERSION | SOURCE" a line. A source that ends in "Sources"
 * has it to be built. Only Undo hangs on it, so that none is promised where apt takes too long to tell.
 */
async function isToBeHad(machine: Machine, name: string, version: string, signal: AbortSignal): Promise<boolean> {
    const listed = await machine
        .run('apt-cache', ['madison', name], { signal, timeout: patience })
        .catch((error: unknown) => {
            if (error instanceof ReeveError && error.code === 'Unavailable') return null;
            throw error;
        });
    return (listed ?? '').split('\n').some(line => {
        const [of, which, source = ''] = line.split('|').map(part => part.trim());
        return of === name && which === version && source.endsWith(' Packages');
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
