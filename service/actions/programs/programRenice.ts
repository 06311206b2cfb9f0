import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readText } from '../../machine/machine.ts';
import { defineAction, valueCheck } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { processParameters, requireOwnProgram, type ProcessParameters } from './ownProgram.ts';
import { programCalled } from './programWish.ts';

const nice = z.int().min(1).max(19);
const parameters = processParameters.extend({ nice });
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** What "lower the priority" means. */
const lower = 10;

/** Has a program and those that it started give way to others; renice(1). Only root can take that back. */
export const programRenice = defineAction({
    name: 'program.renice',
    parameters,
    touches: ({ pid }) => [`process ${pid}`],
    wishes: [
        {
            phrases: {
                en: [
                    'renice {program} to {number}',
                    '(set|change) (niceness|nice value|nice) of {program} to {number}',
                ],
                de: ['(setze|stelle) (nice-wert|nice) von {program} auf {number}'],
                ar: ['(اضبط|غير) قيمة nice {program} (على|إلى) {number}'],
            },
            parameters: async ({ program = '', number }, asked) => {
                const { data } = nice.safeParse(Number(number));
                return data === undefined ? [] : reniced(await programCalled(program, asked), data);
            },
        },
        {
            phrases: {
                en: [
                    '(lower|reduce|decrease) priority of [program|process|app] {program}',
                    'give {program} (a lower priority|lower priority|less priority)',
                    'renice {program}',
                ],
                de: [
                    '(senke|verringere) priorität von {program}',
                    'priorität von {program} (senken|verringern)',
                    'gib {program} (weniger|niedrigere) priorität',
                ],
                ar: ['(اخفض|قلل) أولوية [برنامج] {program}'],
            },
            parameters: async ({ program = '' }, asked) => reniced(await programCalled(program, asked), lower),
        },
    ],
    async plan({ nice: wanted, ...of }, asked) {
        const { name } = await requireOwnProgram(asked.machine, of);
        const { group, nice: before } = await readNice(of, asked);
        if (group !== of.pid)
            throw new ReeveError(
                'InvalidState',
                _('{name} belongs to a group of programs that another one leads', { name }),
            );
        if (before >= wanted)
            throw new ReeveError(
                'InvalidState',
                _('{name} already gives way to others (nice {number})', { name, number: before }),
            );
        const title = _('Lower the priority of {name}', { name });
        return {
            title,
            // Of its group, as of a process the kernel changes one thread alone: setpriority(2), "C library/kernel differences".
            steps: [
                {
                    description: _('Set the niceness of {name}, and of what it started, to {number}', {
                        name,
                        number: wanted,
                    }),
                    ...programStep('user', ['renice', '--priority', String(wanted), '--pgrp', String(group)]),
                },
            ],
            risk: 'low',
            riskText: _(
                'It goes on, and waits while others need the processors. It keeps this until you start it again.',
            ),
            undo: null,
            authentication: false,
            preconditions: { [`process ${of.pid}`]: `started at ${of.started}, nice ${before}` },
        };
    },
    async verify({ nice: wanted, ...of }, asked) {
        const now = (await readNice(of, asked)).nice;
        return valueCheck(now === wanted);
    },
});

function reniced(programs: readonly ProcessParameters[], wanted: number) {
    return programs.map(program => ({ ...program, nice: wanted }));
}

/** Fields 5 and 19 of proc_pid_stat(5): the process group and the niceness. @throws ReeveError InvalidState once it has ended */
async function readNice({ pid }: ProcessParameters, { machine }: Asked): Promise<{ group: number; nice: number }> {
    const text = (machine === null ? null : await readText(machine, `/proc/${pid}/stat`, 4096)) ?? '';
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [group = NaN, niceness = NaN] = [fields[2], fields[16]].map(Number);
    if (Number.isNaN(group) || Number.isNaN(niceness))
        throw new ReeveError('InvalidState', _('Process {pid} has ended', { pid }));
    return { group, nice: niceness };
}
