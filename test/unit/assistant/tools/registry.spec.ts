import { describeTools, runTool } from '../../../../service/assistant/tools/registry.ts';
import { entry, incident, proposal } from '../asking.ts';
import { busOf, recordedMachine } from '../../../support/recordedMachine.ts';
import type { Replies } from '../../../support/recordedMachine.ts';
import { now, toolContext } from './context.ts';

/** Arguments for the tools that cannot do without. */
const needed: Record<string, object> = {
    unit_details: { unit: 'ssh' },
    package_info: { name: 'bash' },
    package_owner: { path: '/usr/bin/ls' },
    settings: { schema: 'org.gnome.desktop.interface' },
    find_files: { name: 'os-release', folder: '/etc' },
    read_file: { path: '/etc/os-release' },
    file_info: { path: '/etc' },
    folder_sizes: { path: '/etc' },
    manual: { page: 'ls' },
    documentation: { words: 'list files' },
    nixos_options: { words: 'firewall' },
    nixos_packages: { word: 'blender' },
};

const onBus = (replies: Replies) => ({ ...recordedMachine(), system: busOf(replies), session: busOf(replies) });
const printing = (outputs: Record<string, string>) => ({
    ...recordedMachine(),
    run: (program: string) => Promise.resolve(outputs[program] ?? null),
});

/** The words of a JSON schema, those of its properties too. */
function wordsOf(schema: object): string[] {
    return Object.entries(schema).flatMap(([word, value]: [string, unknown]) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return [word];
        return word === 'properties' ? Object.values(value).flatMap(wordsOf) : [word, ...wordsOf(value)];
    });
}

describe('The tools', () => {
    const tools = describeTools();

    it('are described in one short line each, under names of their own', () => {
        expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
        expect(tools.length).toBeGreaterThan(40);
        for (const { name, description } of tools) {
            expect(name).toMatch(/^[a-z][a-z_]{2,31}$/);
            expect(description)
                .withContext(name)
                .toMatch(/^\w[^\n]{10,130}\.$/);
        }
    });

    it('have arguments that a grammar can be made of', () => {
        const understood =
            /^(?:type|properties|required|additionalProperties|items|enum|const|anyOf|description|(?:min|max)Length)$/;
        for (const { name, parameters } of tools) {
            expect(JSON.stringify(parameters.type)).withContext(name).toBe('"object"');
            for (const word of wordsOf(parameters)) expect(word).withContext(name).toMatch(understood);
        }
    });

    for (const { name } of describeTools()) {
        it(`${name} answers on a recorded desktop, or says what is not there`, async () => {
            const { text, failed, touched } = await runTool(name, needed[name] ?? {}, toolContext());

            expect(text).not.toBe('');
            expect(text.length).toBeLessThan(4000);
            if (failed) expect(text).toMatch(/^Not available: /);
            else if (!/^(?:incidents|timeline|crashes|journal|unit_details)$/.test(name))
                expect(touched).not.toEqual([]);
        });

        it(`${name} ends when it is told to, though nothing that it asks ever answers`, async () => {
            const asked = Promise.withResolvers<string>();
            const hang = () => {
                asked.resolve('asked');
                return new Promise<never>(() => undefined);
            };
            const bus = { call: hang, nameOwner: hang };
            const controller = new AbortController();
            const result = runTool(
                name,
                needed[name] ?? {},
                toolContext({
                    machine: { ...recordedMachine(), run: hang, system: bus, session: bus },
                    journal: { query: hang, access: () => Promise.resolve('system') },
                    systemd: { isReachable: () => true, list: hang, listFiles: hang, unit: hang },
                    signal: controller.signal,
                }),
            );

            // Some need nothing but files, and are done at once.
            if ((await Promise.race([asked.promise, result])) !== 'asked') return;
            controller.abort(new Error('enough'));
            await expectAsync(result).toBeRejectedWithError('enough');
        });
    }
});

