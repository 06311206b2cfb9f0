import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Surroundings } from '../surroundings.ts';
import { defineAction } from '../action.ts';
import { scaleOf, scales, type ScaleName } from './desktopSettings.ts';
import { readKey, writeKey } from './gsettings.ts';

const names = Object.keys(scales) as [ScaleName, ...ScaleName[]];
const parameters = z
    .strictObject({ setting: z.enum(names), value: z.number() })
    .refine(({ setting, value }) => value >= scaleOf(setting).least && value <= scaleOf(setting).most, {
        path: ['value'],
        error: 'is out of range',
    });

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Sets a setting of the desktop that is a number; only those of desktopSettings.ts. */
export const settingScale = defineAction({
    name: 'setting.scale',
    parameters,
    proposable: ['task'],
    touches: ({ setting }) => [`setting ${setting}`],
    wishes: names.flatMap(setting => {
        const { more, less, exact, usual, stride, said, most } = scaleOf(setting);
        const by = (change: number) => async (_slots: unknown, system: Asked) => {
            const now = await valueOf(setting, system);
            // Of a time, 0 is no short one: it never comes.
            if (now === 0 && change > 0) throw alreadyShown(setting, now);
            return [{ setting, value: within(setting, now === 0 ? most : now + change) }];
        };
        return [
            { phrases: more, parameters: by(stride) },
            { phrases: less, parameters: by(-stride) },
            {
                phrases: exact,
                parameters: ({ number = '' }) => {
                    const value = said(Number(number));
                    return Number.isFinite(value) && value === within(setting, value) ? [{ setting, value }] : [];
                },
            },
            {
                phrases: usual,
                parameters: async (_slots: unknown, system: Asked) => [
                    { setting, value: await usualValue(setting, system) },
                ],
            },
        ];
    }),
    async plan({ setting, value }, system) {
        const row = scaleOf(setting);
        const before = await valueOf(setting, system);
        if (before === value) throw alreadyShown(setting, value);
        const thing = row.name();
        const to = (wanted: number) =>
            writeKey(_('Set {thing} to {value}', { thing, value: row.shown(wanted) }), row, written(setting, wanted));
        return {
            title: _('Set {thing} to {value}', { thing, value: row.shown(value) }),
            steps: [to(value)],
            risk: 'low',
            riskText: _('Only this setting changes, and only for you.'),
            undo: { text: _('Sets it back to {value}', { value: row.shown(before) }), steps: [to(before)] },
            authentication: false,
            preconditions: { [`${row.schema} ${row.key}`]: String(before) },
        };
    },
    async verify({ setting, value }, system) {
        const now = await valueOf(setting, system);
        const gone = now === value;
        return { gone, detail: gone ? '' : _('It is {value} now', { value: scaleOf(setting).shown(now) }) };
    },
});

function alreadyShown(setting: ScaleName, value: number): ReeveError {
    return new ReeveError('InvalidState', _('It is already {value}', { value: scaleOf(setting).shown(value) }));
}

function within(setting: ScaleName, value: number): number {
    const { least, most } = scaleOf(setting);
    return Math.min(most, Math.max(least, value));
}

async function valueOf(setting: ScaleName, { machine, signal }: Asked): Promise<number> {
    return numberOf(await readKey(scaleOf(setting), machine, signal));
}

/** gsettings(1) cannot say what a key is by default without resetting it; a new profile of dconf(7) has nothing but defaults. */
async function usualValue(setting: ScaleName, { machine, signal }: Asked): Promise<number> {
    const { schema, key } = scaleOf(setting);
    const argv = ['GSETTINGS_BACKEND=memory', 'gsettings', 'get', schema, key];
    return numberOf((await machine?.run('env', argv, { signal, limit: 4096 })) ?? '');
}

/** Of "1.25" and "uint32 300". */
function numberOf(text: string): number {
    const value = Number(/[\d.]+$/.exec(text.trim())?.[0] ?? NaN);
    if (!Number.isFinite(value)) throw new ReeveError('InvalidState', _('This desktop does not have this setting'));
    return Math.round(value * 1000) / 1000;
}

function written(setting: ScaleName, value: number): string {
    return scaleOf(setting).isWhole ? String(Math.round(value)) : value.toFixed(3);
}
