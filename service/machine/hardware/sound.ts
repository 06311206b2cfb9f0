import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { safeText } from '../../text/sanitise.ts';
import { listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { parseJson } from '../run.ts';
import { lazy } from '../../util/lazy.ts';

/** Param:Profile of spa/param/profile.h in PipeWire; its classes are a count, followed by each class. */
const profile = lazy(() =>
    z.object({
        index: z.number().int().nonnegative(),
        name: z.string(),
        description: z.string().default(''),
        priority: z.number().default(0),
        available: z.string().default('unknown'),
        classes: z.array(z.union([z.number(), z.tuple([z.string(), z.number()]).rest(z.unknown())])).default([]),
    }),
);

/** What pw-dump(1) prints: PipeWire's objects; nodes have a media class, metadata names the default ones. */
const dumpSchema = lazy(() =>
    z.array(
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
                            EnumProfile: z.array(profile()).catch([]),
                            Profile: z.array(profile()).catch([]),
                        })
                        .optional(),
                })
                .nullish(),
            metadata: z.array(z.object({ key: z.string(), value: z.unknown() })).optional(),
        }),
    ),
);
export type SoundObject = z.infer<ReturnType<typeof dumpSchema>>[number];
type Profile = z.infer<ReturnType<typeof profile>>;

/**
 * PipeWire's objects; null where there is no pw-dump.
 *
 * @throws ReeveError Unavailable where PipeWire does not run or does not answer: pw-dump then only complains
 */
export async function dumpSound({ run }: Pick<Machine, 'run'>, signal: AbortSignal): Promise<SoundObject[] | null> {
    const output = await run('pw-dump', ['--no-colors'], { signal, limit: 16_777_216, silentIsError: true });
    return output === null ? null : parseJson('pw-dump', dumpSchema(), output);
}

/** A property of an object, safe to show; empty when it has none. */
export function soundProperty({ info }: SoundObject, key: string): string {
    const value = info?.props[key];
    return typeof value === 'string' || typeof value === 'number' ? safeText(String(value), 100) : '';
}

/** A device or a stream of sound. */
export type SoundNode = {
    kind: 'output' | 'input' | 'playing' | 'recording';
    /** Its name for people. */
    name: string;
    isDefault: boolean;
    /** As the slider shows it, 1 for full; null when it has none. */
    volume: number | null;
    isMuted: boolean;
    /** In PipeWire's words, such as "running". */
    state: string;
};

const nodeKinds: Record<string, SoundNode['kind']> = {
    'Audio/Sink': 'output',
    'Audio/Source': 'input',
    'Stream/Output/Audio': 'playing',
    'Stream/Input/Audio': 'recording',
};
const defaultSchema = z.object({ name: z.string() });

/** Without the dummy output, which exists as long as there is no other. */
export function soundNodes(objects: readonly SoundObject[]): SoundNode[] {
    const defaults = new Set(
        objects
            .flatMap(({ metadata = [] }) => metadata)
            .filter(({ key }) => key === 'default.audio.sink' || key === 'default.audio.source')
            .flatMap(({ value }) => defaultSchema.safeParse(value).data?.name ?? []),
    );
    return objects.flatMap((object): SoundNode[] => {
        const property = (key: string) => soundProperty(object, key);
        const kind = nodeKinds[property('media.class')];
        const own = property('node.name');
        if (kind === undefined || !object.info || own === dummy) return [];
        const { params, state = '?' } = object.info;
        const { mute = false, channelVolumes } = params?.Props[0] ?? {};
        return [
            {
                kind,
                name: property('node.description') || property('application.name') || own,
                isDefault: defaults.has(own),
                // Volumes are kept as cubes of what the slider shows: pipewire's volume.h.
                volume: channelVolumes === undefined ? null : Math.cbrt(Math.max(...channelVolumes, 0)),
                isMuted: mute,
                state,
            },
        ];
    });
}

/** The state of sound. */
export type Sound = {
    /** Whether there is an output besides the dummy one. */
    isHeard: boolean;
    /** The cards that are switched off, or unknown to the sound server, even if another output works. */
    unused: Set<string>;
    /** Why nothing is heard, though a card could play it. */
    silence: Silence | null;
};

