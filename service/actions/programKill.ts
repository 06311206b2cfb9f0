import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import { isBeyondEnding } from '../tools/kernelWaits.ts';
import type { Action } from './action.ts';
import { processParameters, processPrecondition, requireOwnProgram, signalStep } from './ownProgram.ts';
import type { ProcessParameters } from './ownProgram.ts';

/** Ends one process of the user's own that was asked to end and did not: it is not asked again (SIGKILL of signal(7)). */
export const programKill: Action<ProcessParameters> = {
    name: 'program.kill',
    parameters: processParameters,
    async plan(parameters, { machine, signal }) {
        const { process, name } = await requireOwnProgram(machine, parameters);
        const { pid } = process;
        if (machine !== null && (await isBeyondEnding(machine, pid, signal)))
            throw new ReeveError('InvalidState', _('Nothing can end {name} while it waits in the kernel', { name }));
        return {
            title: _('End {name} at once', { name }),
            steps: [
                {
                    description: _('End {name} (process {pid}) at once', { name, pid }),
                    ...signalStep('KILL', process),
                },
            ],
            risk: 'medium',
            riskText: _('What is not saved in it is lost, and it cannot tidy up behind itself.'),
            undo: null,
            authentication: false,
            preconditions: processPrecondition(process),
        };
    },
};