describe('A tool that is run', () => {
    it('says what it looked at, each thing once', async () => {
        const { touched } = await runTool('memory', {}, toolContext());

        expect(touched).toContain({ kind: 'file', what: '/proc/meminfo' });
        expect(touched).toContain({ kind: 'file', what: '/proc/*/status' });
        expect(touched.filter(({ what }) => what === '/proc/*/status').length).toBe(1);
        expect((await runTool('power', {}, toolContext())).touched).toContain({
            kind: 'bus',
            what: 'org.freedesktop.UPower /org/freedesktop/UPower: GetAll',
        });
        expect((await runTool('network_links', {}, toolContext())).touched).toEqual([
            { kind: 'command', what: 'ip -json address' },
        ]);
    });

    it('takes no other arguments than its own, and says which are wrong', async () => {
        const wrong = async (name: string, values: unknown) => (await runTool(name, values, toolContext())).text;

        expect(await wrong('journal', { minutes: 'many' })).toMatch(/^Invalid arguments: minutes: /);
        expect(await wrong('journal', { level: 'loud' })).toMatch(/^Invalid arguments: level: /);
        expect(await wrong('unit_details', {})).toMatch(/^Invalid arguments: unit: /);
        expect(await wrong('package_info', { name: '--root=/' })).toContain('is not the name of a package');
        expect(await wrong('manual', { page: '-H' })).toContain('is not the name of a manual page');
        expect(await wrong('settings', { schema: 'a b', key: '--x' })).toContain('is not the name of a');
        expect(await wrong('package_owner', { path: '/etc/*' })).toContain('must be an absolute path');
        expect(await wrong('memory', null)).toContain('Memory: ');
        expect(await wrong('shell', { command: 'id' })).toBe('There is no tool “shell”.');
    });

    it('takes an amount out of range for the nearest in range, since no grammar can bind it', async () => {
        const run = async (hours: number) => (await runTool('timeline', { hours }, toolContext())).text;

        expect(await run(-3)).toMatch(/^Last 1 hours/);
        expect(await run(1e15)).toMatch(/^Last 8760 hours/);
    });

    it('gives no secrets away', async () => {
        const journalled = [entry({ message: 'connecting with password=hunter2' })];
        const journal = {
            query: () => Promise.resolve(journalled),
            access: () => Promise.resolve('system' as const),
        };

        const { text, evidence } = await runTool('journal', {}, toolContext({ journal }));

        expect(text).toContain('password=[redacted]');
        expect(JSON.stringify(evidence)).not.toContain('hunter2');
    });

    it('is ended when what it asks hangs, and a defect of ours is not hidden', async () => {
        const incidents = {
            list: () => {
                throw new TypeError('a defect');
            },
        };

        await expectAsync(runTool('incidents', {}, toolContext({ incidents }))).toBeRejectedWithError('a defect');
    });

    it('says how much it left out', async () => {
        const happened = Array.from({ length: 60 }, (_value, id) => {
            return {
                id,
                time: now,
                kind: 'unit' as const,
                subject: 'x'.repeat(200),
                summary: 'y'.repeat(200),
                detail: '',
                event: '',
                source: '',
                facts: {},
            };
        });

        const { text } = await runTool('timeline', {}, toolContext({ timeline: { query: () => happened } }));

        expect(text.length).toBeLessThan(4000);
        expect(text).toMatch(/- and \d+ more$/);
    });
});

describe('journal', () => {
    it('tells lines that say the same once, and asks for what it was told to', async () => {
        const asked: unknown[] = [];
        const journalled = [3, 2, 1].map(n => entry({ message: `retry ${n}`, time: now - n * 1_000_000 }));
        const journal = {
            query: (query: object) => {
                asked.push(query);
                return Promise.resolve([...journalled]);
            },
            access: () => Promise.resolve('system' as const),
        };
        const values = { unit: 'ssh', level: 'error', text: 'a.b*', minutes: 5 };

        const { text } = await runTool('journal', values, toolContext({ journal }));

        expect(asked[0]).toEqual(
            jasmine.objectContaining({
                unit: 'ssh.service',
                grep: 'a\\.b\\*',
                matches: ['PRIORITY=0', 'PRIORITY=1', 'PRIORITY=2', 'PRIORITY=3'],
                since: now - 300_000_000,
            }),
        );
        expect(text).toContain('retry {1…3}');
        expect(text).toContain('3 times, last ');
    });
});

describe('incidents', () => {
    it('lists the open ones, and tells all about one', async () => {
        const context = toolContext({ incidents: { list: () => [incident] }, proposals: { list: () => [proposal] } });

        expect((await runTool('incidents', {}, context)).text).toContain('7: sample-web.service failed (open)');
        const { text, evidence } = await runTool('incidents', { id: 7 }, context);
        expect(text).toContain('Cause by Reeve’s rules: Its program ended with exit status 3.');
        expect(text).toContain('Restart sample-web.service (offered, risk low)');
        expect(evidence).toEqual(incident.evidence);
        expect(text).not.toContain('What only the user can do');
        const steps = [{ text: 'Plug in sdb again.', isSeen: true, panel: null }];
        const guided = await runTool('incidents', { id: 7 }, { ...context, guides: { steps: () => steps } });
        expect(guided.text).toContain('What only the user can do:\n- Plug in sdb again. (seen)');
        expect((await runTool('incidents', { id: 8 }, context)).text).toBe('Not available: there is no incident 8');
    });
});