export type Silence =
    /** The card is switched off, and `profile` could switch it on. */
    | { kind: 'off'; card: string; device: string; profile: string }
    /** The sound server does not know the card, but the kernel does. */
    | { kind: 'missing'; card: string };

/** WirePlumber's fallback-sink.lua: the dummy output while there is no other. */
const dummy = 'auto_null';
/** The profile in which a card has neither outputs nor inputs; spa/plugins/alsa/acp in PipeWire. */
const off = 'off';

/**
 * The state of sound, and whether it goes nowhere although it could be heard. A card whose outputs are all
 * disconnected, as one with HDMI alone, is rightly off. Without even the dummy output, another sound server runs, or
 * this one has just been started: null, as nothing is known then.
 */
export async function findSound(machine: Machine, signal: AbortSignal): Promise<Sound | null> {
    const cards = await playingCards(machine);
    if (cards.length === 0) return { isHeard: false, unused: new Set(), silence: null };
    const objects = (await isInUse(machine)) ? await dumpIfAble(machine, signal) : [];
    const sinks = objects.filter(object => soundProperty(object, 'media.class') === 'Audio/Sink');
    if (sinks.length === 0) return null;
    const devices = objects.filter(object => soundProperty(object, 'media.class') === 'Audio/Device');
    const switchedOff = devices.filter(device => profilesOf(device).current?.name === off);
    const known = new Set(devices.map(device => soundProperty(device, 'api.alsa.card')));
    const missing = cards.filter(({ number }) => !known.has(number)).map(({ name }) => name);
    const reasons: Silence[] = [
        ...switchedOff.flatMap(device => {
            const best = bestProfile(profilesOf(device).profiles);
            const name = soundProperty(device, 'device.name');
            return best === null
                ? []
                : { kind: 'off' as const, card: cardName(device), device: name, profile: best.name };
        }),
        ...missing.map(card => ({ kind: 'missing' as const, card })),
    ];
    const isHeard = sinks.some(sink => soundProperty(sink, 'node.name') !== dummy);
    return {
        isHeard,
        unused: new Set([...switchedOff.map(cardName), ...missing]),
        silence: isHeard ? null : (reasons[0] ?? null),
    };
}

/** The name of a card for people. */
export function cardName(device: SoundObject): string {
    return soundProperty(device, 'device.description') || soundProperty(device, 'device.name');
}

/** Also empty when the sound server hangs; another check reports that. */
async function dumpIfAble(machine: Machine, signal: AbortSignal): Promise<SoundObject[]> {
    try {
        return (await dumpSound(machine, signal)) ?? [];
    } catch (error) {
        if (error instanceof ReeveError && error.code === 'Unavailable') return [];
        throw error;
    }
}

/**
 * Whether anything is connected to this user's PipeWire; the program that makes its outputs always is. systemd also
 * listens on the sockets while PipeWire is down, and a mere query would start it: ListenStream= of its pipewire.socket.
 */
async function isInUse(machine: Machine): Promise<boolean> {
    const runtime = process.env.XDG_RUNTIME_DIR ?? '';
    const sockets = ['pipewire-0', 'pipewire-0-manager'].map(socket => join(runtime, socket));
    const text = await readText(machine, '/proc/net/unix', 4_194_304);
    // unix_seq_show() of net/unix/af_unix.c in Linux: the sixth word is the state, 03 for SS_CONNECTED, the last the path,
    // which the end that accepted has from the socket that listens.
    return (text ?? '').split('\n').some(line => {
        const words = line.trim().split(/ +/);
        return words[5] === '03' && sockets.includes(words.slice(7).join(' '));
    });
}

/** The profile of a card, and those it could have. */
export function profilesOf({ info }: SoundObject): { current: Profile | null; profiles: readonly Profile[] } {
    const { EnumProfile: profiles = [], Profile: [current = null] = [] } = info?.params ?? {};
    return { current, profiles };
}

/** Like find-best-profile.lua of WirePlumber, among those that play: connected outputs come before possible ones. */
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

/** The cards with playback that this user may use: users at another seat may not. */
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
