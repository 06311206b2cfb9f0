// Wishes about what is connected to a made-up computer: sound, Bluetooth, drives, the screen, the network.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';

import fc from 'fast-check';

import { Actions } from '../../../service/actions/actions.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';
import type { UnitDetails } from '../../../service/machine/units/unitDetails.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { carryOut } from '../../support/security/changes.ts';
import { programId, programStarted, ufwSettings, type Computer, type State } from '../../support/security/computer.ts';
import { anyState } from '../../support/security/generate.ts';
import { onEachComputer, wishingOn } from '../../support/security/wishing.ts';

const [somewhere] = fc.sample(anyState, { seed: 14, numRuns: 1 });
if (somewhere === undefined) throw new TypeError('no computer');

/** As it is before a spec has time pass faster. */
const realTimeout = setTimeout;
const buds = 'AA:BB:CC:DD:EE:FF';
const mouse = '00:11:22:33:44:55';
const editor = { pid: programId, started: programStarted };
const home = 'f330dfdb-5cc1-4b4d-b738-21ade5a5e0b0';
const state: State = {
    ...somewhere,
    connections: [
        {
            id: 'Home',
            uuid: 'f330dfdb-5cc1-4b4d-b738-21ade5a5e0b0',
            type: '802-11-wireless',
            isUp: true,
            isKept: false,
        },
    ],
    volumes: {
        sdb1: { label: 'Holiday', isMounted: true, canPowerOff: true },
        sdb2: { label: 'Backup', isMounted: true, canPowerOff: true },
        sdc1: { label: 'Music', isMounted: false, canPowerOff: false },
    },
    screen: { mode: '2560x1440@59.951', scale: 1, transform: 0 },
    second: null,
    firewall: 'off',
    testing: [],
    quota: null,
    application: 'Editor',
    program: { name: 'editor', isApplication: true },
    outputs: { 'alsa_output.analog': 'Built-in Audio Analog Stereo', hdmi: 'HDMI / DisplayPort', buds: 'Galaxy Buds' },
    chosenOutput: null,
    paired: {
        [buds]: { name: 'Galaxy Buds', icon: 'audio-headphones', isConnected: false },
        [mouse]: { name: 'MX Master', icon: 'input-mouse', isConnected: true },
    },
};

