import { availableParallelism } from 'node:os';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { unitPath } from '../../model/unitName.ts';
import { manager } from '../../machine/units/systemd.ts';
import { readProperties } from '../../machine/properties.ts';
import { defineAction, valueCheck } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { processParameters, requireOwnProgram, type ProcessParameters } from './ownProgram.ts';
import { programCalled } from './programWish.ts';

const percent = z.int().min(5).max(95);
/** Of all processors; null ends the limit. */
const parameters = processParameters.extend({ percent: percent.nullable() });
type Asked = Surroundings & { signal: AbortSignal };

/** What "slow down" means. */
const half = 50;
/** UINT64_MAX: no limit; CPUQuotaPerSecUSec of org.freedesktop.systemd1(5). */
const quota = z.object({ CPUQuotaPerSecUSec: z.union([z.number(), z.bigint()]) });
const unlimited = 2n ** 64n - 1n;
const microseconds = 1_000_000;

/** Bounds how much of the processors an application may use, until it is started again; CPUQuota= of systemd.resource-control(5). */
export const programLimit = defineAction({
    name: 'program.limit',
    parameters,
    touches: ({ pid }) => [`process ${pid}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(limit|restrict|cap) {program} to {number} (percent|% of|percent of) [cpu|processor|processors]',
                    '(limit|restrict|cap) [cpu|processor] [use|usage] of {program} to {number} [percent]',
                ],
                de: [
                    '(begrenze|beschränke) {program} auf {number} prozent [prozessor|cpu]',
                    '{program} auf {number} prozent (begrenzen|beschränken)',
                ],
                ar: ['(حدد|قيد) {program} (إلى|على) {number} [بالمئة]'],
            },
            parameters: async ({ program = '', number }, asked) => {
                const { data } = percent.safeParse(Number(number));
                return data === undefined ? [] : limited(await programCalled(program, asked), data);
            },
        },
        {
            phrases: {
                en: ['(slow down|throttle) [program|app|application] {program}', 'slow {program} down'],
                de: ['(bremse|drossele|drossle) [programm] {program}', '{program} (bremsen|drosseln)'],
                ar: ['(ابطئ|إبطاء) [برنامج] {program}'],
            },
            parameters: async ({ program = '' }, asked) => limited(await programCalled(program, asked), half),
        },
        {
            phrases: {
                en: [
                    '(unlimit|unthrottle) {program}',
                    '(remove|lift|end) limit (of|on|for) {program}',
                    'stop (limiting|slowing down) {program}',
                ],
                de: ['begrenzung (von|für) {program} aufheben', '{program} nicht mehr (begrenzen|bremsen|drosseln)'],
                ar: ['(ارفع|ألغ) الحد عن {program}'],
            },
            parameters: async ({ program = '' }, asked) => limited(await programCalled(program, asked), null),
        },
    ],
    async plan({ percent: wanted, ...of }, asked) {
        const { application, name } = await requireOwnProgram(asked.machine, of);
        if (application === null)
            throw new ReeveError(
                'InvalidState',
                _('{name} was not started as an application, so it cannot be limited alone', { name }),
            );
        const { unit } = application;
        const before = await readQuota(unit, asked);
        const after = wanted === null ? null : wanted * availableParallelism();
        if (before === after)
            throw new ReeveError(
                'InvalidState',
                wanted === null ? _('{name} is not limited', { name }) : _('The setting already has this value'),
            );
        const title =
            wanted === null
                ? _('Let {name} use the processors without a limit', { name })
                : _('Let {name} use at most {percent} percent of the processors', { name, percent: wanted });
        return {
            title,
            steps: [{ description: title, ...limitStep(unit, after) }],
            risk: 'low',
            riskText:
                wanted === null
                    ? _('It may slow down other programs again.')
                    : _('It goes on, but more slowly. The limit ends when the program does.'),
            undo: {
                text: _('Sets it back'),
                steps: [{ description: _('Set the limit of {name} as it was', { name }), ...limitStep(unit, before) }],
            },
            authentication: false,
            preconditions: { [unit]: String(before) },
        };
    },
    async verify({ percent: wanted, ...of }, asked) {
        const { application } = await requireOwnProgram(asked.machine, of);
        const now = application === null ? undefined : await readQuota(application.unit, asked);
        return valueCheck(now === (wanted === null ? null : wanted * availableParallelism()));
    },
});

function limited(programs: readonly ProcessParameters[], limit: number | null) {
    return programs.map(program => ({ ...program, percent: limit }));
}

/** In percent of one processor; null without a limit. */
async function readQuota(unit: string, { machine, signal }: Asked): Promise<number | null> {
    const of = unit.endsWith('.scope') ? 'Scope' : 'Service';
    const object = {
        destination: manager.destination,
        path: unitPath(unit),
        interface: `org.freedesktop.systemd1.${of}`,
    };
    const { data } = quota.safeParse(await readProperties(machine?.session ?? null, object, signal));
    if (data === undefined) throw new ReeveError('InvalidState', _('There is no unit {unit}', { unit }));
    if (BigInt(data.CPUQuotaPerSecUSec) === unlimited) return null;
    return Math.round((Number(data.CPUQuotaPerSecUSec) * 100) / microseconds);
}

function limitStep(unit: string, to: number | null) {
    const value = to === null ? '' : `${to}%`;
    return programStep('user', ['systemctl', '--user', 'set-property', '--runtime', '--', unit, `CPUQuota=${value}`]);
}
