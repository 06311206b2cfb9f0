// Wishes for programs, applications, power, and the pages of the settings.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

import { applicationOpen } from '../../../service/actions/applications/applicationOpen.ts';
import { powerProfile } from '../../../service/actions/hardware/powerProfile.ts';
import { sessionEnd } from '../../../service/actions/session/sessionEnd.ts';
import { settingsPanel } from '../../../service/actions/settings/settingsPanel.ts';
import { panelNames, type PanelName } from '../../../service/actions/settings/panels.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';

const uid = process.getuid?.() ?? 0;
const app = (unit: string) => `/sys/fs/cgroup/user.slice/user-${uid}.slice/user@${uid}.service/app.slice/${unit}`;
const stat = (pid: number, name: string, started: number) => `${pid} (${name}) S 1 ${'0 '.repeat(17)}${started} 0`;

describe('Among more wishes, one', () => {
    let root: string;
    let programs: Disposable;
    let objects: Record<string, Record<string, unknown>>;
    let output: string;
    let units: string[];
    const bus = {
        nameOwner: () => Promise.resolve(':1.5'),
        call: ({
            path,
            member,
            interface: called,
            arguments: [asked] = [],
        }: {
            path: string;
            member: string;
            interface: string;
            arguments?: unknown[];
        }) =>
            Promise.resolve([
                member === 'GetAll' ? (objects[path]?.[String(asked)] ?? {}) : objects[path]?.[`${called}.${member}`],
            ]),
    };
    const system = () =>
        ({
            machine: { root, system: bus, session: bus, run: () => Promise.resolve(output) },
            systemd: {
                list: () => Promise.resolve(units.map(name => ({ name }))),
                listFiles: () => Promise.resolve([]),
                unit: () => Promise.resolve(null),
                isReachable: () => true,
            },
            signal: new AbortController().signal,
        }) as unknown as Surroundings & { signal: AbortSignal };
    const write = (path: string, text: string) => {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
    };
    const entry = (id: string, lines: Readonly<Record<string, string>>) => {
        const given = Object.entries({ Type: 'Application', ...lines }).map(([key, value]) => `${key}=${value}`);
        write(`/usr/share/applications/${id}.desktop`, `[Desktop Entry]\n${given.join('\n')}\n`);
    };
    const wished = async (text: string) => {
        const ways = (await readWish(text, system())?.ways()) ?? [];
        return ways.map(({ action, parameters }) => [action, parameters]);
    };
    const refusal = async (planned: unknown) =>
        await Promise.resolve(planned).then(
            () => '',
            (error: unknown) => (error as Error).message,
        );

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-wishes-'));
        programs = pretendPrograms(['gio']);
        objects = {};
        output = '';
        units = [];
        write(app('app-gnome-org.mozilla.firefox-4711.scope/cgroup.procs'), '4711\n4712\n');
        write('/sys/fs/cgroup/cgroup.controllers', 'cpu memory');
        write('/proc/4711/stat', stat(4711, 'firefox', 900));
        write('/proc/815/stat', stat(815, 'sleep', 800));
        entry('org.mozilla.firefox', {
            Name: 'Firefox Web Browser',
            'Name[de]': 'Firefox-Webbrowser',
            Exec: '/usr/bin/firefox %u',
        });
        entry('org.gnome.Nautilus', { Name: 'Files', Exec: 'nautilus --new-window %U' });
        entry('hidden', { Name: 'Hidden', Exec: 'hidden', NoDisplay: 'true' });
        entry('-x', { Name: 'Evil', Exec: 'evil' });
    });
    afterEach(() => {
        programs[Symbol.dispose]();
        rmSync(root, { recursive: true });
    });

    for (const text of [
        'close Firefox',
        'Quit the app firefox',
        'beende Firefox',
        'Schließe Firefox',
        'stop firefox',
        'kill process 4711',
        'أغلق firefox',
    ])
        it(`ends a program as “${text}”`, async () => {
            expect(await wished(text)).toEqual([['program.end', { pid: 4711, started: 900 }]]);
        });

    it('ends a program by the port that it uses', async () => {
        output = `tcp LISTEN 0 5 0.0.0.0:8080 0.0.0.0:* users:(("python3",pid=815,fd=3)) cgroup:/user.slice/user-${uid}.slice/user@${uid}.service/app.slice/vte-spawn-1.scope\n`;
        const meant = [['program.end', { pid: 815, started: 800 }]];
        expect(await wished('end the program that uses port 8080')).toEqual(meant);
        expect(await wished('kill whatever uses port 8080')).toEqual(meant);
        expect(await wished('Beende das Programm auf Port 8080')).toEqual(meant);
        output = '';
        await expectAsync(wished('kill the process on port 8080')).toBeRejectedWithError(
            'I found no one program that uses port 8080',
        );
    });

    it('names programs that are there, and kills at once only when asked so', async () => {
        expect(await wished('force quit firefox')).toEqual([['program.kill', { pid: 4711, started: 900 }]]);
        expect(await wished('kill sleep')).toEqual([['program.end', { pid: 815, started: 800 }]]);
        expect(await wished('close something')).toEqual([]);
        // Started by D-Bus, it is in no unit of its own; its name is cut.
        entry('org.gnome.TextEditor', { Name: 'Text Editor', Exec: 'gnome-text-editor %U' });
        write('/proc/816/stat', stat(816, 'gnome-text-edit', 850));
        expect(await wished('close text editor')).toEqual([['program.end', { pid: 816, started: 850 }]]);
        // What runs many applications is none of them.
        entry('org.example.Wrapped', { Name: 'Wrapped', Exec: '/usr/bin/flatpak run org.example.Wrapped' });
        write('/proc/817/stat', stat(817, 'flatpak', 860));
        await expectAsync(wished('close wrapped')).toBeRejectedWithError('Wrapped is not running');
        await expectAsync(wished('close files')).toBeRejectedWithError('Files is not running');
        await expectAsync(wished('kill process 77')).toBeRejectedWithError('There is no process 77');
    });

    for (const text of ['open Files', 'launch the app files', 'start nautilus', 'Öffne Files', 'افتح files'])
        it(`opens an application as “${text}”`, async () => {
            expect(await wished(text)).toEqual([['application.open', { id: 'org.gnome.Nautilus' }]]);
        });

    it('opens what the menu of applications shows, in a unit of its own', async () => {
        expect(await wished('open hidden')).toEqual([]);
        expect(await wished('open evil')).toEqual([]);
        expect(await refusal(applicationOpen.plan({ id: 'hidden' }, system()))).toBe('There is no application hidden');
        units = ['app-reeve-org.gnome.Nautilus@1.service'];
        const { steps, title } = await applicationOpen.plan({ id: 'org.gnome.Nautilus' }, system());
        expect(title).toBe('Open Files');
        expect<unknown>(steps[0]?.call.arguments[0]).toBe('app-reeve-org.gnome.Nautilus@2.service');
        for (const id of ['../x', '-x', 'a b', 'a/b'])
            expect(applicationOpen.parameters.safeParse({ id }).success).toBeFalse();
    });

    it('has D-Bus open what it starts', async () => {
        entry('org.example.Text-Pad', { Name: 'Text Pad', Exec: 'text-pad', DBusActivatable: 'true' });
        const { steps } = await applicationOpen.plan({ id: 'org.example.Text-Pad' }, system());
        expect(steps.map(({ command, call }) => [command, call.destination, call.path, call.member])).toEqual([
            ['gapplication launch org.example.Text-Pad', 'org.example.Text-Pad', '/org/example/Text_Pad', 'Activate'],
        ]);
        // No such name can be on a bus.
        entry('pad', { Name: 'Pad', Exec: 'pad', DBusActivatable: 'true' });
        const { steps: others } = await applicationOpen.plan({ id: 'pad' }, system());
        expect(others.map(({ call }) => call.member)).toEqual(['StartTransientUnit']);
    });

    describe('for a power mode', () => {
        const path = '/org/freedesktop/UPower/PowerProfiles';
        const name = 'org.freedesktop.UPower.PowerProfiles';
        beforeEach(() => {
            objects[path] = {
                [name]: { ActiveProfile: 'balanced', Profiles: [{ Profile: 'power-saver' }, { Profile: 'balanced' }] },
            };
        });
        for (const [text, profile] of [
            ['turn on power saver mode', 'power-saver'],
            ['save battery', 'power-saver'],
            ['Energiesparmodus einschalten', 'power-saver'],
            ['turn off battery saver', 'balanced'],
            ['performance mode on', 'performance'],
            ['شغل وضع توفير الطاقة', 'power-saver'],
        ] as const)
            it(`can be “${text}”`, async () => {
                expect(await wished(text)).toEqual([['power.profile', { profile }]]);
            });
        it('is planned when the computer has that mode', async () => {
            const { undo, steps } = await powerProfile.plan({ profile: 'power-saver' }, system());
            expect(steps[0]?.command).toBe('powerprofilesctl set power-saver');
            expect(undo?.steps[0]?.command).toBe('powerprofilesctl set balanced');
            expect(await refusal(powerProfile.plan({ profile: 'balanced' }, system()))).toBe(
                'The power mode is already “Balanced”',
            );
            expect(await refusal(powerProfile.plan({ profile: 'performance' }, system()))).toBe(
                'This computer has no power mode “Performance”',
            );
            expect(await powerProfile.verify?.({ profile: 'balanced' }, system())).toEqual({ gone: true, detail: '' });
        });
    });

    it('for the end of the session waits for others, unless one says so', async () => {
        const login = 'org.freedesktop.login1';
        const manager = `${login}.Manager`;
        const session = (user: string) => ({
            [`${login}.Session`]: {
                Name: user,
                Class: 'user',
                Type: 'wayland',
                State: 'active',
                Remote: false,
                RemoteHost: '',
                Timestamp: 1,
            },
        });
        objects['/session/1'] = session(userInfo().username);
        objects['/session/2'] = session('bob');
        const sessions = (...paths: string[]) => paths.map(path => [path, 1, '', '', path]);
        const at = (locks: unknown[], ...paths: string[]) => {
            objects['/org/freedesktop/login1'] = {
                [`${manager}.ListSessions`]: sessions(...paths),
                [`${manager}.ListInhibitors`]: locks,
            };
        };
        at([], '/session/1');
        expect((await sessionEnd.plan({ kind: 'restart' }, system())).title).toBe('Restart the computer');
        at([], '/session/1', '/session/2');
        expect(await refusal(sessionEnd.plan({ kind: 'shutdown' }, system()))).toMatch(/^bob is also logged in/);
        expect((await sessionEnd.plan({ kind: 'shutdown', anyway: true }, system())).riskText).toMatch(
            /^Others who are logged in/,
        );
        const lock = (what: string, mode: string) => [what, 'apt', 'Packages are being installed', mode, 0, 9];
        at([lock('shutdown:sleep', 'block')], '/session/1');
        for (const kind of ['restart', 'suspend'] as const)
            expect(await refusal(sessionEnd.plan({ kind }, system()))).toMatch(
                /^apt asks to wait: Packages are being installed/,
            );
        at([lock('shutdown', 'delay'), lock('handle-lid-switch', 'block')], '/session/1');
        expect(await refusal(sessionEnd.plan({ kind: 'restart' }, system()))).toBe('');
        expect(await wished('restart the computer anyway')).toEqual([
            ['session.end', { kind: 'restart', anyway: true }],
        ]);
        expect(await wished('Rechner neu starten trotzdem')).toEqual([
            ['session.end', { kind: 'restart', anyway: true }],
        ]);
    });

    for (const [text, panel] of [
        ['add a printer', 'printers'],
        ['Drucker hinzufügen', 'printers'],
        ['أضف طابعة', 'printers'],
        ['change my password', 'users'],
        ['Passwort ändern', 'users'],
        ['غير كلمة المرور', 'users'],
        ['connect my phone', 'bluetooth'],
        ['pair my headphones', 'bluetooth'],
        ['Kopfhörer koppeln', 'bluetooth'],
        ['add a VPN', 'network'],
        ['VPN einrichten', 'network'],
        ['connect to wifi', 'wifi'],
        ['mit WLAN verbinden', 'wifi'],
        ['change the resolution', 'display'],
        ['Auflösung ändern', 'display'],
        ['open sound settings', 'sound'],
        ['add my google account', 'online-accounts'],
        ['change the keyboard layout', 'keyboard'],
        ['change the language', 'region'],
        ['Sprache ändern', 'region'],
        ['set the default browser', 'applications'],
        ['change the wallpaper', 'background'],
        ['غير الخلفية', 'background'],
        ['share files on the network', 'sharing'],
        ['battery settings', 'power'],
    ] as const)
        it(`that only a person can carry out, “${text}”, opens the page for it`, async () => {
            expect(await wished(text)).toEqual([['settings.panel', { panel }]]);
        });

    it('opens only the pages that the settings have', async () => {
        const page = (panel: PanelName) => settingsPanel.plan({ panel }, system());
        expect(await refusal(page('users'))).toBe('The settings of this desktop have no such page');
        write('/usr/share/applications/gnome-users-panel.desktop', '[Desktop Entry]\nName=Users\nName[de]=Benutzer\n');
        const { title, steps, undo } = await page('users');
        expect([title, steps[0]?.command, undo]).toEqual([
            'Open the settings: Users',
            'gnome-control-center system users',
            null,
        ]);
        const target: unknown[] = [
            'launch-panel',
            [{ signature: '(sav)', value: ['system', [{ signature: 's', value: 'users' }]] }],
            [],
        ];
        expect<unknown>(steps[0]?.call.arguments).toEqual(target);
        expect(panelNames.length).toBe(14);
    });
});
