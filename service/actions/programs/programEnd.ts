import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { planEnd, processParameters, requireOwnProgram } from './ownProgram.ts';

/** Ends a runaway program of the user's own, and gives it time to save (SIGTERM of signal(7)). */
export const programEnd = defineAction({
    name: 'program.end',
    parameters: processParameters,
    async plan(parameters, context) {
        const program = await requireOwnProgram(context.machine, parameters);
        const { name } = program;
        const description = _('Ask {name} (process {pid}) to quit', { name, pid: program.process.pid });
        return {
            title: _('End {name}', { name }),
            riskText: _('Unsaved work is lost.'),
            ...(await planEnd(program, { unitMethod: 'StopUnit', signalName: 'TERM', description }, context)),
        };
    },
});
