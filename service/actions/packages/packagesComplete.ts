import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { debianName, fixBroken, isNothing } from '../../machine/packages/aptSimulation.ts';
import { readUnfinished } from '../../machine/packages/unfinishedPackages.ts';
import { defineAction, noParameters } from '../action.ts';
import { programStep } from '../programStep.ts';
import { aptStep, simulated, unattended } from './apt.ts';
import { describeChanges } from './packageManager.ts';

/**
 * Installs what unpacked packages need, or removes the packages when that is unavailable.
 *
 * While the user types a password, apt may reach another result, so apt removes nothing itself: dpkg(1) removes the
 * packages that were shown, none that another needs, and keeps their settings whatever apt.conf(5) says.
 */
export const packagesComplete = defineAction({
    name: 'packages.complete',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(fix|repair) (broken|missing|unmet) (packages|dependencies|package)',
                    '(fix|repair) (package system|package manager|packages|installed packages|dpkg|apt)',
                    'install missing dependencies',
                ],
                de: [
                    '(repariere|behebe) (kaputte|defekte|fehlende) (pakete|abhängigkeiten)',
                    '(kaputte|defekte|fehlende) (pakete|abhängigkeiten) (reparieren|installieren|beheben)',
                ],
                ar: ['(اصلح|إصلاح) (حزم|اعتماديات) (معطوبة|ناقصة|مكسورة)'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, { machine, signal }) {
        const unfinished = machine && (await readUnfinished(machine, signal));
        // apt-get does nothing else until it has worked through its journal; a simulation ignores the journal.
        if (unfinished?.isInterrupted === true)
            throw new ReeveError('InvalidState', _('dpkg was interrupted and must finish first'));
        const [changes, native] = await Promise.all([
            simulated(machine, fixBroken, signal),
            machine?.run('dpkg', ['--print-architecture'], { signal }),
        ]);
        if (machine === null || isNothing(changes))
            throw new ReeveError('InvalidState', _('No package has missing dependencies'));
        const { installed, removed } = changes;
        const unnamed = removed.find(name => !debianName.test(name));
        if (unnamed !== undefined)
            throw new ReeveError('InvalidState', _('{name} is not a package name', { name: unnamed }));
        // apt leaves out the computer's own architecture; dpkg names it where several may be installed side by side.
        const broken = [...(unfinished?.unpacked ?? []), ...(unfinished?.halfConfigured ?? [])];
        const full = removed.map(
            name => [`${name}:${native?.trim() ?? ''}`].find(each => broken.includes(each)) ?? name,
        );
        const isHarmless = full.every(name => broken.includes(name));
        const removing = {
            description: describeChanges({ installed: [], removed }),
            ...programStep('system', ['dpkg', '--remove', ...full], { environment: unattended }),
        };
        const installing = {
            description: describeChanges({ installed, removed: [] }),
            ...aptStep(['--no-remove', ...fixBroken]),
        };
        return {
            title: _('Install missing dependencies'),
            steps: [...(removed.length > 0 ? [removing] : []), ...(installed.length > 0 ? [installing] : [])],
            risk: isHarmless ? 'medium' : 'high',
            riskText: isHarmless
                ? _('The packages run their own scripts and may restart their services.')
                : _('This removes packages that work. Check whether you need any of them.'),
            ...(!isHarmless && { subject: removed.join(' ') }),
            undo: null,
            authentication: true,
            preconditions: { packages: JSON.stringify(changes) },
        };
    },
});
