import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
    findFstabMistake,
    findMistake,
    mistakeInText,
    readerOf,
} from '../../../service/machine/configurationMistakes.ts';
import { fstabMistakes, hasClosedVolume } from '../../../service/machine/storage/fstabMistakes.ts';
import { run } from '../../../service/machine/run.ts';
import type { Run } from '../../../service/machine/run.ts';

const { signal } = new AbortController();

/** A program that prints this, whatever it is asked, and fails. */
function printing(output: string): Run & { argv: string[] } {
    const argv: string[] = [];
    const run: Run = (program, given, { onlyFailing }) => {
        expect(onlyFailing).toBeTrue();
        argv.push(program.slice(program.lastIndexOf('/') + 1), ...given);
        return Promise.resolve(output);
    };
    return Object.assign(run, { argv });
}

/** As findmnt of util-linux 2.38.1 prints it of the table below, to both of its outputs. */
const table = `# photos
UUID=deadbeef-0000-4000-8000-000000000000 /mnt/my\\040photos ext4 defaults 0 2
/dev/sdzz1 /mnt/b ext4 defaults 0 2
LABEL=nope /mnt/c ext4 defaults,nofail 0 2
UUID=deadbeef-0000-4000-8000-000000000001 none swap sw 0 0
BADLINE
`;
const folder = '   [E] unreachable on boot required target: No such file or directory\n';
const findings = {
    photos: `/mnt/my photos\n${folder}   [E] unreachable on boot required source: UUID=deadbeef-0000-4000-8000-000000000000\n`,
    device: `/mnt/b\n${folder}   [W] unreachable source: /dev/sdzz1: No such file or directory\n   [W] cannot detect on-disk filesystem type (No such file or directory)\n`,
    optional: `/mnt/c\n${folder}   [E] unreachable on boot required source: LABEL=nope\n`,
    swap: 'none\n   [E] unreachable on boot required source: UUID=deadbeef-0000-4000-8000-000000000001\n',
    unread: 'findmnt: /etc/fstab: parse error at line 6 -- ignored\n',
};

