import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { faultOfChange } from '../../../service/detection/changeFaults.ts';
import { isHeard } from '../../../service/diagnosis/conditions/system.ts';
import type { Place } from '../../../service/diagnosis/care/care.ts';
import { soundSource } from '../../../service/sources/looks/sound.ts';
import type { Machine } from '../../../service/tools/machine.ts';
import { SourceBed } from '../../support/sourceRun.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';

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
    beforeEach(() => {
        bed = new SourceBed();
        dump = null;
        const run = () => Promise.resolve(dump === null ? null : JSON.stringify(dump));
        machine = { root: bed.root, system: null, session: null, run };
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    const write = (path: string, text = '') => {
        mkdirSync(dirname(join(bed.root, path)), { recursive: true });
        writeFileSync(join(bed.root, path), text);
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
            await bed.look(900_000);
        }
        return [...run.entries];
    };
    const isOver = async () => (await isHeard.check({ machine, signal } as Place)).gone;

    it('is told once, of a card that is off and could play', async () => {
        plugIn();
        const [entry, ...more] = await watch([dummy, device(0)], [dummy, device(0)]);
        expect(more).toEqual([]);
        expect(entry?.summary).toBe('Nothing is heard: the sound card Built-in Audio is switched off');
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

    it('is told of a card that the sound server does not know', async () => {
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

    it('is none of whoever may not use the card', async () => {
        plugIn();
        rmSync(join(bed.root, 'dev/snd/controlC0'));
        expect(await watch([dummy, device(0)])).toEqual([]);
    });

    it('ends when the card is switched on, which can be taken back', async () => {
        const actions = new Actions({ ...managerOf(recordedUnits(262)), contents: bed.contents, machine });
        const plan = (parameters: Record<string, unknown>) =>
            actions.plan({ action: 'sound.profile', parameters, explanation: '' }, signal);
        const asked = { device: 'alsa_card.pci-0000_00_1f.3', profile: 'output:analog-stereo' };
        dump = [dummy, device(0)];
        const planned = await plan(asked).catch((error: unknown) => String(error));
        // Where there is no WirePlumber there is no wpctl(1) either.
        if (typeof planned === 'string') expect(planned).toMatch(/wpctl/);
        else {
            expect(planned.steps[0]?.command).toContain('wpctl set-profile 48 2');
            expect(planned.undo?.steps[0]?.command).toContain('wpctl set-profile 48 0');
            expect(planned.authentication).toBeFalse();
        }
        for (const other of [{ profile: 'output:hdmi-stereo' }, { profile: 'off' }, { device: 'alsa_card.other' }])
            await expectAsync(plan({ ...asked, ...other })).toBeRejectedWith(
                jasmine.objectContaining({ code: 'InvalidState' }),
            );
        await expectAsync(plan({ device: 'x' })).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidArgument' }),
        );
    });
});