describe('What services of the system say', () => {
    it('bluetooth', async () => {
        const machine = onBus({
            'org.bluez / GetManagedObjects': [
                {
                    '/org/bluez/hci0': { 'org.bluez.Adapter1': { Alias: 'desk', Powered: true } },
                    '/org/bluez/hci0/dev_1': {
                        'org.bluez.Device1': { Alias: 'Headset', Icon: 'audio-headset', Paired: true, Connected: true },
                        'org.bluez.Battery1': { Percentage: 40 },
                    },
                },
            ],
        });

        expect((await runTool('bluetooth', {}, toolContext({ machine }))).text).toBe(
            'Adapters:\n- desk: switched on\nDevices:\n- Headset (audio-headset): paired, connected, battery 40 %',
        );
    });

    it('drives', async () => {
        const drive = (model: string) => ({ Vendor: '', Model: model, Size: 1e12, RotationRate: 0 });
        const machine = onBus({
            'org.freedesktop.UDisks2 /org/freedesktop/UDisks2 GetManagedObjects': [
                {
                    '/d/a': {
                        'org.freedesktop.UDisks2.Drive': { ...drive('Old disk'), RotationRate: 7200 },
                        'org.freedesktop.UDisks2.Drive.Ata': {
                            SmartSupported: true,
                            SmartEnabled: true,
                            SmartUpdated: now / 1e6 - 60,
                            SmartFailing: true,
                            SmartTemperature: 313.15,
                            SmartPowerOnSeconds: 7200,
                            SmartNumBadSectors: 12,
                            SmartNumAttributesFailing: 1,
                        },
                    },
                    '/d/n': {
                        'org.freedesktop.UDisks2.Drive': drive('Fast disk'),
                        'org.freedesktop.UDisks2.NVMe.Controller': {
                            SmartUpdated: 1,
                            SmartCriticalWarning: ['spare'],
                            SmartPowerOnHours: 10,
                            SmartTemperature: 310,
                        },
                    },
                    '/d/v': { 'org.freedesktop.UDisks2.Drive': drive('Virtual disk') },
                    '/b/1': { 'org.freedesktop.UDisks2.Block': {} },
                },
            ],
        });

        const { text } = await runTool('drives', {}, toolContext({ machine }));

        expect(text).toContain('Old disk, hard disk, 1.0 TB: FAILING: it predicts its own failure, 12 bad sectors');
        expect(text).toContain('40 °C, on for 2 h in all, read 2026-11-21 11:59:00 (1 min ago)');
        expect(text).toContain('Fast disk, solid state or virtual, 1.0 TB: WARNING: spare, 37 °C, on for 10 h in all');
        expect(text).toContain('Virtual disk, solid state or virtual, 1.0 TB: health is not known to UDisks');
        expect(text.match(/^- /gm)?.length).toBe(3);
    });

    it('displays', async () => {
        const id = ['eDP-1', 'LGD', '0x1', 's'];
        const machine = onBus({
            'org.gnome.Mutter.DisplayConfig /org/gnome/Mutter/DisplayConfig GetCurrentState': [
                1,
                [
                    [id, [['1920x1080@60', 1920, 1080, 60, 1, [1, 2], { 'is-current': true }]], {}],
                    [['DP-1', 'DEL', 'U27', 't'], [['3840x2160@60', 3840, 2160, 60, 2, [1, 2], {}]], {}],
                ],
                [[0, 0, 1.25, 0, true, [id], {}]],
                {},
            ],
        });

        expect((await runTool('displays', {}, toolContext({ machine }))).text).toBe(
            'Monitors:\n- eDP-1: LGD 0x1, 1920×1080 at 60.0 Hz, scale 1.25, primary, 1 modes\n' +
                '- DP-1: DEL U27, switched off, 1 modes',
        );
    });

    it('wifi', async () => {
        const nm = 'org.freedesktop.NetworkManager';
        const point = (ssid: string, strength: number) => ({
            Ssid: new Uint8Array(Buffer.from(ssid)),
            Strength: strength,
            Frequency: 2412,
        });
        const machine = onBus({
            [`${nm} /org/freedesktop/NetworkManager`]: { Devices: ['/w'], WirelessEnabled: true },
            [`${nm} /w`]: { ActiveAccessPoint: '/a', AccessPoints: ['/a', '/b'], Bitrate: 54_000 },
            [`${nm} /a`]: point('home', 40),
            [`${nm} /b`]: point('\u202eevil', 90),
        });

        expect((await runTool('wifi', {}, toolContext({ machine }))).text).toContain(
            '- home: signal 40 %, 2412 MHz, CONNECTED at 54 Mbit/s\n- evil: signal 90 %, 2412 MHz',
        );
    });

    it('firmware', async () => {
        const devices = [{ Name: 'System Firmware', Vendor: 'Acme', Version: '1.2', Flags: 3 }];
        const machine = onBus({ 'org.freedesktop.fwupd / GetDevices': [devices] });

        expect((await runTool('firmware', {}, toolContext({ machine }))).text).toBe(
            'Devices:\n- Acme System Firmware: firmware 1.2, can be updated',
        );
    });
});

