// Wishes about filesystems, package sources and what applications of Flatpak may do, on a made-up computer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { carryOut } from '../../support/security/changes.ts';
import type { Computer } from '../../support/security/computer.ts';
import { type State } from '../../support/security/computer.ts';
import { anyState } from '../../support/security/generate.ts';
import { programsOfPlans } from '../../support/security/programs.ts';
import { onEachComputer, wishingOn } from '../../support/security/wishing.ts';

const [somewhere] = fc.sample(anyState, { seed: 14, numRuns: 1 });
if (somewhere === undefined) throw new TypeError('no computer');

const draw = 'org.example.Draw';
const system = 'UUID=1-2 / ext4 defaults 0 1\n';
const state: State = {
    ...somewhere,
    flatpaks: [{ id: draw, name: 'Draw', installation: 'user', isOld: false }],
    volumes: { sdc1: { label: 'My Music', isMounted: false, canPowerOff: false } },
    fstab: `${system}UUID=1234-ABCD /mnt/photos auto nosuid,nodev,nofail 0 0\n`,
    isReadOnly: true,
    aptSources: ['vendor.sources', 'debian.sources'],
};

describe('A filesystem, a package source or a permission', () => {
    let computer: Computer;
    const { wished, plan, refusal, applied } = wishingOn(() => computer);
    const text = (path: string) => readFileSync(join(computer.root, path), 'utf8');
    const permitted = async (permission: string, allow: boolean) => {
        carryOut(computer, (await plan('flatpak.permission', { id: draw, permission, allow })).steps);
        return text(`.local/share/flatpak/overrides/${draw}`);
    };

    onEachComputer(
        state,
        programsOfPlans,
        started => {
            computer = started;
        },
        { isHome: true },
    );

    const of = (permission: string, allow: boolean) => ({ id: draw, permission, allow });
    for (const [said, action, parameters] of [
        ['do not let Draw use the network', 'flatpak.permission', of('network', false)],
        ['let Draw access my files', 'flatpak.permission', of('files', true)],
        ['Verbiete Draw das Internet', 'flatpak.permission', of('network', false)],
        ['امنع Draw من الشبكة', 'flatpak.permission', of('network', false)],
        ['reset the permissions of Draw', 'flatpak.permissionsReset', { id: draw }],
        ['Berechtigungen von Draw zurücksetzen', 'flatpak.permissionsReset', { id: draw }],
        ['remove the repository vendor', 'repository.drop', { file: 'vendor.sources' }],
        ['Entferne die Paketquelle vendor', 'repository.drop', { file: 'vendor.sources' }],
        ['احذف المستودع vendor', 'repository.drop', { file: 'vendor.sources' }],
        ['trim the ssd', 'storage.trim', {}],
        ['fstrim ausführen', 'storage.trim', {}],
        ['نفذ fstrim', 'storage.trim', {}],
        ['check the filesystem at the next boot', 'filesystem.check', { folder: '/' }],
        ['Prüfe das Dateisystem beim nächsten Start', 'filesystem.check', { folder: '/' }],
        ['افحص نظام الملفات عند الإقلاع التالي', 'filesystem.check', { folder: '/' }],
        ['remount /data read-write', 'filesystem.remount', { folder: '/data', isWritable: true }],
        ['make /data read-only', 'filesystem.remount', { folder: '/data', isWritable: false }],
        ['/data wieder beschreibbar machen', 'filesystem.remount', { folder: '/data', isWritable: true }],
        ['disable password login over ssh', 'ssh.setting', { setting: 'PasswordAuthentication', allow: false }],
        ['Verbiete Passwörter über SSH', 'ssh.setting', { setting: 'PasswordAuthentication', allow: false }],
        ['امنع كلمات المرور عبر ssh', 'ssh.setting', { setting: 'PasswordAuthentication', allow: false }],
        ['set swappiness to 10', 'kernel.setting', { key: 'vm.swappiness', value: 10 }],
        ['Setze Swappiness auf 10', 'kernel.setting', { key: 'vm.swappiness', value: 10 }],
        ['اضبط swappiness على 10', 'kernel.setting', { key: 'vm.swappiness', value: 10 }],
        ['enable ip forwarding', 'kernel.setting', { key: 'net.ipv4.ip_forward', value: 1 }],
        ['forbid root login via ssh', 'ssh.setting', { setting: 'PermitRootLogin', allow: false }],
        ['do not mount photos at boot', 'fstab.remove', { folder: '/mnt/photos' }],
        ['/mnt/photos aus fstab entfernen', 'fstab.remove', { folder: '/mnt/photos' }],
        ['احذف /mnt/photos من fstab', 'fstab.remove', { folder: '/mnt/photos' }],
    ] as const)
        it(`is changed by “${said}”`, async () => {
            expect((await wished(said))[0]).toEqual([action, parameters]);
        });

    it('is a drive that is mounted at each start, without which the start goes on', async () => {
        computer.write('/etc/fstab', system);
        for (const said of ['mount My Music at every start', 'My Music dauerhaft einhängen'])
            expect((await wished(said))[0]).toEqual(['fstab.add', { uuid: '12AB-34CD', folder: '/mnt/my-music' }]);
        const planned = await plan('fstab.add', { uuid: '12AB-34CD', folder: '/mnt/my-music' });
        expect(planned.steps[0]?.diff).toContain('+UUID=12AB-34CD /mnt/my-music auto nosuid,nodev,nofail 0 0');
        await applied(planned);
        expect(await refusal('fstab.add', { uuid: '12AB-34CD', folder: '/usr' })).toContain('folder');
        expect(await refusal('fstab.remove', { folder: '/' })).toContain('folder');
        expect(await refusal('fstab.remove', { folder: '/mnt/photos' })).toBe(
            '/etc/fstab has no entry for /mnt/photos',
        );
    });

    it('is an entry of fstab whose other lines stay as they are', async () => {
        const planned = await plan('fstab.remove', { folder: '/mnt/photos' });
        carryOut(computer, planned.steps);
        expect(text('/etc/fstab')).toBe(system);
    });

    it('is a filesystem that is looked after as its kind lets it', async () => {
        await applied(await plan('filesystem.remount', { folder: '/data', isWritable: true }));
        expect(await refusal('filesystem.remount', { folder: '/data', isWritable: false })).toBe(
            'The setting already has this value',
        );
        expect(await refusal('filesystem.remount', { folder: '/proc', isWritable: false })).toBe(
            'No filesystem of a disk is mounted at /proc',
        );
        expect((await plan('filesystem.check', { folder: '/' })).steps[0]?.command).toMatch(
            /tune2fs -E force_fsck \/dev\/sda1$/,
        );
        expect(await refusal('filesystem.check', { folder: '/data' })).toBe(
            'A filesystem of the type xfs cannot be marked for a check',
        );
        computer.write('/proc/1/mountinfo', '26 25 8:17 / /data rw,relatime - ext4 /dev/sdb1 rw\n');
        for (const line of ['', '#/dev/sdb1 /data ext4 defaults 0 2', '/dev/sdb1 /data ext4 defaults 0 0']) {
            computer.write('/etc/fstab', `${line}\n`);
            expect(await refusal('filesystem.check', { folder: '/data' }))
                .withContext(line)
                .toContain('is checked at a start only with a number above 0');
        }
        computer.write('/etc/fstab', '/dev/sdb1 /data ext4 defaults 0 2\n');
        expect(await refusal('filesystem.check', { folder: '/data' })).toBe('');
    });

    it('is a source of packages, for which a key vouches that is there', async () => {
        const [wish] = await wished('enable backports');
        expect(wish?.[0]).toBe('repository.add');
        const parameters = wish?.[1] as Record<string, unknown>;
        const planned = await plan('repository.add', parameters);
        expect(planned.steps.map(({ description }) => description)).toEqual([
            'Install packages also from http://mirror.example/debian (trixie-backports)',
            'Ask the package sources what they have',
        ]);
        const { onDisk } = await applied(planned);
        const line = onDisk.find(each => each.startsWith('/etc/apt/sources.list.d/trixie-backports.sources'));
        expect(Buffer.from(line?.split(' ').at(-1) ?? '', 'base64').toString()).toBe(
            'Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie-backports\nComponents: main\n' +
                'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n',
        );
        computer.write('/etc/apt/sources.list', '');
        await expectAsync(wished('enable backports')).toBeRejectedWithError(
            'No package source here has the release trixie',
        );
        expect(await refusal('repository.add', { ...parameters, key: '/usr/share/keyrings/none.gpg' })).toContain(
            'There is no key /usr/share/keyrings/none.gpg',
        );
        for (const wrong of [{ uri: 'file:///x' }, { suite: 'a\nTrusted: yes' }, { key: '/tmp/a.gpg' }])
            expect(await refusal('repository.add', { ...parameters, ...wrong })).toContain(
                Object.keys(wrong)[0] ?? '-',
            );
        await applied(await plan('repository.drop', { file: 'vendor.sources' }));
        expect(await refusal('repository.drop', { file: 'debian.sources' })).toBe(
            'The system itself is updated from debian.sources, so it stays',
        );
    });

    const drops = async (name: string, content: string, release = '') => {
        computer.write(`/etc/apt/sources.list.d/${name}`, content);
        if (release !== '') computer.write('/etc/os-release', release);
        return (await refusal('repository.drop', { file: name })) === '';
    };
    const stanza = (uri: string, suites: string, key = '') =>
        `# Of somebody\nTypes: deb deb-src\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\n${key}`;

    it('says what taking it away leaves', async () => {
        const text = async (permission: string, allow: boolean) =>
            (await plan('flatpak.permission', of(permission, allow))).riskText;
        expect(await text('files', false)).toContain('Folders that Draw asks for by name, such as Documents, stay');
        expect(await text('files', true)).not.toContain('by name');
        expect(await text('network', false)).not.toContain('by name');
    });

    it('is written where Flatpak looks for it', async () => {
        const names = ['FLATPAK_USER_DIR', 'XDG_DATA_HOME'] as const;
        const earlier = names.map(name => process.env[name]);
        const path = async () => (await plan('flatpak.permission', of('network', false))).steps.at(-1)?.file?.path;
        try {
            delete process.env.FLATPAK_USER_DIR;
            process.env.XDG_DATA_HOME = '/data';
            expect(await path()).toBe(`/data/flatpak/overrides/${draw}`);
            process.env.FLATPAK_USER_DIR = '/flatpaks';
            expect(await path()).toBe(`/flatpaks/overrides/${draw}`);
            process.env.FLATPAK_USER_DIR = '';
            process.env.XDG_DATA_HOME = 'data';
            expect(await path()).toBe(join(computer.root, '.local/share/flatpak/overrides', draw));
        } finally {
            for (const [index, name] of names.entries()) {
                if (earlier[index] === undefined) Reflect.deleteProperty(process.env, name);
                else process.env[name] = earlier[index];
            }
        }
    });

    it('is no source that the system itself is updated from, whatever its file is called', async () => {
        const debian = 'https://ftp.de.debian.org/debian';
        for (const [name, content, release] of [
            ['system.sources', ''],
            ['official-package-repositories.list', ''],
            ['mine.sources', stanza(debian, 'trixie trixie-updates')],
            ['mine.sources', stanza(debian, '\n stable\n trixie-backports')],
            ['mine.sources', `${stanza('https://a.example', 'x')}\n\n${stanza(debian, 'trixie-security')}`],
            ['mine.list', '# x\ndeb [arch=amd64 signed-by=/a.gpg] http://ftp.de.debian.org/debian trixie main\n'],
            ['mine.list', 'deb http://security.debian.org/ trixie/updates main\n'],
            [
                'mine.sources',
                stanza(
                    'http://mirror.example/debian',
                    'trixie',
                    'Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp\n',
                ),
            ],
            ['pop.sources', stanza('http://apt.pop-os.org/release', 'jammy'), 'ID=pop\nVERSION_CODENAME=jammy\n'],
            [
                'mint.list',
                'deb http://de.archive.ubuntu.com/ubuntu noble main\n',
                'ID=linuxmint\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble\n',
            ],
            ['mine.sources', stanza(debian, 'forky'), 'ID=debian\n'],
        ] as const)
            expect(await drops(name, content, release))
                .withContext(content)
                .toBeFalse();
    });

    it('is any other source, though it is for the same release', async () => {
        for (const [name, content] of [
            ['backports.sources', stanza('http://ftp.de.debian.org/debian', 'trixie-backports')],
            [
                'docker.list',
                'deb [signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian trixie stable\n',
            ],
            ['ppa.sources', stanza('https://ppa.launchpadcontent.net/a/b/ubuntu', 'trixie')],
            ['trap.sources', stanza('https://notdebian.org/debian', 'trixie')],
            ['off.list', '# deb http://ftp.de.debian.org/debian trixie main\n'],
        ] as const)
            expect(await drops(name, content))
                .withContext(content)
                .toBeTrue();
    });

    it('is what an application may do, beside what else a person chose', async () => {
        await applied(await plan('flatpak.permission', of('network', false)));
        expect(await permitted('network', false)).toBe('[Context]\nshared=!network;\n');
        expect(await permitted('files', false)).toBe('[Context]\nfilesystems=!home;!host;\nshared=!network;\n');
        computer.write(
            `/.local/share/flatpak/overrides/${draw}`,
            '[Context]\nsockets=!x11;\nfilesystems=home:ro;xdg-music;\n\n[Environment]\nA=b\n',
        );
        expect(await permitted('files', true)).toBe(
            '[Context]\nsockets=!x11;\nfilesystems=xdg-music;home;\n\n[Environment]\nA=b\n',
        );
        expect(await refusal('flatpak.permission', of('files', true))).toBe('The setting already has this value');
        await applied(await plan('flatpak.permissionsReset', { id: draw }));
        expect(await refusal('flatpak.permission', { ...of('files', true), id: 'org.example.Hex' })).toBe(
            'org.example.Hex is not installed',
        );
    });

    it('sets one line of the SSH server, before any that another file may have', async () => {
        const text =
            '# by hand\nInclude /etc/ssh/sshd_config.d/*.conf\npasswordauthentication yes\nMatch User alice\n    PasswordAuthentication yes\n';
        computer.write('/etc/ssh/sshd_config', text);
        const planned = await plan('ssh.setting', { setting: 'PasswordAuthentication', allow: false });
        expect([planned.title, planned.risk]).toEqual(['Allow logins by SSH only with a key', 'medium']);
        expect(planned.steps[0]?.diff).toContain('\n+PasswordAuthentication no\n Include');
        expect(planned.steps[0]?.diff).toContain('\n-passwordauthentication yes\n');
        expect(planned.steps[0]?.diff).not.toContain('-    PasswordAuthentication');
        expect(planned.steps[1]?.command).toMatch(/systemctl try-reload-or-restart -- sshd\.service$/);
        await applied(planned);
        // What comes from another file may say the same: it is set all the same.
        expect(await refusal('ssh.setting', { setting: 'X11Forwarding', allow: true })).toBe('');
        computer.write('/etc/ssh/sshd_config', 'PermitRootLogin no\n');
        expect(await refusal('ssh.setting', { setting: 'PermitRootLogin', allow: false })).toBe(
            'The setting already has this value',
        );
        computer.printed['/usr/bin/sshd'] = '/home/x line 1: Bad configuration option: PermitRootLogin\n';
        expect(await refusal('ssh.setting', { setting: 'PermitRootLogin', allow: true })).toBe(
            '/etc/ssh/sshd_config would have a mistake: /home/x line 1: Bad configuration option: PermitRootLogin',
        );
        computer.printed['/usr/bin/sshd'] = null;
        expect(await refusal('ssh.setting', { setting: 'PermitRootLogin', allow: true })).toContain(
            'would have a mistake',
        );
        expect(await refusal('ssh.setting', { setting: 'Port', allow: true })).toContain('setting');
    });

    it('sets a value of the kernel, now and after each start', async () => {
        const wanted = { key: 'vm.swappiness', value: 10 };
        const planned = await plan('kernel.setting', wanted);
        expect(planned.title).toBe('Set vm.swappiness to 10');
        expect(planned.steps.map(({ command }) => command)[0]).toMatch(/sysctl --write vm\.swappiness=10$/);
        const kept = '/etc/sysctl.d/90-reeve-vm-swappiness.conf';
        expect(planned.steps[1]?.file?.path).toBe(kept);
        await applied(planned);
        carryOut(computer, planned.steps);
        expect(text('etc/sysctl.d/90-reeve-vm-swappiness.conf')).toBe('vm.swappiness = 10\n');
        // A later wish replaces the file, and undo restores what it had.
        await applied(await plan('kernel.setting', { ...wanted, value: 20 }));
        expect(await refusal('kernel.setting', wanted)).toBe('The setting already has this value');
        expect(await refusal('kernel.setting', { ...wanted, value: 201 })).toContain('value is too large');
        expect(await refusal('kernel.setting', { ...wanted, key: 'kernel.modprobe' })).toContain('key');
    });
});
