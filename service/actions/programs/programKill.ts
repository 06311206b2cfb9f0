import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isBeyondEnding } from '../../machine/processes/kernelWaits.ts';
import type { Action } from '../action.ts';
import { planEnd, processParameters, requireOwnProgram } from './ownProgram.ts';
import type { ProcessParameters } from './ownProgram.ts';

/** Ends a program of the user's own that was asked to end and did not: it is not asked again (SIGKILL of signal(7)). */
export const programKill: Action<ProcessParameters> = {
    name: 'program.kill',
    parameters: processParameters,
    async plan(parameters, context) {
        const { machine, signal } = context;
        const program = await requireOwnProgram(machine, parameters);
        const { name } = program;
        const { pid } = program.process;
        if (machine !== null && (await isBeyondEnding(machine, pid, signal)))
            throw new ReeveError('InvalidState', _('Nothing can end {name} while it waits in the kernel', { name }));
        const description = _('End {name} (process {pid}) at once', { name, pid });
        return {
            title: _('End {name} at once', { name }),
            riskText: _('What is not saved in it is lost, and it cannot tidy up behind itself.'),
            ...(await planEnd(program, { unitMethod: 'KillUnit', signalName: 'KILL', description }, context)),
        };
    },
};
