// Wishes and their plans on a made-up computer.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { Actions } from '../../../service/actions/actions.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { carryOut } from '../../support/security/changes.ts';
import type { Computer } from '../../support/security/computer.ts';
import { type State } from '../../support/security/computer.ts';
import { anyState, setModes } from '../../support/security/generate.ts';
import { onEachComputer, wishingOn } from '../../support/security/wishing.ts';

const [somewhere] = fc.sample(anyState, { seed: 14, numRuns: 1 });
if (somewhere === undefined) throw new TypeError('no computer');

const state: State = {
    ...somewhere,
    clock: { Timezone: 'Europe/Berlin', LocalRTC: false, CanNTP: true, NTP: true, NTPSynchronized: true },
    extensions: { 'dock@example.org': { name: 'Dock', enabled: true } },
    packages: { 'bench-tool': '1.0', hexer: '2.0', libneeded: '1.0' },
    sources: { 'bench-tool': ['1.1', '1.0'], hexer: ['2.0', '1.0'], libneeded: ['1.0'] },
    needs: {},
    unpacked: [],
    names: { StaticHostname: 'desk', PrettyHostname: '' },
    locale: ['LANG=en_US.UTF-8', 'LC_TIME=en_GB.UTF-8'],
    scheduled: ['', 0],
    hosts: '127.0.0.1 localhost desk.example.org\n0.0.0.0 blocked.example www.blocked.example\n',
    flatpaks: [
        { id: 'org.example.Draw', name: 'Draw', installation: 'user', isOld: true },
        { id: 'org.example.Hex', name: 'Hex', installation: 'system', isOld: false },
    ],
    autostart: { own: null, shared: null },
    application: 'Scribble',
    outputs: { 'alsa_output.analog': 'Built-in Audio Analog Stereo', hdmi: 'HDMI / DisplayPort', buds: 'Galaxy Buds' },
    chosenOutput: null,
    paired: {
        'AA:BB:CC:DD:EE:FF': { name: 'Galaxy Buds', icon: 'audio-headphones', isConnected: false },
        '00:11:22:33:44:55': { name: 'MX Master', icon: 'input-mouse', isConnected: true },
    },
    trash: ['old.txt'],
    files: {
        'script.sh': { text: '#!/bin/sh\n', mode: 0o644 },
        'sea.png': { text: 'png', mode: 0o644 },
    },
    settings: {
        ...somewhere.settings,
        'org.gnome.desktop.input-sources sources': "[('xkb', 'us')]",
        'org.gnome.desktop.background picture-uri': "''",
    },
};

