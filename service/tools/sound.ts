import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { safeText } from '../text/sanitise.ts';
import { listNames, readText } from './machine.ts';
import type { Machine } from './machine.ts';
import { parseJson } from './run.ts';

/** Param:Profile of spa/param/profile.h in PipeWire; what its nodes are is a count, and then what each kind of them is. */
const profile = z.object({
    index: z.number().int().nonnegative(),
    name: z.string(),
    description: z.string().default(''),
    priority: z.number().default(0),
    available: z.string().default('unknown'),
    classes: z.array(z.union([z.number(), z.tuple([z.string(), z.number()]).rest(z.unknown())])).default([]),
});

/** What pw-dump(1) prints: PipeWire's objects; nodes have a media class, metadata names the default ones. */
const dumpSchema = z.array(
    z.object({
        id: z.number().default(-1),
        type: z.string().default(''),
        info: z
            .object({
                props: z.record(z.string(), z.unknown()).default({}),
                state: z.string().optional(),
                params: z
                    .object({
                        Props: z
                            .array(
                                z.object({
                                    mute: z.boolean().optional(),
                                    channelVolumes: z.array(z.number()).optional(),
                                }),
                            )
                            .default([]),
                        EnumProfile: z.array(profile).catch([]),
                        Profile: z.array(profile).catch([]),
                    })
                    .optional(),
            })
            .nullish(),
        metadata: z.array(z.object({ key: z.string(), value: z.unknown() })).optional(),
    }),
);
export type SoundObject = z.infer<typeof dumpSchema>[number];
type Profile = z.infer<typeof profile>;

/** What PipeWire knows; null where there is no pw-dump. */
export async function dumpSound({ run }: Pick<Machine, 'run'>, signal: AbortSignal): Promise<SoundObject[] | null> {
    const output = await run('pw-dump', ['--no-colors'], { signal, limit: 16_777_216 });
    return output === null ? null : parseJson('pw-dump', dumpSchema, output);
}

/** A property of an object, safe to show; empty when it has none. */
export function soundProperty({ info }: SoundObject, key: string): string {
    const value = info?.props[key];
    return typeof value === 'string' || typeof value === 'number' ? safeText(String(value), 100) : '';
}

/** Why nothing is heard: no output but the one that swallows everything, though there is a card that has one. */
export type Silence =
    /** The card is switched off, and could be on with `to`. */
    | { kind: 'off'; card: string; device: string; profile: string }
    /** The sound server does not know the card, which the kernel does. */
    | { kind: 'missing'; card: string };

/** WirePlumber's fallback-sink.lua: what there is as long as there is no output. */
const dummy = 'auto_null';
/** The profile in which a card has neither outputs nor inputs; spa/plugins/alsa/acp in PipeWire. */
const off = 'off';

/**
 * Whether sound goes nowhere although it could. A card of which nothing that plays is connected, as one with HDMI alone, is
 * rightly off. Where there is not even the dummy output the sound server is another one, or has just been started.
 */
export async function findSilence(
    machine: Machine,
    signal: AbortSignal,
): Promise<Silence | { kind: 'none' } | { kind: 'unknown' }> {
    const cards = await playingCards(machine);
    if (cards.length === 0) return { kind: 'none' };
    const objects = (await dumpSound(machine, signal)) ?? [];
    const sinks = objects.filter(object => soundProperty(object, 'media.class') === 'Audio/Sink');
    if (sinks.length === 0) return { kind: 'unknown' };
    if (sinks.some(sink => soundProperty(sink, 'node.name') !== dummy)) return { kind: 'none' };
    const devices = objects.filter(object => soundProperty(object, 'media.class') === 'Audio/Device');
    for (const device of devices) {
        const { current, profiles } = profilesOf(device);
        const best = bestProfile(profiles);
        if (best === null || current?.name !== off) continue;
        const name = soundProperty(device, 'device.name');
        const card = soundProperty(device, 'device.description') || name;
        return { kind: 'off', card, device: name, profile: best.name };
    }
    const known = new Set(devices.map(device => soundProperty(device, 'api.alsa.card')));
    const missing = cards.find(({ number }) => !known.has(number));
    return missing === undefined ? { kind: 'none' } : { kind: 'missing', card: missing.name };
}

/** What a card is set to, and what it may be set to. */
export function profilesOf({ info }: SoundObject): { current: Profile | null; profiles: readonly Profile[] } {
    const { EnumProfile: profiles = [], Profile: [current = null] = [] } = info?.params ?? {};
    return { current, profiles };
}

/** As find-best-profile.lua of WirePlumber, of those that play: what is connected goes before what may be. */
function bestProfile(profiles: readonly Profile[]): Profile | null {
    const playing = profiles.filter(
        ({ name, available, classes }) =>
            name !== off &&
            name !== 'pro-audio' &&
            available !== 'no' &&
            classes.some(kind => typeof kind !== 'number' && kind[0] === 'Audio/Sink'),
    );
    const isSure = ({ available }: Profile) => Number(available === 'yes');
    const [best] = playing.sort((one, other) => isSure(other) - isSure(one) || other.priority - one.priority);
    return best ?? null;
}

const soundClass = '/sys/class/sound';

/** The cards that have something to play with, and that this user may use: who is at another seat may not. */
async function playingCards(machine: Machine): Promise<{ number: string; name: string }[]> {
    const names = await listNames(machine, soundClass);
    // snd_pcm_new_stream() of sound/core/pcm.c in Linux: card, device, and "p" for playback.
    const numbers = new Set(names.flatMap(name => /^pcmC(\d{1,2})D\d{1,3}p$/.exec(name)?.[1] ?? []));
    const cards: { number: string; name: string }[] = [];
    for (const number of [...numbers].sort()) {
        const isOurs = await access(
            join(machine.root, `dev/snd/controlC${number}`),
            constants.R_OK | constants.W_OK,
        ).then(
            () => true,
            () => false,
        );
        if (!isOurs) continue;
        const id = await readText(machine, `${soundClass}/card${number}/id`, 64);
        cards.push({ number, name: safeText(id?.trim() || number, 64) });
    }
    return cards;
}