describe('What programs print', () => {
    const text = async (name: string, values: object, outputs: Record<string, string>) =>
        (await runTool(name, values, toolContext({ machine: printing(outputs) }))).text;

    it('audio', async () => {
        const dump = [
            { type: 'Metadata', metadata: [{ key: 'default.audio.sink', value: { name: 'alsa.out' } }] },
            {
                type: 'Node',
                info: {
                    state: 'running',
                    props: { 'media.class': 'Audio/Sink', 'node.name': 'alsa.out', 'node.description': 'Speakers' },
                    params: { Props: [{ mute: true, channelVolumes: [0.125, 0.064] }] },
                },
            },
            { type: 'Node', info: { props: { 'media.class': 'Video/Source' } } },
        ];

        expect(await text('audio', {}, { 'pw-dump': JSON.stringify(dump) })).toBe(
            'Sound:\n- output Speakers, default, volume 50 %, MUTED, running',
        );
        expect(await text('audio', {}, { 'pw-dump': 'Host is down' })).toMatch(/^Not available: .*pw-dump/);
    });

    it('network_ports', async () => {
        const ss =
            'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=812,fd=3))\nudp UNCONN 0 0 127.0.0.1:323 0.0.0.0:*\n';

        expect(await text('network_ports', {}, { ss })).toBe(
            'Listening:\n- tcp 0.0.0.0:22: sshd (pid 812)\n- udp 127.0.0.1:323: a program of another user',
        );
        expect(await text('network_ports', { port: 80 }, { ss })).toBe('Listening: none');
    });

    it('package_updates', async () => {
        const apt = 'bash/stable 5.3 amd64 [upgradable from: 5.2]\n';

        expect(await text('package_updates', {}, { apt })).toContain('- bash 5.2 -> 5.3');
        expect(await text('package_updates', {}, { pacman: 'linux 6.8-1 -> 6.9-1\n' })).toContain(
            'linux 6.8-1 -> 6.9-1',
        );
        expect(await text('package_updates', {}, {})).toMatch(/^Not available/);
    });

    it('package_info and package_owner', async () => {
        expect(await text('package_info', { name: 'x' }, { rpm: 'package x is not installed\n' })).toBe(
            'x is not installed (rpm does not know it).',
        );
        expect(await text('package_owner', { path: '/usr/bin/ls' }, { 'dpkg-query': 'coreutils: /bin/ls\n' })).toBe(
            '/usr/bin/ls belongs to: coreutils: /bin/ls',
        );
        expect(await text('package_owner', { path: '/opt/x' }, { pacman: '' })).toContain('No package has /opt/x');
    });

    it('devices', async () => {
        const lspci =
            'Slot:\t00:1f.3\nClass:\tAudio device\nVendor:\tAcme\nDevice:\tSound\nModule:\tsnd_a\nModule:\tsnd_b\n\n' +
            'Slot:\t00:02.0\nClass:\tVGA\nVendor:\tAcme\nDevice:\tGraphics\nDriver:\ti915\n';

        expect(await text('devices', { without_driver: true }, { lspci })).toContain(
            '- Audio device: Acme Sound: NO DRIVER (modules snd_a, snd_b)',
        );
        expect(await text('devices', { name: 'graphics' }, { lspci })).toContain('- VGA: Acme Graphics: i915');
    });

    it('timers, flatpaks, settings', async () => {
        const systemctl = JSON.stringify([{ next: now + 60e6, last: 0, unit: 'a.timer', activates: 'a.service' }]);

        expect(await text('timers', {}, { systemctl })).toContain(
            '- a.timer starts a.service: last never, next 2026-11-21 12:01:00 (in 1 min)',
        );
        expect(await text('flatpaks', {}, { flatpak: 'Maps\torg.gnome.Maps\t48\tstable\tflathub\tuser\n' })).toContain(
            '- Maps (org.gnome.Maps) 48 from flathub, user',
        );
        const gsettings = 'org.gnome.desktop.interface\n';
        expect(await text('settings', { schema: 'org.gnome.nothing' }, { gsettings })).toMatch(/^Not available/);
    });
});
