import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Actions } from '../../../../service/actions/actions.ts';
import { profileSwitch } from '../../../../service/actions/settings/soundProfile.ts';
import { faultOfChange } from '../../../../service/faults/index.ts';
import { isHeard } from '../../../../service/faults/audio/recovery.ts';
import type { Place } from '../../../../service/diagnosis/recovery.ts';
import { soundSource } from '../../../../service/faults/audio/watch.ts';
import { ReeveError } from '../../../../service/util/errors.ts';
import type { Machine } from '../../../../service/machine/machine.ts';
import { dumpSound } from '../../../../service/machine/hardware/sound.ts';
import { SourceBed } from '../../../support/sourceRun.ts';
import { managerOf, recordedUnits } from '../../../support/recordedUnits.ts';

/**
 * As pw-dump(1) prints a card of spa/plugins/alsa/alsa-acp-device.c in PipeWire: the profiles are those of acp.c, "off" the
 * first of them, and each tells what nodes it has.
 */
const playing = [1, ['Audio/Sink', 1, 'card.profile.devices', [1]]];
const profiles = [
    { index: 0, name: 'off', description: 'Off', priority: 0, available: 'yes', classes: [0] },
    {
        index: 1,
        name: 'output:analog-stereo+input:analog-stereo',
        description: 'Analog Stereo Duplex',
        priority: 6565,
        available: 'yes',
        classes: [2, ['Audio/Source', 1, 'card.profile.devices', [6]], ...playing.slice(1)],
    },
    {
        index: 2,
        name: 'output:analog-stereo',
        description: 'Analog',
        priority: 6500,
        available: 'yes',
        classes: playing,
    },
    { index: 3, name: 'input:analog-stereo', description: 'Input', priority: 65, available: 'yes', classes: [1] },
    { index: 4, name: 'output:hdmi-stereo', description: 'HDMI', priority: 9999, available: 'no', classes: playing },
    { index: 5, name: 'pro-audio', description: 'Pro Audio', priority: 99999, available: 'yes', classes: playing },
];
const device = (active: number, all = profiles) => ({
    id: 48,
    type: 'PipeWire:Interface:Device',
    info: {
        props: {
            'media.class': 'Audio/Device',
            'device.name': 'alsa_card.pci-0000_00_1f.3',
            'device.description': 'Built-in Audio',
            'api.alsa.card': 0,
        },
        params: { EnumProfile: all, Profile: [{ ...all[active], save: true }] },
    },
});
/** As a desktop without a card has it, and WirePlumber's fallback-sink.lua makes it. */
const dummy = {
    id: 35,
    type: 'PipeWire:Interface:Node',
    info: { state: 'suspended', props: { 'media.class': 'Audio/Sink', 'node.name': 'auto_null' } },
};
const sink = {
    id: 60,
    type: 'PipeWire:Interface:Node',
    info: { props: { 'media.class': 'Audio/Sink', 'node.name': 'alsa_output.pci-0000_00_1f.3.analog-stereo' } },
};

