// Wishes of every day on a made-up computer: a hotspot, the dock, the brightness, sleep, a test page, a service's settings.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { carryOut } from '../../support/security/changes.ts';
import { programId, programStarted, type Computer, type State } from '../../support/security/computer.ts';
import { anyState } from '../../support/security/generate.ts';
import { programsOfPlans } from '../../support/security/programs.ts';
import { onEachComputer, wishingOn } from '../../support/security/wishing.ts';

const [somewhere] = fc.sample(anyState, { seed: 14, numRuns: 1 });
if (somewhere === undefined) throw new TypeError('no computer');

const home = 'f330dfdb-5cc1-4b4d-b738-21ade5a5e0b0';
const dock = 'org.gnome.shell.extensions.dash-to-dock dock-position';
const sleep = 'org.gnome.settings-daemon.plugins.power sleep-inactive-ac-type';
const web = { scope: 'system', unit: 'sample-web.service' };
const editor = { pid: programId, started: programStarted };
const state: State = {
    ...somewhere,
    settings: { ...somewhere.settings, [dock]: "'BOTTOM'", [sleep]: "'suspend'" },
    connections: [{ id: 'Home', uuid: home, type: '802-11-wireless', isUp: true, isKept: false }],
    printers: [{ name: 'Office', title: 'Office printer', isStopped: false, accepts: true, jobs: [] }],
    program: { name: 'editor', isApplication: true },
    application: 'Editor',
    brightness: 80,
};