describe('A mistake in fstab', () => {
    const { photos, device, optional, swap, unread } = findings;
    it('is a disk that the next start waits for and that is not there', () => {
        const [ofTag, ofDevice, ofSwap] = fstabMistakes(table, `${optional}${photos}${device}${swap}`, false);
        expect(ofTag).toEqual({
            line: 2,
            text: String.raw`UUID=deadbeef-0000-4000-8000-000000000000 /mnt/my\040photos ext4 defaults 0 2`,
            message: 'there is no UUID=deadbeef-0000-4000-8000-000000000000',
            missing: 'UUID=deadbeef-0000-4000-8000-000000000000',
            unit: String.raw`mnt-my\x20photos.mount`,
        });
        expect([ofDevice?.line, ofDevice?.missing, ofDevice?.unit]).toEqual([3, '/dev/sdzz1', 'mnt-b.mount']);
        expect([ofSwap?.line, ofSwap?.unit]).toEqual([5, null]);
    });

    it('is a line that is not understood', () => {
        expect(fstabMistakes(table, `${unread}\n1 parse error, 0 errors, 0 warnings\n`, false)).toEqual([
            { line: 6, text: 'BADLINE', message: 'parse error', missing: null, unit: null },
        ]);
    });

    it('is neither what may be missing, nor a folder that systemd makes', () => {
        expect(fstabMistakes(table, optional, false)).toEqual([]);
        expect(fstabMistakes(table, `/mnt/b\n${folder}\n0 parse errors, 1 error\n`, false)).toEqual([]);
        expect(fstabMistakes(table, '', false)).toEqual([]);
    });

    it('is nothing that may be in a volume that is opened at the start', () => {
        const found = fstabMistakes(table, `${photos}${device}${swap}`, true);
        expect(found.map(({ missing }) => missing)).toEqual(['/dev/sdzz1']);
        const crypttab = '# <target> <source>\n\nhome UUID=x none luks\ncrypt /dev/sdb1 none luks\n';
        expect(hasClosedVolume(crypttab, name => name === 'home')).toBeTrue();
        expect(hasClosedVolume(crypttab, () => true)).toBeFalse();
        expect(hasClosedVolume('# <target> <source>\n', () => false)).toBeFalse();
    });

    describe('that findmnt itself finds', () => {
        let directory: string;
        beforeEach(() => {
            directory = mkdtempSync(join(tmpdir(), 'reeve-fstab-'));
        });
        afterEach(() => {
            rmSync(directory, { recursive: true });
        });
        /** @returns the line of the first, in a table of these lines */
        async function firstOf(lines: readonly string[], known: readonly string[] = []): Promise<number | null> {
            const place = { table: join(directory, 'fstab'), crypttab: join(directory, 'crypttab') };
            writeFileSync(place.table, `${lines.join('\n')}\n`);
            const mistake = await findFstabMistake(run, signal, (_mistake, line) => !known.includes(line), place);
            return mistake?.line ?? null;
        }
        const uuid = 'UUID=deadbeef-0000-4000-8000-000000000000 /mnt/a ext4 defaults 0 2';

        it('is reported, also where it is the only one', async () => {
            if (!existsSync('/usr/bin/findmnt')) pending('there is no findmnt here');
            for (const line of [
                uuid,
                // Of this findmnt warns only, where the folder is there, and ends well.
                '/dev/sdzz1 /tmp ext4 defaults 0 2',
                'LABEL=My\\040Disk /mnt/a ext4 defaults 0 2',
                'LABEL="nope" /mnt/a ext4 defaults 0 2',
                'BADLINE',
            ])
                expect(await firstOf(['proc /proc proc defaults 0 0', line]))
                    .withContext(line)
                    .toBe(2);
        });

        it('is not reported where only the filesystem knows what the source is, or it may come at the start', async () => {
            if (!existsSync('/usr/bin/findmnt')) pending('there is no findmnt here');
            for (const line of [
                'tank/home /mnt/a zfs defaults 0 0',
                'https://dav.example.org/x /mnt/a davfs defaults 0 0',
                '/mnt/b:/mnt/c /mnt/a fuse.mergerfs defaults 0 0',
                'share /mnt/a virtiofs defaults 0 0',
                'nas:/srv /mnt/a nfs defaults 0 0',
                '/dev/mapper/crypt /mnt/a ext4 defaults 0 2',
                '/dev/vg0/lv /mnt/a ext4 defaults 0 2',
                '/mnt/none.img /mnt/a ext4 loop 0 2',
                'UUID=deadbeef-0000-4000-8000-000000000000 /mnt/a ext4 noatime,x-systemd.wanted-by=a.target 0 2',
                '/dev/sdzz1 /mnt/a ext4 nofail 0 2',
            ])
                expect(await firstOf([line]))
                    .withContext(line)
                    .toBeNull();
            writeFileSync(join(directory, 'crypttab'), 'photos UUID=x none luks\n');
            expect(await firstOf([uuid])).toBeNull();
        });

        it('is looked for behind those that do not count', async () => {
            if (!existsSync('/usr/bin/findmnt')) pending('there is no findmnt here');
            expect(await firstOf([uuid, '/dev/sdzz1 /tmp ext4 defaults 0 2'], [uuid])).toBe(2);
            expect(await firstOf([uuid, 'BADLINE'], ['BADLINE'])).toBe(1);
            expect(await firstOf([uuid, 'BADLINE'], [uuid, 'BADLINE'])).toBeNull();
        });
    });
});

