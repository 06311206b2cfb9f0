import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { describeProgram, planEnd, processParameters, requireOwnProgram } from './ownProgram.ts';
import { programWishes } from './programWish.ts';

/** Ends a runaway program of the user's own, and gives it time to save (SIGTERM of signal(7)). */
export const programEnd = defineAction({
    name: 'program.end',
    parameters: processParameters,
    touches: ({ pid }) => [`process ${pid}`],
    wishes: programWishes({
        en: ['(close|quit|exit|end|kill|terminate|stop)'],
        de: ['(beende|beenden|schließe|stoppe|kille)'],
        ar: ['(اغلق|انه|اوقف|إغلاق|إنهاء|اقتل)'],
    }),
    async plan(parameters, context) {
        const program = await requireOwnProgram(context.machine, parameters);
        const { name } = program;
        const description = _('Ask {name} (process {pid}) to quit', { name, pid: program.process.pid });
        return {
            title: _('End {name}', { name }),
            explanation: await describeProgram(program, context),
            riskText: _('Unsaved work is lost.'),
            ...(await planEnd(program, { unitMethod: 'StopUnit', signalName: 'TERM', description }, context)),
        };
    },
});
