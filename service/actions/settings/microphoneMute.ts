import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Surroundings } from '../surroundings.ts';
import { defineAction, valueCheck } from '../action.ts';
import { programStep } from '../programStep.ts';
import { anyOf, turnOff, turnOn, type Phrases } from '../wish.ts';
import { volumeOf } from './soundVolume.ts';

const parameters = z.strictObject({ muted: z.boolean() });

/** The default input, as wpctl(1) names it. */
const input = '@DEFAULT_AUDIO_SOURCE@';
const names: Phrases = { en: ['(microphone|mic)'], de: ['(mikrofon|mikro)'], ar: ['(ميكروفون|لاقط صوت)'] };

/** Mutes the default microphone, or unmutes it; wpctl(1). */
export const microphoneMute = defineAction({
    name: 'sound.microphone',
    parameters,
    proposable: ['task'],
    wishes: [
        {
            phrases: anyOf(turnOff(names), {
                en: ['mute (microphone|mic)', '(microphone|mic) mute'],
                de: ['(schalte|stelle|mach) (mikrofon|mikro) stumm', '(mikrofon|mikro) stummschalten'],
                ar: ['(اكتم|كتم) (ميكروفون|لاقط صوت)'],
            }),
            parameters: () => [{ muted: true }],
        },
        {
            phrases: anyOf(turnOn(names), {
                en: ['unmute (microphone|mic)'],
                de: ['stummschaltung (des|von) (mikrofon|mikrofons) aufheben'],
                ar: ['(إلغاء كتم|الغ كتم) (ميكروفون|لاقط صوت)'],
            }),
            parameters: () => [{ muted: false }],
        },
    ],
    async plan({ muted }, asked) {
        if ((await isMuted(asked)) === muted)
            throw new ReeveError('InvalidState', muted ? _('This is already off') : _('This is already on'));
        return {
            title: titleOf(muted),
            steps: [step(muted)],
            risk: 'low',
            riskText: _('Only the present microphone changes.'),
            undo: { text: _('Sets it back'), steps: [step(!muted)] },
            authentication: false,
            preconditions: { microphone: String(!muted) },
        };
    },
    async verify({ muted }, asked) {
        return valueCheck((await isMuted(asked)) === muted);
    },
});

async function isMuted(asked: Surroundings & { signal: AbortSignal }): Promise<boolean> {
    const volume = await volumeOf(input, asked);
    if (volume === null) throw new ReeveError('InvalidState', _('There is no microphone'));
    return volume.muted;
}

function titleOf(muted: boolean): string {
    return muted ? _('Mute the microphone') : _('Unmute the microphone');
}

function step(muted: boolean) {
    return {
        description: titleOf(muted),
        ...programStep('user', ['wpctl', 'set-mute', input, muted ? '1' : '0']),
    };
}