describe('A mistake in a configuration file', () => {
    /** In their own words: the patterns name where those are from. */
    const cases: [string, string, string, number | null, RegExp][] = [
        [
            'sshd -G -f /etc/ssh/sshd_config',
            '/etc/ssh/sshd_config',
            '/etc/ssh/sshd_config line 12: Deprecated option UseLogin\n/etc/ssh/sshd_config line 13: Unsupported option GSSAPIAuthentication\n/etc/ssh/sshd_config: line 125: Bad configuration option: PermitRootLogni\n/etc/ssh/sshd_config: terminating, 1 bad configuration options\n',
            125,
            /Bad configuration option/,
        ],
        [
            'sshd -G -f /etc/ssh/sshd_config',
            '/etc/ssh/sshd_config.d/own.conf',
            '/etc/ssh/sshd_config.d/own.conf line 1: unsupported option "maybe".\n',
            1,
            /unsupported option/,
        ],
        [
            'named-checkconf',
            '/etc/bind/named.conf',
            "/etc/bind/named.conf:9: option 'dnssec-enable' is obsolete and should be removed\n/etc/bind/named.conf:12: unknown option 'fowarders'\n",
            12,
            /unknown/,
        ],
        [
            'visudo --check --file /etc/sudoers.d/x',
            '/etc/sudoers.d/x',
            '/etc/sudoers.d/x:1:16: syntax error\n',
            1,
            /syntax/,
        ],
        [
            'systemd-analyze --system verify --man=no --recursive-errors=no /etc/systemd/system/x.service',
            '/etc/systemd/system/x.service',
            "/etc/systemd/system/x.service:5: Unknown key 'Restrt' in section [Service], ignoring.\n/etc/systemd/system/x.service:7: Neither a valid executable name nor an absolute path: foo/bar\nx.service: Unit configuration has fatal error, unit will not be started.\nUnit x.service has a bad unit file setting.\n",
            7,
            /absolute path/,
        ],
        [
            'desktop-file-validate --no-hints --no-warn-deprecated /home/a/.config/autostart/x.desktop',
            '/home/a/.config/autostart/x.desktop',
            '/home/a/.config/autostart/x.desktop: error: (will be fatal in the future): value "A;B" for key "Categories" is odd\n/home/a/.config/autostart/x.desktop: error: required key "Name" in group "Desktop Entry" is not present\n',
            null,
            /required key/,
        ],
    ];
    for (const [command, path, output, line, message] of cases) {
        it(`is what ${command.split(' ')[0] ?? ''} says of ${path}`, async () => {
            const run = printing(output);
            expect(await findMistake(run, path, signal)).toEqual({
                line,
                message: jasmine.stringMatching(message) as unknown as string,
            });
            expect(run.argv.join(' ')).toBe(command);
        });
    }

    it('is none of another file, nor one that this user may not look at', async () => {
        const other = printing('/etc/ssh/sshd_config.d/other.conf line 1: unsupported option "maybe".\n');
        expect(await findMistake(other, '/etc/ssh/sshd_config', signal)).toBeNull();
        const closed = printing('/etc/bind/named.conf.local:3: open: /etc/bind/rndc.key: permission denied\n');
        expect(await findMistake(closed, '/etc/bind/named.conf.local', signal)).toBeNull();
        const noName = printing(`/${'x'.repeat(300)}:3: syntax error\n`);
        expect(await findMistake(noName, '/etc/bind/named.conf', signal)).toBeNull();
        const absent: Run = () => Promise.resolve(null);
        expect(await findMistake(absent, '/etc/ssh/sshd_config', signal)).toBeNull();
        expect(await findMistake(other, '/etc/hosts', signal)).toBeNull();
    });

    it('is no setting that is passed over, or read still', async () => {
        const unit = '/etc/systemd/system/a.service';
        // systemd-analyze 252 of these; where it would start the unit nothing follows, though it fails.
        const said = [
            `${unit}:3: Unknown key 'Restrt' in section [Service], ignoring.`,
            `${unit}:4: Failed to parse service type, ignoring: foo`,
            `${unit}:5: Standard output type syslog is obsolete, automatically updating to journal. Please update your unit file, and consider removing the setting altogether.`,
            `${unit}:6: Unit uses KillMode=none. This is unsafe, as it disables systemd's process lifecycle management for the service.`,
            `${unit}:7: Unit uses MemoryLimit=; please use MemoryMax= instead. Support for MemoryLimit= will be removed soon.`,
            `${unit}:8: Unknown section 'Foo'. Ignoring.`,
            'Unit other.service has a bad unit file setting.',
        ];
        expect(await findMistake(printing(said.join('\n')), unit, signal)).toBeNull();
        const desktop = '/home/a/.config/autostart/x.desktop';
        const reserved = `${desktop}: error: value "xdg-open https://x/?a=1&b=2" for key "Exec" in group "Desktop Entry" contains a reserved character '&' outside of a quote\n`;
        expect(await findMistake(printing(reserved), desktop, signal)).toBeNull();
        // What asks the network is not asked.
        expect(await findMistake(printing('x'), '/etc/nginx/nginx.conf', signal)).toBeNull();
    });

    it('is known by the name that a link gave the file', async () => {
        const directory = mkdtempSync(join(tmpdir(), 'reeve-mistakes-'));
        try {
            const real = join(directory, 'systemd/user/real.service');
            mkdirSync(join(directory, 'systemd/user'), { recursive: true });
            writeFileSync(real, '');
            symlinkSync(real, join(directory, 'link.service'));
            const run = printing(
                `${join(directory, 'link.service')}:2: Missing '='.\nUnit real.service has a bad unit file setting.\n`,
            );
            expect((await findMistake(run, real, signal))?.line).toBe(2);
        } finally {
            rmSync(directory, { recursive: true });
        }
    });

    it('is seen in the form of JSON, TOML and key files', () => {
        expect(mistakeInText('/etc/x.json', '{"a": 1}')).toBeNull();
        expect(mistakeInText('/etc/x.json', '{\n"a": 1,}')?.line).toBe(2);
        expect(mistakeInText('/etc/x.toml', 'a = 1\n')).toBeNull();
        expect(mistakeInText('/etc/x.toml', 'a = 1\nb = \n')?.line).toBe(2);
        const good = '# A comment\n[Group]\nName[de]=Wert\nLong=one \\\n  # inside\n  two\n\n[Other Group]\na=\n';
        expect(mistakeInText('/home/a/.config/gtk-4.0/settings.ini', good)).toBeNull();
        expect(mistakeInText('/etc/systemd/logind.conf', '[Login]\n#HandleLidSwitch=suspend\n')).toBeNull();
        expect(mistakeInText('/etc/systemd/logind.conf', '[Login]\nHandleLidSwitch suspend\n')?.line).toBe(2);
        expect(mistakeInText('/etc/systemd/logind.conf', 'HandleLidSwitch=suspend\n')?.line).toBe(1);
        expect(mistakeInText('/etc/systemd/logind.conf', '[Login\n')?.line).toBe(1);
        for (const bad of ['=a', 'a', 'a]=b', 'a[b=c', '[b]=c'])
            expect(mistakeInText('/etc/systemd/logind.conf', `[Login]\n${bad}\n`)?.line).toBe(2);
        expect(mistakeInText('/etc/systemd/logind.conf', '[Login]\na [b] = [c]=d\n')).toBeNull();
        expect(mistakeInText('/etc/hosts', '{')).toBeNull();
    });

    it('is none where other programs read more than the form allows', () => {
        expect(mistakeInText('/etc/supervisor/x.ini', '[a]\ncommand=a\n  b\n')).toBeNull();
        expect(mistakeInText('/home/a/.config/Code/User/settings.json', '{\n// Mine\n"a": 1 }')).toBeNull();
        expect(mistakeInText('/etc/x.json', '{"a": 1, /* b */ "c": 2}')).toBeNull();
    });

    it('takes no time, whatever the text holds', () => {
        // What goes over a part of the line for each of its characters takes minutes for these.
        const blanks = ' '.repeat(262_144);
        for (const line of [`a${blanks}b`, `a[${blanks}`, `[${blanks}`, `a[b]${blanks}c`])
            expect(mistakeInText('/etc/systemd/logind.conf', `[G]\n${line}`)?.line).toBe(2);
        expect(mistakeInText('/etc/systemd/logind.conf', `[G]\na${blanks}=b`)).toBeNull();
        for (const part of ['[', '=', '\\\n', 'a[', '\u0000'])
            expect(mistakeInText('/etc/systemd/logind.conf', part.repeat(100_000))?.line).toBe(1);
    });

    it('says which unit reads the file', () => {
        expect(readerOf('/etc/bind/named.conf')).toEqual({ scope: 'system', name: 'named.service' });
        expect(readerOf('/home/a/.config/systemd/user/x.timer')).toEqual({ scope: 'user', name: 'x.timer' });
        expect(readerOf('/home/a/.config/autostart/x.desktop')).toBeNull();
        expect(readerOf('/etc/hosts')).toBeNull();
    });
});
