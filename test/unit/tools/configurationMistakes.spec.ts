import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findMistake, mistakeInText, readerOf } from '../../../service/tools/configurationMistakes.ts';
import type { Run } from '../../../service/tools/run.ts';

const { signal } = new AbortController();

/** A program that prints this, whatever it is asked. */
function printing(output: string): Run & { argv: string[] } {
    const argv: string[] = [];
    const run: Run = (program, given) => {
        argv.push(program.slice(program.lastIndexOf('/') + 1), ...given);
        return Promise.resolve(output);
    };
    return Object.assign(run, { argv });
}

describe('A mistake in a configuration file', () => {
    /** In their own words: the patterns name where those are from. */
    const cases: [string, string, string, number | null, RegExp][] = [
        [
            'sshd -G -f /etc/ssh/sshd_config',
            '/etc/ssh/sshd_config',
            '/etc/ssh/sshd_config: line 125: Bad configuration option: PermitRootLogni\n/etc/ssh/sshd_config: terminating, 1 bad configuration options\n',
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
            'nginx -t -q',
            '/etc/nginx/nginx.conf',
            'nginx: [alert] could not open error log file: open() "/var/log/nginx/error.log" failed (13: Permission denied)\n2026/11/22 02:00:00 [emerg] 812#812: unknown directive "sever" in /etc/nginx/nginx.conf:10\n',
            10,
            /unknown directive/,
        ],
        [
            'named-checkconf',
            '/etc/bind/named.conf',
            "/etc/bind/named.conf:12: unknown option 'fowarders'\n",
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
            "/etc/systemd/system/x.service:5: Unknown key 'Restrt' in section [Service], ignoring.\n",
            5,
            /Restrt/,
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
        const closed = printing(
            '[emerg] open() "/etc/nginx/key" failed (13: Permission denied) in /etc/nginx/nginx.conf:3\n',
        );
        expect(await findMistake(closed, '/etc/nginx/nginx.conf', signal)).toBeNull();
        const absent: Run = () => Promise.resolve(null);
        expect(await findMistake(absent, '/etc/ssh/sshd_config', signal)).toBeNull();
        expect(await findMistake(other, '/etc/hosts', signal)).toBeNull();
    });

    it('is known by the name that a link gave the file', async () => {
        const directory = mkdtempSync(join(tmpdir(), 'reeve-mistakes-'));
        try {
            const real = join(directory, 'systemd/user/real.service');
            mkdirSync(join(directory, 'systemd/user'), { recursive: true });
            writeFileSync(real, '');
            symlinkSync(real, join(directory, 'link.service'));
            const run = printing(`${join(directory, 'link.service')}:2: Missing '='.\n`);
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
        expect(mistakeInText('/etc/hosts', '{')).toBeNull();
    });

    it('takes no time, whatever the text holds', () => {
        for (const part of ['[', '=', '\\\n', '[a]\n', 'a[', '\u0000'])
            expect(() => mistakeInText('/etc/x.ini', part.repeat(100_000))).not.toThrow();
    });

    it('tells which unit reads the file', () => {
        expect(readerOf('/etc/nginx/sites-available/default')).toEqual({ scope: 'system', name: 'nginx.service' });
        expect(readerOf('/home/a/.config/systemd/user/x.timer')).toEqual({ scope: 'user', name: 'x.timer' });
        expect(readerOf('/home/a/.config/autostart/x.desktop')).toBeNull();
        expect(readerOf('/etc/hosts')).toBeNull();
    });
});
