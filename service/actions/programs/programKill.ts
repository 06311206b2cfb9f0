import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isBeyondEnding } from '../../machine/processes/kernelWaits.ts';
import { defineAction } from '../action.ts';
import { describeProgram, planEnd, processParameters, requireOwnProgram } from './ownProgram.ts';
import { programWishes } from './programWish.ts';

/** Kills a program of the user's own that ignored SIGTERM (SIGKILL of signal(7)). */
export const programKill = defineAction({
    name: 'program.kill',
    parameters: processParameters,
    touches: ({ pid }) => [`process ${pid}`],
    wishes: programWishes({
        en: ['(force quit|force close|force kill|force stop|force end|kill -9)'],
        de: ['(erzwinge ende [von]|schließe sofort|beende sofort)'],
        ar: ['(اجبر إغلاق|إنهاء فوري)'],
    }),
    async plan(parameters, context) {
        const { machine, signal } = context;
        const program = await requireOwnProgram(machine, parameters);
        const { name } = program;
        const { pid } = program.process;
        if (machine !== null && (await isBeyondEnding(machine, pid, signal)))
            throw new ReeveError('InvalidState', _('Nothing can end {name} while it waits in the kernel', { name }));
        const description = _('End {name} (process {pid}) immediately', { name, pid });
        return {
            title: _('End {name} immediately', { name }),
            explanation: await describeProgram(program, context),
            riskText: _('Unsaved work is lost, and the program cannot clean up after itself.'),
            ...(await planEnd(program, { unitMethod: 'KillUnit', signalName: 'KILL', description }, context)),
        };
    },
});
