import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { dumpSound, findSound, soundNodes } from '../../machine/hardware/sound.ts';
import type { Silence, SoundNode } from '../../machine/hardware/sound.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item } from '../markup.ts';
import { describeIncident, openIncidents } from './incidents.ts';

const shown = 8;

/** The output for sound, its volume, and why nothing may be heard. */
export const sound: Answer = {
    id: 'sound',
    phrases: {
        en: [
            '[why is there] no sound',
            'why (can|do) i [not] hear [nothing|anything]',
            '(which|what) (speakers|microphone|headphones) (are|is) (used|active|in use)',
            'is the (sound|microphone|volume) muted',
            'what is muted',
            'how loud is (it|the sound|the volume)',
            '(my|the) (microphone|speakers|headset) does not work',
            'is my (headset|microphone) (connected|working)',
        ],
        de: [
            'kein ton',
            'warum (höre ich nichts|habe ich keinen ton|geht der ton nicht)',
            'ist der ton stumm',
            'welcher lautsprecher (wird benutzt|ist aktiv)',
            'welches mikrofon (wird benutzt|ist aktiv)',
        ],
        ar: ['لماذا لا يوجد صوت', 'هل الصوت مكتوم', 'ما (الميكروفون|السماعة) (المستخدم|المستخدمة)'],
    },
    examples: () => [_('Why is there no sound?')],
    async *answer(question) {
        const { machine, signal, format, cite } = question;
        const objects = await dumpIfAnswers(question);
        if (objects === null) {
            yield `${_('PipeWire, which handles sound, is not available.')}\n`;
            return;
        }
        const nodes = soundNodes(objects);
        cite(fact('system', 'pw-dump', nodes.map(({ kind, name, state }) => `${kind} ${name}: ${state}`).join('; ')));
        const outputs = nodes.filter(({ kind }) => kind === 'output');
        const output = outputs.find(({ isDefault }) => isDefault) ?? outputs[0];
        yield output === undefined
            ? `${noOutput((await findSound(machine, signal))?.silence ?? null)}\n\n`
            : `${outputSentence(question, output)}\n\n`;
        for (const node of outputs.filter(other => other !== output).slice(0, shown))
            yield item(_('Another output: {name}', { name: describe(question, node) }));
        for (const node of nodes.filter(({ kind }) => kind === 'input').slice(0, shown))
            yield item(_('Input: {name}', { name: describe(question, node) }));
        const playing = nodes.filter(({ kind }) => kind === 'playing').map(({ name }) => code(name));
        yield item(
            playing.length === 0
                ? _('No program is playing sound.')
                : _('Playing now: {programs}', { programs: format.list([...new Set(playing)].slice(0, shown)) }),
        );
        for (const incident of openIncidents(question))
            if (incident.family === 'audio') yield `\n${describeIncident(question, incident)}`;
    },
};

/** Null also where PipeWire does not run or hangs: that is when people ask. */
async function dumpIfAnswers({ machine, signal }: Question): ReturnType<typeof dumpSound> {
    try {
        return await dumpSound(machine, signal);
    } catch (error) {
        if (error instanceof ReeveError && error.code === 'Unavailable') return null;
        throw error;
    }
}

function noOutput(silence: Silence | null): string {
    if (silence === null) return _('No sound: there is no output device.');
    const { card } = silence;
    return silence.kind === 'off'
        ? _('No sound: the sound card {card} is turned off', { card: code(card) })
        : _('No sound: the sound server does not know the sound card {card}', { card: code(card) });
}

function outputSentence({ format }: Question, { name, volume, isMuted }: SoundNode): string {
    const output = code(name);
    if (isMuted) return _('No sound: {output} is muted.', { output });
    if (volume === 0) return _('No sound: the volume of {output} is zero.', { output });
    return volume === null
        ? _('Sound goes to {output}.', { output })
        : _('Sound goes to {output} at volume {volume}.', { output, volume: format.percent(volume) });
}

function describe({ format }: Question, { name, volume, isMuted }: SoundNode): string {
    if (isMuted) return _('{name}, muted', { name: code(name) });
    return volume === null
        ? code(name)
        : _('{name}, volume {volume}', { name: code(name), volume: format.percent(volume) });
}
