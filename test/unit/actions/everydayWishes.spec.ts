// Wishes for what starts by itself, held packages, the dash and the microphone.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dashPin, dashUnpin } from '../../../service/actions/applications/dashFavourites.ts';
import { packagesHold, packagesUnhold } from '../../../service/actions/packages/packagesHold.ts';
import { microphoneMute } from '../../../service/actions/settings/microphoneMute.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';
import { unitDisable, unitEnable, unitMask, unitUnmask } from '../../../service/actions/units/unitFiles.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';

describe('An everyday wish', () => {
    let root: string;
    let programs: Disposable;
    let favourites: string;
    let microphone: string;
    let held: string;
    let state: string;
    let names: string[];
    const run = (program: string, [command]: readonly string[]) => {
        if (program === 'wpctl') return Promise.resolve(microphone);
        if (program === 'apt-mark') return Promise.resolve(held);
        if (program === 'dpkg-query') return Promise.resolve('installed\n');
        return Promise.resolve(command === 'writable' ? 'true\n' : `${favourites}\n`);
    };
    const system = () =>
        ({
            machine: { root, system: null, session: null, run },
            systemd: {
                list: (scope: string) =>
                    Promise.resolve(
                        scope === 'system'
                            ? [
                                  {
                                      scope,
                                      name: 'cups.service',
                                      description: 'CUPS',
                                      loadState: 'loaded',
                                      activeState: 'active',
                                      subState: 'running',
                                  },
                              ]
                            : [],
                    ),
                listFiles: () => Promise.resolve([]),
                isReachable: () => true,
                unit: (scope: string, name: string) =>
                    Promise.resolve({ scope, name, names, unitFileState: state, slice: '', process: null }),
            },
            signal: new AbortController().signal,
        }) as unknown as Surroundings & { signal: AbortSignal };
    const wished = async (text: string) => {
        const [way] = (await readWish(text, system())?.ways()) ?? [];
        return way === undefined ? null : [way.action, way.parameters];
    };
    const refusal = async (planned: unknown) =>
        await Promise.resolve(planned).then(
            () => '',
            (error: unknown) => (error as Error).message,
        );

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-everyday-'));
        mkdirSync(join(root, 'usr/share/applications'), { recursive: true });
        writeFileSync(
            join(root, 'usr/share/applications/firefox.desktop'),
            '[Desktop Entry]\nType=Application\nName=Firefox\nExec=firefox\n',
        );
        programs = pretendPrograms(['wpctl', 'gsettings', 'apt-mark', 'systemctl']);
        [favourites, microphone, held, state] = [
            "['org.gnome.Nautilus.desktop']",
            'Volume: 0.40\n',
            'vlc\n',
            'enabled',
        ];
        names = ['cups.service'];
    });
    afterEach(() => {
        programs[Symbol.dispose]();
        rmSync(root, { recursive: true });
    });

    const cups = { scope: 'system', unit: 'cups.service' } as const;
    for (const [text, action, parameters] of [
        ['mute the microphone', 'sound.microphone', { muted: true }],
        ['turn off the mic', 'sound.microphone', { muted: true }],
        ['Schalte das Mikrofon stumm', 'sound.microphone', { muted: true }],
        ['unmute my microphone', 'sound.microphone', { muted: false }],
        ['اكتم الميكروفون', 'sound.microphone', { muted: true }],
        ['pin Firefox to the dash', 'dash.pin', { id: 'firefox' }],
        ['add firefox to my favourites', 'dash.pin', { id: 'firefox' }],
        ['Firefox zum Dash hinzufügen', 'dash.pin', { id: 'firefox' }],
        ['remove firefox from the dock', 'dash.unpin', { id: 'firefox' }],
        ['أزل firefox من الشريط', 'dash.unpin', { id: 'firefox' }],
        ['enable cups', 'unit.enable', cups],
        ['start cups at boot', 'unit.enable', cups],
        ['Starte den Dienst cups beim Hochfahren', 'unit.enable', cups],
        ['فعّل خدمة cups', 'unit.enable', cups],
        ['disable the cups service', 'unit.disable', cups],
        ['do not start cups at boot', 'unit.disable', cups],
        ['Deaktiviere cups', 'unit.disable', cups],
        ['mask cups', 'unit.mask', cups],
        ['reset the failed state of cups', 'unit.reset', cups],
        ['demaskiere cups', 'unit.unmask', cups],
        ['do not update vlc', 'packages.hold', { name: 'vlc' }],
        ['halte das Paket vlc zurück', 'packages.hold', { name: 'vlc' }],
        ['allow updates for vlc again', 'packages.unhold', { name: 'vlc' }],
        ['اسمح بتحديث vlc', 'packages.unhold', { name: 'vlc' }],
    ] as const)
        it(`can be “${text}”`, async () => {
            expect(await wished(text)).toEqual([action, parameters]);
        });

    it('mutes the microphone that is there, once', async () => {
        const { steps, undo } = await microphoneMute.plan({ muted: true }, system());
        expect(steps[0]?.command).toContain('wpctl set-mute @DEFAULT_AUDIO_SOURCE@ 1');
        expect(undo?.steps[0]?.command).toContain('wpctl set-mute @DEFAULT_AUDIO_SOURCE@ 0');
        expect((await microphoneMute.verify?.({ muted: true }, system()))?.gone).toBeFalse();
        microphone = 'Volume: 0.40 [MUTED]\n';
        expect(await refusal(microphoneMute.plan({ muted: true }, system()))).toBe('This is already off');
        expect((await microphoneMute.verify?.({ muted: true }, system()))?.gone).toBeTrue();
        microphone = '';
        expect(await refusal(microphoneMute.plan({ muted: true }, system()))).toBe('There is no microphone');
    });

    it('changes one favourite, and undo sets back what was there', async () => {
        const pinned = await dashPin.plan({ id: 'firefox' }, system());
        expect(pinned.steps[0]?.command).toContain('org.gnome.Nautilus.desktop');
        expect(pinned.steps[0]?.command).toContain('firefox.desktop');
        expect(pinned.undo?.steps[0]?.command).not.toContain('firefox.desktop');
        expect(await refusal(dashUnpin.plan({ id: 'firefox' }, system()))).toBe('Firefox is not in the dash');
        favourites = "['firefox.desktop']";
        expect((await dashPin.verify?.({ id: 'firefox' }, system()))?.gone).toBeTrue();
        expect(await refusal(dashPin.plan({ id: 'firefox' }, system()))).toBe('Firefox is already in the dash');
        expect((await dashUnpin.plan({ id: 'firefox' }, system())).steps[0]?.command).toContain("'@as []'");
        expect(await refusal(dashPin.plan({ id: 'gone' }, system()))).toBe('There is no application gone');
    });

    it('turns a unit on or off for the next start, and refuses what the desktop needs', async () => {
        const disabled = await unitDisable.plan(cups, system());
        expect(disabled.steps[0]?.command).toMatch(/systemctl disable -- cups\.service$/);
        expect(disabled.undo?.steps[0]?.command).toMatch(/systemctl enable -- cups\.service$/);
        expect([disabled.risk, disabled.authentication]).toEqual(['medium', true]);
        expect(await refusal(unitEnable.plan(cups, system()))).toBe('cups.service already starts automatically');
        expect((await unitEnable.verify?.(cups, system()))?.gone).toBeTrue();
        expect(await unitDisable.verify?.(cups, system())).toEqual({
            gone: false,
            detail: 'cups.service already starts automatically',
        });
        expect((await unitMask.plan(cups, system())).undo?.steps[0]?.command).toMatch(/unmask -- cups\.service$/);
        expect(await refusal(unitUnmask.plan(cups, system()))).toBe('cups.service is not masked');
        state = 'masked';
        expect(await refusal(unitEnable.plan(cups, system()))).toContain('is masked');
        expect((await unitUnmask.plan(cups, system())).risk).toBe('low');
        state = 'static';
        expect(await refusal(unitDisable.plan(cups, system()))).toContain('Others decide when');
        [state, names] = ['enabled', ['NetworkManager.service']];
        const needed = { scope: 'system', unit: 'NetworkManager.service' } as const;
        expect(await refusal(unitDisable.plan(needed, system()))).toContain('Too much depends on');
        expect(await refusal(unitMask.plan(needed, system()))).toContain('Too much depends on');
    });

    it('keeps a package at its version until that is allowed again', async () => {
        expect(await refusal(packagesHold.plan({ name: 'vlc' }, system()))).toBe('vlc is already held back');
        const { steps, undo, risk } = await packagesUnhold.plan({ name: 'vlc' }, system());
        expect(steps[0]?.command).toMatch(/apt-mark unhold -- vlc$/);
        expect(undo?.steps[0]?.command).toMatch(/apt-mark hold -- vlc$/);
        expect(risk).toBe('low');
        held = '';
        expect((await packagesUnhold.verify?.({ name: 'vlc' }, system()))?.gone).toBeTrue();
        expect((await packagesHold.plan({ name: 'vlc' }, system())).riskText).toContain('no security updates');
    });
});