describe('Sound that goes nowhere', () => {
    const { signal } = new AbortController();
    let bed: SourceBed;
    let dump: unknown[] | null;
    let machine: Machine;
    let runs: number;
    let runtime: string | undefined;
    beforeEach(() => {
        bed = new SourceBed();
        dump = null;
        runs = 0;
        runtime = process.env.XDG_RUNTIME_DIR;
        process.env.XDG_RUNTIME_DIR = '/run/user/1000';
        connect('03');
        const run = () => {
            runs += 1;
            return Promise.resolve(dump === null ? null : JSON.stringify(dump));
        };
        machine = { root: bed.root, system: null, session: null, run };
    });
    afterEach(() => {
        if (runtime === undefined) delete process.env.XDG_RUNTIME_DIR;
        else process.env.XDG_RUNTIME_DIR = runtime;
        bed[Symbol.dispose]();
    });
    const write = (path: string, text = '') => {
        mkdirSync(dirname(join(bed.root, path)), { recursive: true });
        writeFileSync(join(bed.root, path), text);
    };
    /** As Linux lists what systemd listens on, and what another user and WirePlumber are connected to. */
    const connect = (state: string) => {
        write(
            'proc/net/unix',
            [
                'Num       RefCount Protocol Flags    Type St Inode Path',
                '000000000f81de37: 00000002 00000000 00010000 0001 01 18727 /run/user/1000/pipewire-0',
                '000000005d3ded91: 00000003 00000000 00000000 0001 03 18803 /run/user/42/pipewire-0',
                `000000005d3ded92: 00000003 00000000 00000000 0001 ${state} 18804 /run/user/1000/pipewire-0-manager`,
                '000000002f924636: 00000003 00000000 00000000 0001 03 18729',
                '',
            ].join('\n'),
        );
    };
    const plugIn = () => {
        write('sys/class/sound/pcmC0D0p');
        write('sys/class/sound/pcmC0D0c');
        write('sys/class/sound/card0/id', 'PCH\n');
        write('dev/snd/controlC0');
    };
    const watch = async (...dumps: unknown[][]) => {
        await using run = await bed.start(soundSource({ run: machine.run, settle: 0 }));
        for (const one of dumps) {
            dump = one;
            await bed.poll(900_000);
        }
        return [...run.entries];
    };
    const over = () => isHeard.check({ machine, signal } as Place);
    const isOver = async () => (await over()).gone;

    it('is reported once, of a card that is off and could play', async () => {
        plugIn();
        const [entry, ...more] = await watch([dummy, device(0)], [dummy, device(0)]);
        expect(more).toEqual([]);
        expect(entry?.summary).toBe('No sound: the sound card Built-in Audio is turned off');
        const finding = entry && faultOfChange(entry);
        expect([finding?.family, finding?.kind, finding?.subject]).toEqual(['audio', 'card-off', 'Built-in Audio']);
        // The best that is connected, and not the one for professionals.
        expect(finding?.facts).toEqual({
            device: 'alsa_card.pci-0000_00_1f.3',
            profile: 'output:analog-stereo+input:analog-stereo',
        });
        expect(await isOver()).toBeFalse();
        dump = [sink, device(1)];
        expect(await isOver()).toBeTrue();
    });

    it('is reported of a card that the sound server does not know', async () => {
        plugIn();
        const [entry] = await watch([dummy]);
        const finding = entry && faultOfChange(entry);
        expect([finding?.kind, finding?.subject]).toEqual(['card-missing', 'PCH']);
        expect(await isOver()).toBeFalse();
        // As it is while the sound server starts: nothing is known then.
        dump = [];
        expect(await isOver()).toBeFalse();
        rmSync(join(bed.root, 'sys'), { recursive: true });
        expect(await isOver()).toBeTrue();
    });

    it('is as it should be without a card, with an output, with nothing connected, and with another sound server', async () => {
        expect(await watch([dummy])).toEqual([]);
        plugIn();
        const hdmi = profiles.filter(({ name }) => ['off', 'output:hdmi-stereo', 'pro-audio'].includes(name));
        expect(await watch([sink, device(0)], [dummy, device(0, hdmi)], [dummy, device(1)], [device(0)], [])).toEqual(
            [],
        );
    });

    it('is not reported again after it was dismissed, whatever else changes meanwhile', async () => {
        plugIn();
        await using run = await bed.start(soundSource({ run: machine.run, settle: 0 }));
        const poll = async (...objects: unknown[]) => {
            dump = objects;
            await bed.poll(900_000);
        };
        await poll(dummy, device(0));
        bed.recover('dismissed');
        const headset = { ...sink, info: { props: { 'media.class': 'Audio/Sink', 'node.name': 'bluez_output.1' } } };
        await poll(headset, device(0));
        await poll();
        await poll(dummy, device(0));
        expect(run.entries.length).toBe(1);
        // It was turned on, and is off again.
        await poll(sink, device(1));
        await poll(dummy, device(0));
        expect(run.entries.length).toBe(2);
    });

    it('is unknown while the sound server does not answer', async () => {
        plugIn();
        const hangs = () => Promise.reject(new ReeveError('Unavailable', 'pw-dump did not answer as expected.'));
        machine = { ...machine, run: hangs };
        await using run = await bed.start(soundSource({ run: hangs, settle: 0 }));
        await bed.poll(900_000);
        expect(run.source.status.state).toBe('watching');
        expect((await over()).isUnknown).toBeTrue();
    });

    it('is not looked for where no sound server runs, which the look would start', async () => {
        plugIn();
        connect('02');
        expect(await watch([dummy, device(0)])).toEqual([]);
        expect((await over()).isUnknown).toBeTrue();
        rmSync(join(bed.root, 'proc/net/unix'));
        expect((await over()).isUnknown).toBeTrue();
        expect(runs).toBe(0);
    });

    it('is over in other words when there is no output either', async () => {
        plugIn();
        dump = [sink, device(1)];
        expect((await over()).detail).toBe('There is a sound output');
        rmSync(join(bed.root, 'sys'), { recursive: true });
        expect((await over()).detail).toBe('No sound card that could play is unused');
    });

    it('is none of whoever may not use the card', async () => {
        plugIn();
        rmSync(join(bed.root, 'dev/snd/controlC0'));
        expect(await watch([dummy, device(0)])).toEqual([]);
    });

    it('ends when the card is switched on', async () => {
        const actions = new Actions({ ...managerOf(recordedUnits(262)), contents: bed.contents, machine });
        const plan = (parameters: Record<string, unknown>) =>
            actions.plan({ action: 'sound.profile', parameters, explanation: '' }, signal);
        const asked = { device: 'alsa_card.pci-0000_00_1f.3', profile: 'output:analog-stereo' };
        dump = [dummy, device(0)];
        expect(profileSwitch((await dumpSound(machine, signal)) ?? [], asked)).toEqual({
            card: 'Built-in Audio',
            profile: 'Analog',
            argv: ['wpctl', 'set-profile', '48', '2'],
            preconditions: {
                'alsa_card.pci-0000_00_1f.3 profile': 'off',
                'alsa_card.pci-0000_00_1f.3 id': '48',
            },
        });
        // Where there is no WirePlumber there is no wpctl(1) either: nothing else is missing for the plan then.
        const planned = await plan(asked).catch((error: unknown) => error);
        if (planned instanceof ReeveError) expect(planned.message).toBe('There is no wpctl on this machine');
        else expect(planned).toEqual(jasmine.objectContaining({ undo: null, authentication: false }));
        for (const other of [{ profile: 'output:hdmi-stereo' }, { profile: 'off' }, { device: 'alsa_card.other' }])
            await expectAsync(plan({ ...asked, ...other })).toBeRejectedWith(
                jasmine.objectContaining({ code: 'InvalidState' }),
            );
        await expectAsync(plan({ device: 'x' })).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidArgument' }),
        );
    });
});