describe('On a computer, a wish', () => {
    let computer: Computer;
    const { wished, plan, refusal } = wishingOn(() => computer);
    /** Whether an applied plan has reached its goal. */
    const applied = async (planned: Plan) => {
        const actions = new Actions(computer.surroundings);
        expect((await actions.verify(planned)).gone)
            .withContext('before')
            .toBeFalse();
        carryOut(computer, planned.steps);
        expect((await actions.verify(planned)).gone)
            .withContext('after')
            .toBeTrue();
    };

    onEachComputer(
        state,
        ['apt-get', 'apt-mark', 'dpkg', 'flatpak', 'gio', 'gsettings'],
        started => {
            computer = started;
        },
        { isHome: true },
    );

    const dock = { uuid: 'dock@example.org' };
    for (const [text, action, parameters] of [
        ['update bench-tool', 'packages.upgrade', { name: 'bench-tool' }],
        ['install the latest version of bench-tool', 'packages.upgrade', { name: 'bench-tool' }],
        ['bench-tool aktualisieren', 'packages.upgrade', { name: 'bench-tool' }],
        ['حدث الحزمة bench-tool', 'packages.upgrade', { name: 'bench-tool' }],
        // As `reeve update` says it, in each language.
        ['update the package bench-tool', 'packages.upgrade', { name: 'bench-tool' }],
        ['aktualisiere Paket bench-tool', 'packages.upgrade', { name: 'bench-tool' }],
        ['حدث حزمة bench-tool', 'packages.upgrade', { name: 'bench-tool' }],
        ['update everything', 'packages.upgradeAll', {}],
        ['install all updates', 'packages.upgradeAll', {}],
        ['install updates', 'packages.upgradeAll', {}],
        ['Could you update my system?', 'packages.upgradeAll', {}],
        ['Installiere alle Updates', 'packages.upgradeAll', {}],
        ['alle Aktualisierungen einspielen', 'packages.upgradeAll', {}],
        ['حدّث النظام', 'packages.upgradeAll', {}],
        ['refresh the package lists', 'packages.refresh', {}],
        ['Paketquellen aktualisieren', 'packages.refresh', {}],
        ['ابحث عن تحديثات', 'packages.refresh', {}],
        ['remove unused packages', 'packages.autoremove', {}],
        ['Entferne nicht mehr benötigte Pakete', 'packages.autoremove', {}],
        ['احذف الحزم غير المستخدمة', 'packages.autoremove', {}],
        ['finish the interrupted installation', 'packages.configure', {}],
        ['fix broken packages', 'packages.complete', {}],
        ['defekte Pakete reparieren', 'packages.complete', {}],
        ['downgrade hexer', 'packages.revert', { name: 'hexer', before: '1.0', after: '2.0', restart: null }],
        [
            'go back to the previous version of hexer',
            'packages.revert',
            { name: 'hexer', before: '1.0', after: '2.0', restart: null },
        ],
        ['turn off the extension Dock', 'extension.disable', dock],
        ['disable the dock extension', 'extension.disable', dock],
        ['Deaktiviere die Erweiterung Dock', 'extension.disable', dock],
        ['enable extension dock@example.org', 'extension.enable', dock],
        ['شغل الإضافة dock', 'extension.enable', dock],
        ['turn off automatic time', 'clock.manual', {}],
        ['Netzwerkzeit ausschalten', 'clock.manual', {}],
        ['عطل مزامنة الوقت', 'clock.manual', {}],
        ['keep local time in the hardware clock', 'clock.hardware', { local: true }],
        ['Stelle die Hardwareuhr auf UTC', 'clock.hardware', { local: false }],
        ['unlock the account of alice', 'account.unlock', { user: 'alice' }],
        ['Konto von alice entsperren', 'account.unlock', { user: 'alice' }],
        ['let programs watch more files', 'limits.raise', { limit: 'max_user_watches' }],
        ['unblock bluetooth', 'radio.unblock', { radio: 'bluetooth' }],
        ['WLAN entsperren', 'radio.unblock', { radio: 'wlan' }],
        ['reconnect eth0', 'network.reconnect', { interface: 'eth0' }],
        ['add the German keyboard layout', 'keyboard.add', { layout: 'de' }],
        ['Deutsche Tastatur hinzufügen', 'keyboard.add', { layout: 'de' }],
        ['أضف لوحة مفاتيح عربية', 'keyboard.add', { layout: 'ara' }],
        ['remove the english keyboard', 'keyboard.remove', { layout: 'us' }],
        ['rename this computer to Attic', 'computer.name', { name: 'attic' }],
        ['Nenne den Rechner attic', 'computer.name', { name: 'attic' }],
        ['غير اسم الجهاز إلى attic', 'computer.name', { name: 'attic' }],
        ['set the system language to German', 'computer.language', { locale: 'de_DE.UTF-8' }],
        ['Sprache auf Deutsch stellen', 'computer.language', { locale: 'de_DE.UTF-8' }],
        ['make Scribble my default text editor', 'application.default', { id: 'org.example.Editor', kind: 'text' }],
        [
            'set the default photo viewer to scribble',
            'application.default',
            { id: 'org.example.Editor', kind: 'photos' },
        ],
        ['Öffne Textdateien immer mit Scribble', 'application.default', { id: 'org.example.Editor', kind: 'text' }],
        ['start Scribble at login', 'autostart.add', { id: 'org.example.Editor' }],
        ['Scribble automatisch starten', 'autostart.add', { id: 'org.example.Editor' }],
        ['do not start scribble at login', 'autostart.remove', { id: 'org.example.Editor' }],
        ['block the website ads.example.net', 'hosts.add', { name: 'ads.example.net', address: '0.0.0.0' }],
        ['Sperre die Webseite ads.example.net', 'hosts.add', { name: 'ads.example.net', address: '0.0.0.0' }],
        ['احجب موقع ads.example.net', 'hosts.add', { name: 'ads.example.net', address: '0.0.0.0' }],
        ['unblock www.blocked.example', 'hosts.remove', { name: 'www.blocked.example' }],
        ['remove the flatpak Draw', 'flatpak.remove', { id: 'org.example.Draw', installation: 'user' }],
        ['Flatpak Hex deinstallieren', 'flatpak.remove', { id: 'org.example.Hex', installation: 'system' }],
        ['update my flatpaks', 'flatpak.update', { installation: 'user' }],
        ['حدث flatpak', 'flatpak.update', { installation: 'user' }],
        ['repair flatpak', 'flatpak.repair', { installation: 'user' }],
        ['cancel the scheduled shutdown', 'session.cancelSchedule', {}],
        ['Neustart abbrechen', 'session.cancelSchedule', {}],
        ['restore old.txt from the trash', 'trash.restore', { name: 'old.txt' }],
        ['hole old.txt aus dem Papierkorb zurück', 'trash.restore', { name: 'old.txt' }],
        ['turn on the 24-hour clock', 'setting.switch', { setting: 'clock-24-hours', on: true }],
        ['use the 12 hour clock', 'setting.switch', { setting: 'clock-24-hours', on: false }],
        ['show week numbers in the calendar', 'setting.switch', { setting: 'week-numbers', on: true }],
        ['turn off the proxy', 'setting.switch', { setting: 'proxy', on: false }],
        ['schalte die Kamera aus', 'setting.switch', { setting: 'camera', on: false }],
        ['show the date in the clock', 'setting.switch', { setting: 'clock-date', on: true }],
    ] as const)
        it(`can be “${text}”`, async () => {
            expect((await wished(text))[0]).toEqual([action, parameters]);
        });

    for (const text of [
        'updates',
        'why did the update fail',
        'Installing updates fails',
        'unlock the screen',
        'reconnect everything',
        'turn off the extension',
        'fix everything',
        'upgrade; rm -rf ~',
        'delete all my files',
        'delete everything',
        'delete /',
        'delete /etc/passwd',
        'delete ~/',
        'trash ~/home',
        'delete ~/../../etc/passwd',
        'compress /etc',
        'make /etc/passwd executable',
        'use /etc/passwd as wallpaper',
        'block the road',
        'block everything',
        'add the Klingon keyboard layout',
    ])
        it(`is not “${text}”`, async () => {
            expect(await wished(text)).toEqual([]);
        });

    it('updates one package, or all, to the versions that are shown', async () => {
        const one = await plan('packages.upgrade', { name: 'bench-tool' });
        expect(one.title).toBe('Update bench-tool to 1.1');
        expect(one.steps[0]?.command).toMatch(/--only-upgrade --no-remove install -- bench-tool=1\.1$/);
        expect(await refusal('packages.upgrade', { name: 'hexer' })).toBe('The package lists have no update for hexer');
        const all = await plan('packages.upgradeAll', {});
        expect(all.title).toBe('Update 1 package');
        await applied(all);
        expect(await refusal('packages.upgradeAll', {})).toBe('The package lists have no updates');
    });

    it('removes only packages that nothing needs, and installs them again as they were', async () => {
        const planned = await plan('packages.autoremove', {});
        expect(planned.steps[0]?.command).toMatch(/dpkg --remove libneeded$/);
        expect(planned.undo?.steps.map(({ command }) => command.split(' -- ')[1])).toEqual([
            'libneeded=1.0',
            'libneeded',
        ]);
        await applied(planned);
        expect(await refusal('packages.autoremove', {})).toBe('Every installed package is needed');
    });

    it('turns an extension on and off', async () => {
        await applied(await plan('extension.disable', dock));
        expect(await refusal('extension.disable', dock)).toBe('The extension dock@example.org is not turned on');
        await applied(await plan('extension.enable', dock));
        expect(await refusal('extension.enable', { uuid: 'gone@example.org' })).toBe(
            'The extension gone@example.org is not installed',
        );
    });

    it('stops setting the clock over the network, and undo starts it again', async () => {
        const planned = await plan('clock.manual', {});
        await applied(planned);
        carryOut(computer, planned.undo?.steps ?? []);
        expect(computer.state.clock.NTP).toBeTrue();
    });

    for (const [text, action, more] of [
        ['delete the file FILE', 'trash.put', {}],
        ['move FILE to the trash', 'trash.put', {}],
        ['verschiebe FILE in den Papierkorb', 'trash.put', {}],
        ['احذف الملف FILE', 'trash.put', {}],
        ['compress FILE', 'file.compress', {}],
        ['FILE komprimieren', 'file.compress', {}],
        ['use FILE as my wallpaper', 'wallpaper.set', {}],
        ['FILE als Hintergrundbild verwenden', 'wallpaper.set', {}],
    ] as const)
        it(`about a file can be “${text}”`, async () => {
            const said = text.replace('FILE', '~/home/sea.png');
            expect((await wished(said))[0]).toEqual([action, { path: join(computer.root, 'home/sea.png'), ...more }]);
        });

    it('makes a script executable, and hides a file from others', async () => {
        const path = join(computer.root, 'home/script.sh');
        const mode = () => statSync(path).mode & 0o777;
        setModes(computer);
        for (const [text, expected] of [
            ['make ~/home/script.sh executable', 0o755],
            ['mach ~/home/script.sh ausführbar', 0o755],
            ['make ~/home/script.sh private', 0o600],
            ['protect ~/home/script.sh from others', 0o600],
        ] as const) {
            chmodSync(path, 0o644);
            const [way] = await wished(text);
            const planned = await plan('file.permissions', way?.[1] as Record<string, unknown>);
            carryOut(computer, planned.steps);
            expect(mode()).withContext(text).toBe(expected);
            carryOut(computer, planned.undo?.steps ?? []);
            expect(mode()).withContext(text).toBe(0o644);
        }
    });

    it('moves a file to the trash and back, and replaces none', async () => {
        const path = join(computer.root, 'home/sea.png');
        await applied(await plan('trash.put', { path }));
        expect(await refusal('trash.put', { path })).toBe(`${path} is not a regular file`);
        const back = await plan('trash.restore', { name: 'sea.png' });
        writeFileSync(path, 'another');
        expect(() => {
            carryOut(computer, back.steps);
        }).toThrowError(/^It failed/);
        expect(readFileSync(path, 'utf8')).toBe('another');
        expect(await refusal('trash.restore', { name: 'sea.png' })).toBe(`${path} already exists`);
        rmSync(path);
        await applied(back);
        expect(readFileSync(path, 'utf8')).toBe('png');
    });

    it('compresses beside the original', async () => {
        const path = join(computer.root, 'home/sea.png');
        await applied(await plan('file.compress', { path }));
        const listed = spawnSync('tar', ['--list', '--file', `${path}.tar.gz`], { encoding: 'utf8' });
        expect(listed.stdout).toBe('sea.png\n');
        expect(await refusal('file.compress', { path })).toBe(`${path}.tar.gz already exists`);
    });

    it('changes one line of the list of hosts', async () => {
        const hosts = () => readFileSync(join(computer.root, 'etc/hosts'), 'utf8');
        await applied(await plan('hosts.add', { name: 'ads.example.net', address: '0.0.0.0' }));
        expect(hosts()).toBe(`${state.hosts}0.0.0.0 ads.example.net\n`);
        await applied(await plan('hosts.remove', { name: 'www.blocked.example' }));
        expect(hosts()).toContain('\n0.0.0.0 blocked.example\n');
        expect(await refusal('hosts.remove', { name: 'desk.example.org' })).toBe(
            'desk.example.org is a name of this computer, so it stays',
        );
        for (const address of ['1.2.3', 'x', '0.0.0.0 evil', '::1\n'])
            expect(await refusal('hosts.add', { name: 'a.example', address })).toContain('address is no address');
        for (const name of ['localhost', 'a b.example', '-a.example', 'a.example\n1.2.3.4 b.example', 'a..example'])
            expect(await refusal('hosts.add', { name, address: '0.0.0.0' }))
                .withContext(name)
                .not.toBe('');
    });

    it('keeps other choices in the list of default applications', async () => {
        const path = join(computer.root, '.config/mimeapps.list');
        const list =
            '[Added Associations]\ntext/plain=a.desktop\n\n[Default Applications]\ntext/plain=b.desktop;org.example.Editor.desktop\n';
        writeFileSync(path, list);
        const parameters = { id: 'org.example.Editor', kind: 'text' };
        const planned = await plan('application.default', parameters);
        await applied(planned);
        expect(readFileSync(path, 'utf8')).toBe(
            list.replace('b.desktop;org.example.Editor.desktop', 'org.example.Editor.desktop;b.desktop'),
        );
        expect(await refusal('application.default', parameters)).toBe('Scribble is already the default');
        expect(await refusal('application.default', { ...parameters, kind: 'mail' })).toBe(
            'Scribble does not open files of this sort',
        );
        carryOut(computer, planned.undo?.steps ?? []);
        expect(readFileSync(path, 'utf8')).toBe(list);
    });

    it('starts an application with the session, or does not, also where the system says so', async () => {
        const editor = { id: 'org.example.Editor' };
        await applied(await plan('autostart.add', editor));
        expect(await refusal('autostart.add', editor)).toBe('Scribble already starts with the session');
        computer.write('/etc/xdg/autostart/org.example.Editor.desktop', '[Desktop Entry]\nName=Shared\n');
        const planned = await plan('autostart.remove', editor);
        expect(planned.steps[0]?.diff).toContain('+Hidden=true');
        await applied(planned);
        expect((await plan('autostart.add', editor)).steps[0]?.command).toContain('rm -- ');
    });

    it('plans the end of the session once, and cancels it', async () => {
        const [way] = await wished('shut down the computer in 30 minutes');
        const { kind, at } = way?.[1] as { kind: string; at: number };
        expect([way?.[0], kind, at % 60]).toEqual(['session.schedule', 'poweroff', 0]);
        expect((await wished('den Rechner in 2 Stunden neu starten'))[0]?.[0]).toBe('session.schedule');
        expect((await wished('اطفئ الحاسوب بعد 10 دقائق'))[0]?.[0]).toBe('session.schedule');
        expect(await wished('shut down the computer in 900 hours')).toEqual([]);
        await applied(await plan('session.schedule', { kind, at }));
        expect(await refusal('session.schedule', { kind, at })).toMatch(
            /^It is already planned: Turn the computer off at /,
        );
        await applied(await plan('session.cancelSchedule', {}));
        expect(await refusal('session.cancelSchedule', {})).toBe('Nothing is planned');
        computer.state.scheduled = ['dry-poweroff', 1];
        expect(await refusal('session.schedule', { kind, at })).toBe('Another program has planned “dry-poweroff”');
    });

    it('removes and updates applications of Flatpak', async () => {
        await applied(await plan('flatpak.update', { installation: 'user' }));
        expect(await refusal('flatpak.update', { installation: 'system' })).toBe('Flatpak has no updates');
        const planned = await plan('flatpak.remove', { id: 'org.example.Hex', installation: 'system' });
        expect([planned.authentication, planned.undo?.steps[0]?.command.split(' -- ')[1]]).toEqual([
            true,
            'flathub org.example.Hex',
        ]);
        await applied(planned);
        expect(await refusal('flatpak.remove', { id: 'org.example.Hex', installation: 'system' })).toBe(
            'org.example.Hex is not installed',
        );
    });

    it('changes keyboard layouts, the wallpaper, the name and the language', async () => {
        await applied(await plan('keyboard.add', { layout: 'de' }));
        await applied(await plan('keyboard.remove', { layout: 'us' }));
        expect(await refusal('keyboard.remove', { layout: 'de' })).toBe('It is the only keyboard layout, so it stays');
        expect(await refusal('keyboard.add', { layout: 'zz' })).toBe('There is no keyboard layout zz');
        await applied(await plan('computer.name', { name: 'attic' }));
        await applied(await plan('computer.language', { locale: 'de_DE.UTF-8' }));
        expect(computer.state.locale).toEqual(['LANG=de_DE.UTF-8', 'LC_TIME=en_GB.UTF-8']);
        expect(await refusal('computer.language', { locale: 'fr_FR.UTF-8' })).toContain(
            'does not have French (France)',
        );
        const path = join(computer.root, 'home/sea.png');
        await applied(await plan('wallpaper.set', { path }));
        expect(await refusal('wallpaper.set', { path })).toBe('sea.png is already the wallpaper');
    });
});