describe('A drive, a network or a screen that is named', () => {
    let computer: Computer;
    const { wished, plan, refusal, verified, applied } = wishingOn(() => computer);
    /** Lets seconds pass for timers, after what does not wait for them had time for its work. */
    const passed = async (seconds: number) => {
        await new Promise(resolve => realTimeout(resolve, 20));
        mock.timers.tick(seconds * 1000);
    };
    const settled = async <T>(work: Promise<T>): Promise<T> => {
        const state = { isPending: true };
        const ended = work.finally(() => {
            state.isPending = false;
        });
        while (state.isPending) await passed(2);
        return await ended;
    };
    /** As `verified`, however long it takes. */
    const later = async (planned: Plan) => {
        mock.timers.enable({ apis: ['setTimeout'] });
        try {
            return await settled(verified(planned));
        } finally {
            mock.timers.reset();
        }
    };

    onEachComputer(state, ['gdctl', 'nmcli', 'pw-metadata', 'ufw', 'firewall-cmd'], started => {
        computer = started;
    });

    const screen = (more: object) => ({ connector: 'eDP-1', mode: null, scale: null, ...more });
    const output = (node: string) => ({ direction: 'output', node });
    for (const [text, action, parameters] of [
        ['switch the sound to HDMI', 'sound.device', output('hdmi')],
        ['play the sound on the TV', 'sound.device', output('hdmi')],
        ['use Galaxy Buds for sound', 'sound.device', output('buds')],
        ['switch to Galaxy Buds', 'sound.device', output('buds')],
        ['Ton auf HDMI umschalten', 'sound.device', output('hdmi')],
        ['Musik über Galaxy Buds abspielen', 'sound.device', output('buds')],
        ['حول الصوت إلى HDMI', 'sound.device', output('hdmi')],
        ['mount the usb stick', 'drive.mount', { device: 'sdc1' }],
        ['mount Music', 'drive.mount', { device: 'sdc1' }],
        ['USB-Stick einhängen', 'drive.mount', { device: 'sdc1' }],
        ['unmount Holiday', 'drive.unmount', { device: 'sdb1' }],
        ['Holiday aushängen', 'drive.unmount', { device: 'sdb1' }],
        ['eject Backup', 'drive.eject', { device: 'sdb2' }],
        ['safely remove the external drive', 'drive.eject', { device: 'sdb1' }],
        ['Stick sicher entfernen', 'drive.eject', { device: 'sdb1' }],
        ['أخرج الفلاشة', 'drive.eject', { device: 'sdb1' }],
        ['test the disk', 'drive.test', { drive: 'sdb' }],
        ['Festplatte prüfen', 'drive.test', { drive: 'sdb' }],
        ['افحص القرص', 'drive.test', { drive: 'sdb' }],
        ['slow down Editor', 'program.limit', { ...editor, percent: 50 }],
        ['limit Editor to 20 percent', 'program.limit', { ...editor, percent: 20 }],
        ['Editor auf 20 Prozent begrenzen', 'program.limit', { ...editor, percent: 20 }],
        ['أبطئ Editor', 'program.limit', { ...editor, percent: 50 }],
        ['set the resolution to 1920x1080', 'display.mode', screen({ mode: '1920x1080@60.000' })],
        ['Auflösung auf 1920x1080 ändern', 'display.mode', screen({ mode: '1920x1080@60.000' })],
        ['scale the screen to 150 percent', 'display.mode', screen({ scale: 150 })],
        ['make everything bigger', 'display.mode', screen({ scale: 125 })],
        ['Mach alles größer', 'display.mode', screen({ scale: 125 })],
        ['كبر كل شيء', 'display.mode', screen({ scale: 125 })],
        ['set the dns server to 9.9.9.9', 'network.dns', { uuid: home, servers: ['9.9.9.9'] }],
        ['set dns to 9.9.9.9 and 1.1.1.1', 'network.dns', { uuid: home, servers: ['9.9.9.9', '1.1.1.1'] }],
        ['use automatic dns', 'network.dns', { uuid: home, servers: [] }],
        ['DNS-Server auf 9.9.9.9 ändern', 'network.dns', { uuid: home, servers: ['9.9.9.9'] }],
        ['turn on the firewall', 'firewall.switch', { on: true }],
        ['Firewall ausschalten', 'firewall.switch', { on: false }],
        ['شغل جدار الحماية', 'firewall.switch', { on: true }],
        ['block port 22', 'firewall.port', { port: 22, protocol: 'tcp', allow: false }],
        ['open port 8080', 'firewall.port', { port: 8080, protocol: 'tcp', allow: true }],
        ['open UDP port 5353', 'firewall.port', { port: 5353, protocol: 'udp', allow: true }],
        ['allow ssh through the firewall', 'firewall.port', { port: 22, protocol: 'tcp', allow: true }],
        ['Port 8080 freigeben', 'firewall.port', { port: 8080, protocol: 'tcp', allow: true }],
        ['Sperre Port 22', 'firewall.port', { port: 22, protocol: 'tcp', allow: false }],
        ['SSH durch die Firewall lassen', 'firewall.port', { port: 22, protocol: 'tcp', allow: true }],
        ['افتح المنفذ 8080', 'firewall.port', { port: 8080, protocol: 'tcp', allow: true }],
        ['احجب المنفذ 22', 'firewall.port', { port: 22, protocol: 'tcp', allow: false }],
        ['connect my headphones', 'bluetooth.connect', { address: buds }],
        ['connect to Galaxy Buds', 'bluetooth.connect', { address: buds }],
        ['Kopfhörer verbinden', 'bluetooth.connect', { address: buds }],
        ['Verbinde mich mit Galaxy Buds', 'bluetooth.connect', { address: buds }],
        ['وصل السماعات', 'bluetooth.connect', { address: buds }],
        ['disconnect MX Master', 'bluetooth.disconnect', { address: mouse }],
        ['MX Master trennen', 'bluetooth.disconnect', { address: mouse }],
        ['افصل MX Master', 'bluetooth.disconnect', { address: mouse }],
        ['forget Galaxy Buds', 'bluetooth.forget', { address: buds }],
        ['unpair the headphones', 'bluetooth.forget', { address: buds }],
        ['Galaxy Buds entkoppeln', 'bluetooth.forget', { address: buds }],
        ['انس Galaxy Buds', 'bluetooth.forget', { address: buds }],
    ] as const)
        it(`is changed by “${text}”`, async () => {
            expect((await wished(text))[0]).toEqual([action, parameters]);
        });

    it('is not what a wish about something else names', async () => {
        expect(await wished('use the force')).toEqual([]);
        expect(await wished('connect to Nowhere')).toEqual([]);
        // A device that was never paired needs the page of the settings.
        computer.state.paired = {};
        expect((await wished('connect my headphones'))[0]?.[0]).toBe('settings.panel');
    });

    it('plays the sound, and undo takes back even that something was chosen', async () => {
        const planned = await plan('sound.device', output('hdmi'));
        expect(planned.title).toBe('Play sound on HDMI / DisplayPort');
        expect(planned.steps[0]?.command).toMatch(
            /pw-metadata 0 default\.configured\.audio\.sink '\{"name":"hdmi"\}' Spa:String:JSON$/,
        );
        expect(planned.undo?.steps[0]?.command).toMatch(/pw-metadata --delete 0 default\.configured\.audio\.sink$/);
        await applied(planned);
        computer.state.chosenOutput = 'buds';
        await applied(await plan('sound.device', output('hdmi')));
        expect(await refusal('sound.device', output('buds'))).toBe('Galaxy Buds is already in use');
        expect(await refusal('sound.device', output('gone'))).toBe('This sound device is not there any more');
        expect(await refusal('sound.device', { direction: 'input', node: 'hdmi' })).toBe(
            'This sound device is not there any more',
        );
        expect(await refusal('sound.device', output('a b'))).toMatch(/^sound\.device: node /);
    });

    it('is a drive that is mounted, unmounted, and ejected with all that is on it', async () => {
        await applied(await plan('drive.mount', { device: 'sdc1' }));
        await applied(await plan('drive.unmount', { device: 'sdb1' }));
        const planned = await plan('drive.eject', { device: 'sdb2' });
        expect(planned.steps.map(({ call }) => call.member)).toEqual(['Unmount', 'Unmount', 'PowerOff']);
        expect(planned.undo).toBeNull();
        await applied(planned);
        expect(Object.keys(computer.state.volumes)).toEqual(['sdc1']);
        expect((await plan('drive.eject', { device: 'sdc1' })).steps.map(({ call }) => call.member)).toEqual(['Eject']);
        expect(await refusal('drive.unmount', { device: 'sdc1' })).toBe('Music is not mounted');
        expect(await refusal('drive.mount', { device: 'sdb1' })).toBe('This drive is not there any more');
        computer.state.volumes = {};
        await expectAsync(wished('eject the usb stick')).toBeRejectedWithError(
            'No drive that can be unplugged is connected',
        );
    });

    it('leaves a program its part of the processors, as long as it runs', async () => {
        const planned = await plan('program.limit', { ...editor, percent: 50 });
        expect(planned.steps[0]?.command).toMatch(
            /systemctl --user set-property --runtime -- app-gnome-org\.example\.Editor-4711\.scope CPUQuota=\d+%$/,
        );
        await applied(planned);
        computer.state.quota = 30;
        await applied(await plan('program.limit', { ...editor, percent: null }));
        computer.state.quota = null;
        expect(await refusal('program.limit', { ...editor, percent: null })).toBe('Editor is not limited');
    });

    it('is a drive that tests itself', async () => {
        const planned = await plan('drive.test', { drive: 'sdb' });
        expect(planned.title).toBe('Have SanDisk Cruzer test itself');
        carryOut(computer, planned.steps);
        expect(await refusal('drive.test', { drive: 'sdb' })).toBe('SanDisk Cruzer is testing itself already');
        carryOut(computer, planned.undo?.steps ?? []);
        expect(computer.state.testing).toEqual([]);
        expect(await refusal('drive.test', { drive: 'sdd' })).toBe('This drive is not there any more');
    });

    it('is a screen that goes back by itself where nobody keeps the change', async () => {
        mock.timers.enable({ apis: ['setTimeout'] });
        try {
            const planned = await plan('display.mode', screen({ scale: 150 }));
            carryOut(computer, planned.steps);
            const checked = verified(planned);
            for (let round = 0; round < 5; round++) await passed(2);
            computer.state.screen.scale = 1;
            expect(await settled(checked)).toEqual({
                gone: false,
                detail: 'The screen went back, as nobody chose to keep the change',
            });
        } finally {
            mock.timers.reset();
        }
    });

    it('is a screen, whose resolution and scale are those that it has', async () => {
        const resolution = await plan('display.mode', screen({ mode: '1920x1080@60.000' }));
        expect(resolution.title).toBe('Set Built-in display to 1920 × 1080 pixels');
        expect(resolution.steps[0]?.command).toMatch(
            /gdctl set --persistent --logical-monitor --primary --scale 1 --transform normal --x 0 --y 0 --monitor eDP-1 --mode 1920x1080@60\.000$/,
        );
        await applied(resolution, later);
        await applied(await plan('display.mode', screen({ scale: 150 })), later);
        computer.state.screen.scale = 2;
        // What is scaled to 200 % does not fit on 600 lines.
        await applied(await plan('display.mode', screen({ mode: '800x600@60.317' })), later);
        expect(await refusal('display.mode', screen({ scale: 160 }))).toBe(
            'Built-in display can be scaled to 100, 125, 150, 175, 200 percent',
        );
        expect(await refusal('display.mode', screen({ scale: 200 }))).toBe('The setting already has this value');
        expect(await refusal('display.mode', { ...screen({ scale: 100 }), connector: 'HDMI-1' })).toBe(
            'This screen is not connected any more',
        );
        await expectAsync(wished('set the resolution to 123x456')).toBeRejectedWithError(
            'Built-in display cannot show 123x456',
        );
    });

    it('is one of two screens, which are arranged as they are named', async () => {
        expect(await refusal('display.arrange', { as: 'mirrored' })).toBe('There is only one screen');
        const own = { x: 2560, y: 0, mode: '1920x1080@60.000', scale: 1, transform: 0 };
        computer.state.second = { first: [0, 0], own, isPrimary: false };
        const left = { as: 'left', connector: 'HDMI-1', of: 'eDP-1' };
        for (const [said, parameters] of [
            ['put the external monitor to the left of the laptop screen', left],
            ['Stelle den externen Bildschirm links neben den eingebauten', left],
            ['ضع الشاشة الخارجية على يسار الشاشة الداخلية', left],
            ['put Dell 27" above the built-in display', { ...left, as: 'above' }],
            ['make the external monitor the primary display', { as: 'primary', connector: 'HDMI-1' }],
            ['Mach den externen Monitor zum Hauptbildschirm', { as: 'primary', connector: 'HDMI-1' }],
            ['اجعل الشاشة الخارجية رئيسية', { as: 'primary', connector: 'HDMI-1' }],
            ['mirror the screens', { as: 'mirrored' }],
            ['Bildschirme spiegeln', { as: 'mirrored' }],
            ['extend the desktop to both screens', { as: 'joined' }],
        ] as const)
            expect((await wished(said))[0])
                .withContext(said)
                .toEqual(['display.arrange', parameters]);

        const planned = await plan('display.arrange', left);
        expect(planned.title).toBe('Put Dell 27" to the left of Built-in display');
        expect(planned.steps[0]?.command).toMatch(
            /--scale 1 --transform normal --x 0 --y 0 --monitor HDMI-1 --mode \S+ --logical-monitor --primary --scale 1 --transform normal --right-of HDMI-1 --monitor eDP-1 --mode \S+$/,
        );
        await applied(planned, later);
        for (const as of ['above', 'below'] as const)
            await applied(await plan('display.arrange', { ...left, as }), later);
        await applied(await plan('display.arrange', { as: 'primary', connector: 'HDMI-1' }), later);
        await applied(await plan('display.arrange', { as: 'mirrored' }), later);
        expect(await refusal('display.arrange', { ...left, as: 'right' })).toBe('The screens are arranged so already');
        expect(await refusal('display.arrange', { as: 'primary', connector: 'DP-7' })).toBe(
            'This screen is not connected any more',
        );
        expect(await refusal('display.mode', screen({ scale: 150 }))).toContain('With several screens');
        carryOut(computer, (await plan('display.arrange', { as: 'mirrored' })).steps);
        await applied(await plan('display.arrange', { as: 'joined' }), later);
    });

    it('is a network, with name servers of one’s own or those that it names', async () => {
        const planned = await plan('network.dns', { uuid: home, servers: ['9.9.9.9', '2620:fe::fe'] });
        expect(planned.title).toBe('Use the name servers 9.9.9.9, 2620:fe::fe on Home');
        expect(planned.steps[0]?.commands?.map(command => command.replace(/^.*\/nmcli /, ''))).toEqual([
            `connection modify uuid ${home} ipv4.dns 9.9.9.9 ipv4.ignore-auto-dns yes ipv6.dns 2620:fe::fe ipv6.ignore-auto-dns yes`,
            'device reapply eth0',
        ]);
        await applied(planned);
        expect(await refusal('network.dns', { uuid: home, servers: [] })).toBe('Home already uses these name servers');
        expect(await refusal('network.dns', { uuid: home, servers: ['9.9.9'] })).toContain('is no address');
        expect((await wished('use quad9 dns'))[0]?.[1]).toEqual(
            jasmine.objectContaining({ servers: ['9.9.9.9', '149.112.112.112', '2620:fe::fe', '2620:fe::9'] }),
        );
    });

    it('is kept out by the firewall', async () => {
        const planned = await plan('firewall.switch', { on: true });
        expect(planned.steps[0]?.command).toMatch(/ufw --force enable$/);
        await applied(planned);
        expect(await refusal('firewall.switch', { on: false })).toBe('This is already off');
        rmSync(join(computer.root, 'etc/ufw/ufw.conf'));
        expect(await refusal('firewall.switch', { on: true })).toBe('No firewall that Reeve knows is installed');
    });

    it('lets a port through the firewall, and undo restores the rules that only root can read', async () => {
        const ssh = { port: 22, protocol: 'tcp', allow: false };
        expect(await refusal('firewall.port', ssh)).toBe('The firewall is off. Turn it on first.');
        computer.write('/etc/ufw/ufw.conf', ufwSettings(true));
        const planned = await plan('firewall.port', ssh);
        expect([planned.title, planned.risk]).toEqual(['Block port 22/tcp (ssh) in the firewall', 'medium']);
        expect(planned.steps[0]?.commands?.filter(command => command.includes('ufw '))).toEqual([
            'systemd-run --wait --pipe /usr/bin/ufw --dry-run prepend deny 22/tcp',
            'systemd-run --wait --pipe /usr/bin/ufw delete allow 22/tcp',
            'systemd-run --wait --pipe /usr/bin/ufw delete deny 22/tcp',
            'systemd-run --wait --pipe /usr/bin/ufw prepend deny 22/tcp',
        ]);
        const before = computer.snapshot();
        carryOut(computer, planned.steps);
        expect(readFileSync(join(computer.root, 'etc/ufw/user.rules'), 'utf8')).toContain('deny tcp 22');
        const { gone, isUnknown } = await new Actions(computer.surroundings).verify(planned);
        expect([gone, isUnknown]).toEqual([false, true]);
        carryOut(computer, planned.undo?.steps ?? []);
        expect(computer.snapshot()).toEqual(before);
        // Rules that somebody has changed meanwhile stay.
        const again = await plan('firewall.port', ssh);
        carryOut(computer, again.steps);
        computer.write('/etc/ufw/user.rules', 'other\n');
        expect(() => {
            carryOut(computer, again.undo?.steps ?? []);
        }).toThrowError(/cmp/);
    });

    it('keeps the rules of a port where ufw fails after all', async () => {
        computer.write('/etc/ufw/ufw.conf', ufwSettings(true));
        const rules = '### RULES ###\n### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n';
        computer.write('/etc/ufw/user.rules', rules);
        const planned = await plan('firewall.port', { port: 22, protocol: 'tcp', allow: false });
        computer.refuses = 'prepend';
        expect(() => {
            carryOut(computer, planned.steps);
        }).toThrowError(/ufw prepend/);
        expect(readFileSync(join(computer.root, 'etc/ufw/user.rules'), 'utf8')).toBe(rules);
    });

    it('lets a port through firewalld, now and for good, as far as it does not yet', async () => {
        let zones = 'public (default)\n  interfaces: eth0\n';
        const commands = async (allow: boolean, yes: string[]) => {
            const unit = () =>
                Promise.resolve({
                    loadState: 'loaded',
                    activeState: 'active',
                    unitFileState: 'enabled',
                } as UnitDetails);
            const run = (_program: string, argv: readonly string[]) => {
                const asked = argv.join(' ');
                if (asked === '--get-default-zone') return Promise.resolve('public\n');
                if (asked === '--get-active-zones') return Promise.resolve(zones);
                return Promise.resolve(yes.includes(asked) ? 'yes\n' : 'no\n');
            };
            const { machine } = computer.surroundings;
            const system = {
                ...computer.surroundings,
                machine: machine === null ? null : { ...machine, run },
                systemd: { unit, isReachable: () => true } as unknown as Surroundings['systemd'],
            };
            const parameters = { port: 8080, protocol: 'tcp', allow };
            const planned = await new Actions(system).plan({ action: 'firewall.port', parameters, explanation: '' });
            const shown = (step?: { command: string }) =>
                step?.command.split(' && ').map(command => command.replace(/^.*firewall-cmd /, '')) ?? [];
            return [shown(planned.steps[0]), shown(planned.undo?.steps[0])];
        };
        rmSync(join(computer.root, 'etc/ufw/ufw.conf'));
        expect(await commands(true, [])).toEqual([
            ['--permanent --add-port=8080/tcp', '--add-port=8080/tcp'],
            ['--remove-port=8080/tcp', '--permanent --remove-port=8080/tcp'],
        ]);
        const rule = 'rich-rule=rule port port="8080" protocol="tcp" reject';
        expect(await commands(true, ['--query-port=8080/tcp', `--query-${rule}`])).toEqual([
            ['--permanent --add-port=8080/tcp', `'--remove-${rule}'`],
            [`'--add-${rule}'`, '--permanent --remove-port=8080/tcp'],
        ]);
        expect(await commands(false, [`--query-${rule}`])).toEqual([
            [`--permanent '--add-${rule}'`],
            [`--permanent '--remove-${rule}'`],
        ]);
        await expectAsync(commands(false, [`--query-${rule}`, `--permanent --query-${rule}`])).toBeRejectedWithError(
            'The firewall already blocks this port',
        );
        zones += 'home\n  interfaces: wlan0\n';
        await expectAsync(commands(true, [])).toBeRejectedWithError(/in the zone home of the firewall/);
    });

    it('has its firewall put back as it was, also for the next start', async () => {
        const commands = async (on: boolean, activeState: string, unitFileState: string) => {
            const unit = () => Promise.resolve({ loadState: 'loaded', activeState, unitFileState } as UnitDetails);
            const { surroundings } = computer;
            const system = {
                ...surroundings,
                systemd: { unit, isReachable: () => true } as unknown as Surroundings['systemd'],
            };
            const planned = await new Actions(system).plan({
                action: 'firewall.switch',
                parameters: { on },
                explanation: '',
            });
            const { steps, undo } = planned;
            return [steps[0]?.command, undo?.steps[0]?.command].map(command => /systemctl .*/.exec(command ?? '')?.[0]);
        };
        rmSync(join(computer.root, 'etc/ufw/ufw.conf'));
        expect(await commands(false, 'active', 'enabled')).toEqual([
            'systemctl disable --now -- firewalld.service',
            'systemctl enable --now -- firewalld.service',
        ]);
        // It ran, but nobody had enabled it.
        expect((await commands(false, 'active', 'disabled'))[1]).toBe('systemctl start -- firewalld.service');
        expect((await commands(true, 'inactive', 'enabled'))[1]).toBe('systemctl stop -- firewalld.service');
    });

    it('by Bluetooth is connected and disconnected', async () => {
        await applied(await plan('bluetooth.connect', { address: buds }));
        const off = await plan('bluetooth.disconnect', { address: mouse });
        // Who works with it may have no other one.
        expect(off.risk).toBe('medium');
        await applied(off);
        expect(await refusal('bluetooth.connect', { address: mouse })).toBe('MX Master is already connected');
        expect(await refusal('bluetooth.disconnect', { address: buds })).toBe('Galaxy Buds is not connected');
    });

    it('by Bluetooth is forgotten for good, and the plan says so', async () => {
        const planned = await plan('bluetooth.forget', { address: buds });
        expect([planned.undo, planned.risk]).toEqual([null, 'medium']);
        await applied(planned);
        expect(await refusal('bluetooth.forget', { address: buds })).toBe(
            'This Bluetooth device is not paired any more',
        );
    });
});
