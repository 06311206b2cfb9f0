import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { dumpSound, soundProperty, type SoundObject } from '../../machine/hardware/sound.ts';
import { defineAction, valueCheck } from '../action.ts';
import { isCalled } from '../called.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

const directions = ['output', 'input'] as const;
type Direction = (typeof directions)[number];
/** As PipeWire's session manager names devices, such as "alsa_output.pci-0000_00_1f.3.analog-stereo". */
const node = z.string().regex(/^[\w.:+@-]{1,200}$/);
const parameters = z.strictObject({ direction: z.enum(directions), node });

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };
type Device = { node: string; name: string; isPresent: boolean };

const classes: Record<Direction, string> = { output: 'Audio/Sink', input: 'Audio/Source' };
/** The entries of the metadata "default" that WirePlumber keeps: what a person chose, and what is in use for it. */
const keys: Record<Direction, { chosen: string; present: string }> = {
    output: { chosen: 'default.configured.audio.sink', present: 'default.audio.sink' },
    input: { chosen: 'default.configured.audio.source', present: 'default.audio.source' },
};
const named = z.object({ name: node });

/** How long WirePlumber takes at most to follow, and how often to look. Milliseconds. */
const following = { limit: 2000, interval: 100 };

/** Chooses where sound goes, or which microphone is used, as the sound settings do. */
export const soundDevice = defineAction({
    name: 'sound.device',
    parameters,
    proposable: ['task'],
    touches: ({ direction }) => [`sound ${direction}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(switch|change|set|move) (sound|audio|sound output|audio output|output) [device] to {device}',
                    '(play|hear|send) (sound|audio|music) (on|through|over|from|via|to|with) {device}',
                    'use {device} (for|as) [sound|audio] (sound|audio|output|speakers|speaker)',
                    '(use|switch to) {device}',
                ],
                de: [
                    '(stelle|schalte|wechsle) (ton|audio|tonausgabe|ausgabe) (auf|zu) {device} [um]',
                    '(ton|audio|tonausgabe|ausgabe) auf {device} (umschalten|umstellen|stellen|ändern)',
                    '(spiele|gib) (ton|audio|musik) (über|auf) {device} [ab|aus|wieder]',
                    '(ton|audio|musik) (über|auf) {device} (abspielen|ausgeben|wiedergeben)',
                    '(benutze|verwende|nimm) {device}',
                ],
                ar: ['(شغل|حول|تشغيل|تحويل) صوت (على|إلى|عبر) {device}', '(استخدم|استعمل) {device}'],
            },
            parameters: ({ device = '' }, asked) => meant('output', device, asked),
        },
        {
            phrases: {
                en: [
                    '(switch|change|set) (microphone|mic|input|sound input|audio input) [device] to {device}',
                    'use {device} (as|for) [sound|audio] (microphone|mic|input|recording)',
                    '(use|switch to) microphone {device}',
                    '(use|switch to) {device} (microphone|mic)',
                ],
                de: [
                    '(stelle|schalte|wechsle) (mikrofon|mikro|eingang) (auf|zu) {device} [um]',
                    '(mikrofon|mikro|eingang) auf {device} (umschalten|umstellen|stellen|ändern)',
                    '(benutze|verwende|nimm) {device} als (mikrofon|mikro|eingang)',
                ],
                ar: ['(حول|غير) (ميكروفون|لاقط) إلى {device}', '(استخدم|استعمل) {device} (كميكروفون|ميكروفون)'],
            },
            parameters: ({ device = '' }, asked) => meant('input', device, asked),
        },
    ],
    async plan({ direction, node: wanted }, asked) {
        const { devices, chosen } = await readDevices(direction, asked);
        const device = devices.find(each => each.node === wanted);
        if (device === undefined) throw new ReeveError('InvalidState', _('This sound device is not there any more'));
        const { name, isPresent } = device;
        if (isPresent) throw new ReeveError('InvalidState', _('{name} is already in use', { name }));
        const before = devices.find(each => each.isPresent);
        const title =
            direction === 'output' ? _('Play sound on {name}', { name }) : _('Use {name} as the microphone', { name });
        return {
            title,
            steps: [{ description: title, ...choose(direction, wanted) }],
            risk: 'low',
            riskText:
                direction === 'output'
                    ? _('What plays now continues there. Check the volume if you wear headphones.')
                    : _('Programs that record use this microphone from now on.'),
            undo: {
                text: before === undefined ? _('Sets it back') : _('Sets it back to {value}', { value: before.name }),
                steps: [{ description: _('Use the earlier sound device again'), ...choose(direction, chosen) }],
            },
            authentication: false,
            preconditions: { [`sound ${direction}`]: JSON.stringify([before?.node, chosen]) },
        };
    },
    async verify({ direction, node: wanted }, asked) {
        const until = performance.now() + following.limit;
        for (;;) {
            const { devices } = await readDevices(direction, asked);
            const gone = devices.some(each => each.node === wanted && each.isPresent);
            if (gone || performance.now() >= until) return valueCheck(gone);
            await delay(following.interval, undefined, { signal: asked.signal });
        }
    },
});

/** @throws ReeveError InvalidState where PipeWire does not manage sound */
async function readDevices(direction: Direction, { machine, signal }: Asked) {
    const objects = machine === null ? null : await dumpSound(machine, signal);
    if (objects === null) throw new ReeveError('InvalidState', _('PipeWire does not manage sound on this computer'));
    const { chosen, present } = keys[direction];
    const inUse = valueOf(objects, present);
    const devices = objects.flatMap((object): Device[] => {
        const { data: own } = node.safeParse(object.info?.props['node.name']);
        if (own === undefined || soundProperty(object, 'media.class') !== classes[direction]) return [];
        const name = soundProperty(object, 'node.description') || soundProperty(object, 'node.nick') || own;
        return [{ node: own, name, isPresent: own === inUse }];
    });
    return { devices, chosen: valueOf(objects, chosen), objects };
}

function valueOf(objects: readonly SoundObject[], key: string): string | null {
    const found = objects.flatMap(({ metadata = [] }) => metadata).find(entry => entry.key === key);
    return named.safeParse(found?.value).data?.name ?? null;
}

/** Those that people call so; the one that is in use comes last. None where the words mean something else. */
async function meant(direction: Direction, said: string, asked: Asked) {
    const { devices, objects } = await readDevices(direction, asked).catch((error: unknown) => {
        if (error instanceof ReeveError) return { devices: [], objects: [] };
        throw error;
    });
    const about = (of: string) =>
        objects
            .filter(object => object.info?.props['node.name'] === of)
            .flatMap(object => [soundProperty(object, 'device.form-factor'), soundProperty(object, 'device.bus')]);
    return devices
        .filter(device => isCalled(said, [device.name, device.node, ...about(device.node)]))
        .sort((one, other) => Number(one.isPresent) - Number(other.isPresent))
        .map(device => ({ direction, node: device.node }));
}

/** What wpctl(1), set-default, writes; by the name, which stays the same when PipeWire starts again. null takes the choice back. */
function choose(direction: Direction, to: string | null) {
    const { chosen } = keys[direction];
    return programStep(
        'user',
        to === null
            ? ['pw-metadata', '--delete', '0', chosen]
            : ['pw-metadata', '0', chosen, JSON.stringify({ name: to }), 'Spa:String:JSON'],
    );
}
