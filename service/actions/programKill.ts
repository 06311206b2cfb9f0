import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import { isBeyondEnding } from '../tools/kernelWaits.ts';
import type { Action } from './action.ts';
import { processParameters, processPrecondition, requireOwnProgram, signalStep } from './ownProgram.ts';
import type { ProcessParameters } from './ownProgram.ts';
import { preconditions, requireUnit, unitStep } from './unitPlan.ts';

/**
 * Ends a program of the user's own that was asked to end and did not: it is not asked again (SIGKILL of signal(7)). As with
 * that, it is all of an application, and of what was started otherwise the one process.
 */
export const programKill: Action<ProcessParameters> = {
    name: 'program.kill',
    parameters: processParameters,
    async plan(parameters, { machine, systemd, signal }) {
        const { process, application, name } = await requireOwnProgram(machine, parameters);
        const { pid } = process;
        if (machine !== null && (await isBeyondEnding(machine, pid, signal)))
            throw new ReeveError('InvalidState', _('Nothing can end {name} while it waits in the kernel', { name }));
        const unit = application === null ? null : await requireUnit(systemd, 'user', application.unit, signal);
        const end = _('End {name} (process {pid}) at once', { name, pid });
        return {
            title: _('End {name} at once', { name }),
            steps: [unit === null ? { description: end, ...signalStep('KILL', process) } : unitStep('KillUnit', unit)],
            risk: 'medium',
            riskText: _('What is not saved in it is lost, and it cannot tidy up behind itself.'),
            undo: null,
            authentication: false,
            preconditions: { ...(unit !== null && (await preconditions([unit]))), ...processPrecondition(process) },
        };
    },
};
