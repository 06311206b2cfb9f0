import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { planStart, startedAgain } from '../units/startAgain.ts';
import { planEnd, processParameters, requireOwnProgram } from './ownProgram.ts';

const parameters = processParameters.extend({ start: startedAgain.unwrap() });

/** Has a program of the user's own that has what a unit needs quit, as `programEnd` does, then starts that unit. */
export const programMakeWay = defineAction({
    name: 'program.makeWay',
    parameters,
    touches: ({ pid }) => [`process ${pid}`],
    async plan({ start, ...its }, system) {
        const program = await requireOwnProgram(system.machine, its);
        const { name } = program;
        const description = _('Ask {name} (process {pid}) to quit', { name, pid: program.process.pid });
        const end = await planEnd(
            program,
            { unitMethod: 'StopUnit', signalName: 'TERM', description, waits: true },
            system,
        );
        const started = await planStart(start, system);
        if (started === null) throw new TypeError('no unit to start');
        return {
            ...end,
            title: _('End {name}, then restart {unit}', { name, unit: start.unit }),
            riskText: _('Unsaved work is lost.'),
            steps: [...end.steps, ...started.steps],
            authentication: started.authentication,
            preconditions: { ...started.preconditions, ...end.preconditions },
        };
    },
});
