import { _ } from '../i18n/i18n.ts';
import type { Action } from './action.ts';
import { processParameters, processPrecondition, requireOwnProgram, signalStep } from './ownProgram.ts';
import type { ProcessParameters } from './ownProgram.ts';
import { preconditions, requireUnit, unitStep } from './unitPlan.ts';

/**
 * Ends a program of the user's own that has lost its way, and gives it the time to save what it will. An application is ended
 * by its unit, in which GNOME starts each (https://systemd.io/DESKTOP_ENVIRONMENTS/): all of its processes, and no other's. Of
 * what was started otherwise, such as in a terminal, the one process is asked to end (SIGTERM of signal(7)).
 */
export const programEnd: Action<ProcessParameters> = {
    name: 'program.end',
    parameters: processParameters,
    async plan(parameters, { machine, systemd, signal }) {
        const { process, application, name } = await requireOwnProgram(machine, parameters);
        const unit = application === null ? null : await requireUnit(systemd, 'user', application.unit, signal);
        const ask = _('Ask {name} (process {pid}) to end', { name, pid: process.pid });
        return {
            title: _('End {name}', { name }),
            steps: [unit === null ? { description: ask, ...signalStep('TERM', process) } : unitStep('StopUnit', unit)],
            risk: 'medium',
            riskText: _('What is not saved in it is lost.'),
            undo: null,
            authentication: false,
            preconditions: { ...(unit !== null && (await preconditions([unit]))), ...processPrecondition(process) },
        };
    },
};
