import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Surroundings } from '../surroundings.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';

const percent = z.int().min(0).max(100);
const parameters = z.strictObject({ percent: percent.nullable(), muted: z.boolean().nullable() });

/** The default output, as wpctl(1) names it. */
const output = '@DEFAULT_AUDIO_SINK@';
const stride = 10;

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };
type Volume = { percent: number; muted: boolean };

/** Sets the volume of the default output, or mutes it; wpctl(1). */
export const soundVolume = defineAction({
    name: 'sound.volume',
    parameters,
    proposable: ['task'],
    touches: () => ['sound volume'],
    wishes: [
        {
            phrases: {
                en: [
                    'mute [sound|audio|speakers|volume|computer]',
                    '(turn off|switch off) (sound|audio|speakers)',
                    '(turn|switch) (sound|audio|speakers) off',
                ],
                de: [
                    '[schalte|stelle|mach] (ton|lautsprecher|klang) (aus|stumm|ab)',
                    '(stummschalten|ton stummschalten)',
                ],
                ar: ['(اكتم|كتم) [صوت]'],
            },
            parameters: () => [{ percent: null, muted: true }],
        },
        {
            phrases: {
                en: [
                    'unmute [sound|audio|speakers|volume|computer]',
                    '(turn on|switch on) (sound|audio|speakers)',
                    '(turn|switch) (sound|audio|speakers) on',
                ],
                de: ['[schalte|stelle|mach] (ton|lautsprecher|klang) (ein|an)', 'stummschaltung aufheben'],
                ar: ['(شغل|إلغاء كتم|الغ كتم) [صوت]'],
            },
            parameters: () => [{ percent: null, muted: false }],
        },
        {
            phrases: {
                en: [
                    '(turn up|increase|raise) (volume|sound) [up]',
                    'turn (volume|sound) up',
                    'make it louder',
                    'louder',
                    '(sound|volume) is too (quiet|low)',
                ],
                de: [
                    '(lauter|lauter machen|mach lauter|mach es lauter|stelle lauter)',
                    'lautstarke erhohen',
                    'ton ist zu leise',
                ],
                ar: ['(ارفع|زد) [مستوى] صوت'],
            },
            parameters: (_slots, system) => changedBy(stride, system),
        },
        {
            phrases: {
                en: [
                    '(turn down|decrease|lower|reduce) (volume|sound) [down]',
                    'turn (volume|sound) down',
                    'make it quieter',
                    'quieter',
                    '(sound|volume) is too (loud|high)',
                ],
                de: [
                    '(leiser|leiser machen|mach leiser|mach es leiser|stelle leiser)',
                    'lautstarke verringern',
                    'ton ist zu laut',
                ],
                ar: ['(اخفض|قلل) [مستوى] صوت'],
            },
            parameters: (_slots, system) => changedBy(-stride, system),
        },
        {
            phrases: {
                en: ['(set|change|turn) (volume|sound) [to] {number} [percent]', 'volume [to] {number} [percent]'],
                de: ['(setze|stelle|stell) lautstarke auf {number} [prozent]', 'lautstarke [auf] {number} [prozent]'],
                ar: ['(اجعل|اضبط) [مستوى] صوت [على|إلى] {number}'],
            },
            parameters: ({ number }) => {
                const { data } = percent.safeParse(Number(number));
                // To set a volume also unmutes.
                return data === undefined ? [] : [{ percent: data, muted: data > 0 ? false : null }];
            },
        },
    ],
    async plan(wanted, system) {
        const before = await readVolume(system);
        const after = { percent: wanted.percent ?? before.percent, muted: wanted.muted ?? before.muted };
        if (after.percent === before.percent && after.muted === before.muted)
            throw new ReeveError('InvalidState', _('The volume is already {volume}', { volume: shown(before) }));
        return {
            title: stepTitle(before, after),
            steps: [volumeStep(before, after)],
            risk: 'low',
            riskText: _('Only the volume of the present output changes.'),
            undo: {
                text: _('Sets the volume back to {volume}', { volume: shown(before) }),
                steps: [volumeStep(after, before)],
            },
            authentication: false,
            preconditions: { volume: JSON.stringify(before) },
        };
    },
    async verify(wanted, system) {
        const now = await readVolume(system);
        const gone = now.percent === (wanted.percent ?? now.percent) && now.muted === (wanted.muted ?? now.muted);
        return { gone, detail: gone ? '' : _('The volume is {volume} now', { volume: shown(now) }) };
    },
});

async function readVolume(asked: Asked): Promise<Volume> {
    const volume = await volumeOf(output, asked);
    if (volume === null) throw new ReeveError('InvalidState', _('There is no sound output'));
    return volume;
}

/**
 * From "Volume: 0.45 [MUTED]"; null where there is no such device.
 *
 * @param device as wpctl(1) names it
 */
export async function volumeOf(device: string, { machine, signal }: Asked): Promise<Volume | null> {
    const text = await machine?.run('wpctl', ['get-volume', device], { signal, limit: 4096 });
    const { volume, muted } = /^Volume: (?<volume>[\d.]+)(?<muted> \[MUTED\])?/.exec(text ?? '')?.groups ?? {};
    return volume === undefined ? null : { percent: Math.round(Number(volume) * 100), muted: muted !== undefined };
}

async function changedBy(change: number, system: Asked) {
    const now = await readVolume(system);
    // GNOME allows more than 100 %.
    if (change > 0 && now.percent >= 100 && !now.muted)
        throw new ReeveError('InvalidState', _('The volume is already {volume}', { volume: shown(now) }));
    if (now.percent > 100) return [{ percent: change > 0 ? null : 100 + change, muted: change > 0 ? false : null }];
    return [{ percent: Math.min(100, Math.max(0, now.percent + change)), muted: change > 0 ? false : null }];
}

function volumeStep(from: Volume, to: Volume) {
    const mute = ['wpctl', 'set-mute', output, to.muted ? '1' : '0'] as const;
    const level = ['wpctl', 'set-volume', output, `${to.percent}%`] as const;
    const isLevel = from.percent !== to.percent;
    return {
        description: stepTitle(from, to),
        ...programStep('user', isLevel ? level : mute, { after: isLevel && from.muted !== to.muted ? [mute] : [] }),
    };
}

function stepTitle(from: Volume, to: Volume): string {
    if (from.percent !== to.percent) return _('Set the volume to {volume}', { volume: shown({ ...to, muted: false }) });
    return to.muted ? _('Mute the sound') : _('Unmute the sound');
}

function shown({ percent: value, muted }: Volume): string {
    return muted ? _('muted') : `${value}%`;
}