describe('A change of every day', () => {
    let computer: Computer;
    const { wished, plan, refusal, verified, applied } = wishingOn(() => computer);

    onEachComputer(
        state,
        programsOfPlans,
        started => {
            computer = started;
        },
        { isHome: true },
    );

    const panel = (percent: number) => ({ device: 'panel', percent });
    const dropIn = (key: string, value: string) => ({ ...web, key, value });
    for (const [text, action, parameters] of [
        ['set the MTU to 1400', 'network.mtu', { uuid: home, mtu: 1400 }],
        ['use automatic mtu', 'network.mtu', { uuid: home, mtu: null }],
        ['MTU auf 1400 setzen', 'network.mtu', { uuid: home, mtu: 1400 }],
        ['اضبط mtu على 1400', 'network.mtu', { uuid: home, mtu: 1400 }],
        ['start a hotspot', 'network.hotspot', { interface: 'wlan0', name: 'Hotspot' }],
        ['create a hotspot called Garden', 'network.hotspot', { interface: 'wlan0', name: 'garden' }],
        ['Hotspot einrichten', 'network.hotspot', { interface: 'wlan0', name: 'Hotspot' }],
        ['أنشئ نقطة اتصال', 'network.hotspot', { interface: 'wlan0', name: 'Hotspot' }],
        ['put the dock on the left', 'dash.position', { side: 'left' }],
        ['move the dock to the right side', 'dash.position', { side: 'right' }],
        ['Dock nach links verschieben', 'dash.position', { side: 'left' }],
        ['ضع الشريط على اليسار', 'dash.position', { side: 'left' }],
        ['dim the screen to 30 %', 'screen.brightness', panel(30)],
        ['set the brightness to 30 percent', 'screen.brightness', panel(30)],
        ['make the screen brighter', 'screen.brightness', panel(100)],
        ['Bildschirm auf 30 % dimmen', 'screen.brightness', panel(30)],
        ['Mach den Bildschirm dunkler', 'screen.brightness', panel(60)],
        ['اخفض سطوع الشاشة إلى 30', 'screen.brightness', panel(30)],
        ['never sleep while plugged in', 'setting.switch', { setting: 'suspend-on-mains', on: false }],
        ['do not suspend while it is charging', 'setting.switch', { setting: 'suspend-on-mains', on: false }],
        ['Beim Laden nie schlafen', 'setting.switch', { setting: 'suspend-on-mains', on: false }],
        ['print a test page', 'printer.testPage', { printer: 'Office' }],
        ['Testseite drucken', 'printer.testPage', { printer: 'Office' }],
        ['اطبع صفحة اختبار', 'printer.testPage', { printer: 'Office' }],
        ['renice Editor to 5', 'program.renice', { ...editor, nice: 5 }],
        ['lower the priority of Editor', 'program.renice', { ...editor, nice: 10 }],
        ['Priorität von Editor senken', 'program.renice', { ...editor, nice: 10 }],
        ['اخفض أولوية Editor', 'program.renice', { ...editor, nice: 10 }],
        ['set MemoryMax of sample-web to 2G', 'dropin.set', dropIn('MemoryMax', '2G')],
        ['restart sample-web when it fails', 'dropin.set', dropIn('Restart', 'on-failure')],
        ['sample-web bei Fehlern neu starten', 'dropin.set', dropIn('Restart', 'on-failure')],
        ['اعد تشغيل خدمة sample-web عند فشل', 'dropin.set', dropIn('Restart', 'on-failure')],
    ] as const)
        it(`is made by “${text}”`, async () => {
            expect((await wished(text))[0]).toEqual([action, parameters]);
        });

    it('is the length of packets, as far as IPv6 lets it', async () => {
        const planned = await plan('network.mtu', { uuid: home, mtu: 1400 });
        expect(planned.steps[0]?.commands?.map(command => command.replace(/^.*\/nmcli /, ''))).toEqual([
            `connection modify uuid ${home} 802-11-wireless.mtu 1400`,
            'device reapply eth0',
        ]);
        expect(planned.undo?.steps[0]?.commands?.at(-1)).toContain(`nmcli --wait 30 connection up uuid ${home}`);
        await applied(planned);
        expect(await refusal('network.mtu', { uuid: home, mtu: null })).toBe('The setting already has this value');
        expect(await refusal('network.mtu', { uuid: home, mtu: 600 })).toContain('mtu');
    });

    it('is a hotspot, where none is set up and none has its name', async () => {
        await applied(await plan('network.hotspot', { interface: 'wlan0', name: 'Garden' }));
        expect(await refusal('network.hotspot', { interface: 'wlan0', name: 'Home' })).toBe(
            'A network called Home is already saved',
        );
        expect(await refusal('network.hotspot', { interface: 'eth0', name: 'Garden' })).toBe(
            'This Wi-Fi adapter is not there any more',
        );
    });

    it('is of the desktop, where it has the setting', async () => {
        await applied(await plan('dash.position', { side: 'left' }));
        expect(await refusal('dash.position', { side: 'bottom' })).toBe('The dock is already there');
        computer.state.settings[dock] = '';
        expect(await refusal('dash.position', { side: 'left' })).toBe('This desktop does not have this setting');
        await applied(await plan('setting.switch', { setting: 'suspend-on-mains', on: false }));
    });

    it('is the brightness of the built-in screen, where there is one', async () => {
        await applied(await plan('screen.brightness', panel(30)));
        expect(await refusal('screen.brightness', panel(80))).toBe('The setting already has this value');
        expect(await refusal('screen.brightness', panel(0))).toContain('percent');
        rmSync(join(computer.root, 'sys/class/backlight'), { recursive: true });
        expect(await refusal('screen.brightness', panel(30))).toBe(
            'The brightness of this screen cannot be set from here',
        );
    });

    it('is a test page on a printer that prints', async () => {
        const planned = await plan('printer.testPage', { printer: 'Office' });
        expect(planned.steps[0]?.command).toMatch(/lp -d Office -t Reeve -- \/usr\/share\/cups\/data\/testprint$/);
        // Whether the sheet comes out, a person sees.
        expect([planned.undo, (await verified(planned)).isUnknown]).toEqual([null, true]);
        const [office] = computer.state.printers;
        if (office !== undefined) office.isStopped = true;
        expect(await refusal('printer.testPage', { printer: 'Office' })).toContain('Office printer is stopped');
        expect((await verified(planned)).gone).toBeFalse();
    });

    it('is the priority of a program and what it started, which only gets lower', async () => {
        const planned = await plan('program.renice', { ...editor, nice: 10 });
        expect(planned.steps[0]?.command).toMatch(new RegExp(`renice --priority 10 --pgrp ${programId}$`));
        expect([planned.undo, planned.title]).toEqual([null, 'Lower the priority of Editor']);
        const stat = `/proc/${programId}/stat`;
        const text = readFileSync(join(computer.root, stat), 'utf8');
        computer.write(stat, text.replace(` S 1 ${programId} `, ' S 1 4000 '));
        expect(await refusal('program.renice', { ...editor, nice: 10 })).toBe(
            'Editor belongs to a group of programs that another one leads',
        );
        computer.write(
            stat,
            text.replace(` S 1 ${programId} ${'0 '.repeat(13)}`, ` S 1 ${programId} ${'0 '.repeat(13)}1`),
        );
        expect((await verified(planned)).gone).toBeTrue();
        expect(await refusal('program.renice', { ...editor, nice: 10 })).toBe(
            'Editor already gives way to others (nice 10)',
        );
        expect(await refusal('program.renice', { ...editor, nice: -5 })).toContain('nice');
    });

    it('is a setting of a service, in a file of its own', async () => {
        const asked = { ...dropIn('MemoryMax', '2G'), scope: 'user' };
        const planned = await plan('dropin.set', asked);
        const path = `${computer.root}/.config/systemd/user/sample-web.service.d/60-reeve-memorymax.conf`;
        expect(planned.steps.map(({ description }) => description)).toEqual([
            `Create the folder ${path.replace(/\/[^/]+$/, '')}`,
            'Set MemoryMax of sample-web.service to 2G',
            'Reload the unit files',
        ]);
        const present = computer.snapshot();
        carryOut(computer, planned.steps);
        expect(readFileSync(path, 'utf8')).toBe('# Written by Reeve.\n[Service]\nMemoryMax=2G\n');
        expect((await verified(planned)).detail).toBe(`sample-web.service does not read ${path}`);
        computer.unit('sample-web.service').unit.DropInPaths = [path];
        expect((await verified(planned)).gone).toBeTrue();
        expect(await refusal('dropin.set', asked)).toBe('The setting already has this value');
        carryOut(computer, planned.undo?.steps ?? []);
        expect(computer.snapshot()).toEqual(present);
    });

    it('restarts a service that runs once after a failure only', async () => {
        Object.assign(computer.unit('sample-web.service').ofType ?? {}, { Type: 'oneshot' });
        await expectAsync(plan('dropin.set', dropIn('Restart', 'on-failure'))).toBeResolved();
        for (const value of ['always', 'on-success'])
            expect(await refusal('dropin.set', dropIn('Restart', value))).toBe(
                'sample-web.service runs once and ends: systemd restarts it only after a failure',
            );
    });

    for (const [key, value] of [
        ['ExecStart', '/bin/sh'],
        ['Environment', 'GIO_EXTRA_MODULES=/tmp'],
        ['MemoryMax', '1K'],
        ['TasksMax', '1'],
        ['Environment', 'LD_PRELOAD=/tmp/a.so'],
        ['Environment', 'A=b c'],
        ['Environment', 'A=%h'],
        ['Restart', 'always\nExecStart=/bin/sh'],
        ['MemoryMax', '2'],
        ['User', 'root'],
    ] as const)
        it(`is no ${key}=${JSON.stringify(value)}`, async () => {
            expect(await refusal('dropin.set', dropIn(key, value))).toMatch(/^dropin\.set: (?:key|value) /);
        });
});
