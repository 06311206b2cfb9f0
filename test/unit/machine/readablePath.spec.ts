import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { isSecretPath } from '../../../service/machine/readablePath.ts';
import { runTool } from '../../../service/assistant/tools/registry.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';
import { toolContext } from '../assistant/tools/context.ts';

describe('isSecretPath', () => {
    const secret = [
        '/etc/shadow',
        '/etc/gshadow-',
        '/etc/ssl/private/host.pem',
        '/etc/NetworkManager/system-connections/home.nmconnection',
        '/etc/wireguard/wg0.conf',
        '/proc/1/environ',
        '/proc/self/mem',
        '/dev/sda',
        '/run/user/1000/keyring/control',
        '/srv/app/.env',
        '/srv/app/.env.production',
        '/srv/app/credentials.json',
        '/srv/tls/server.key',
        '/home/other/vault.kdbx',
        join(homedir(), '.ssh/id_ed25519'),
        join(homedir(), '.gnupg/pubring.kbx'),
        join(homedir(), '.local/share/keyrings/login.keyring'),
        join(homedir(), '.mozilla/firefox/x/logins.json'),
        join(homedir(), '.bash_history'),
        join(homedir(), '.netrc'),
        join(homedir(), '.config/gh/hosts.yml'),
        join(homedir(), '.config/sops/age/keys.txt'),
        join(homedir(), '.config/containers/auth.json'),
        join(homedir(), '.m2/settings.xml'),
        join(homedir(), '.local/state/reeve/database/reeve.db'),
    ];
    const open = [
        '/etc/fstab',
        '/etc/passwd',
        '/etc/ssh/sshd_config',
        '/etc/ssl/openssl.cnf',
        '/var/log/dpkg.log',
        '/proc/meminfo',
        '/usr/share/doc/bash/README',
        '/etc/NetworkManager/NetworkManager.conf',
        '/usr/share/keyboard/keys.txt',
        join(homedir(), 'Documents/notes.txt'),
        join(homedir(), '.config/monitors.xml'),
    ];

    for (const path of secret)
        it(`keeps out of ${path}`, () => {
            expect(isSecretPath(path)).toBeTrue();
        });
    for (const path of open)
        it(`may look at ${path}`, () => {
            expect(isSecretPath(path)).toBeFalse();
        });
});

describe('Files', () => {
    let root: string;
    const read = async (path: string, name = 'read_file') =>
        (await runTool(name, { path }, toolContext({ machine: { ...recordedMachine(), root } }))).text;

    beforeAll(async () => {
        root = await mkdtemp(join(tmpdir(), 'reeve-files-'));
        await mkdir(join(root, 'etc'));
        await writeFile(join(root, 'etc/app.conf'), 'user = me\npassword = hunter2\n');
        await writeFile(join(root, 'etc/shadow'), 'root:$6$abcdefgh$ijklmnopqrst:1\n');
        await writeFile(join(root, 'etc/picture'), Buffer.from([1, 0, 2]));
        await writeFile(join(root, 'etc/long'), Array.from({ length: 500 }, (_value, n) => `line ${n}`).join('\n'));
        await symlink('shadow', join(root, 'etc/harmless'));
    });

    afterAll(() => rm(root, { recursive: true }));

    it('are read without the secrets in them', async () => {
        expect(await read('/etc/app.conf')).toContain('user = me\npassword = [redacted]');
    });

    it('are not read where secrets are kept, nor through a link or a way around', async () => {
        for (const path of ['/etc/shadow', '/etc/harmless', '/etc/../etc/shadow', '/etc//shadow'])
            expect(await read(path))
                .withContext(path)
                .toContain('may contain secrets');
        expect(await read('/etc/harmless', 'file_info')).toContain('may contain secrets');
    });

    it('are only read when they are text files', async () => {
        expect(await read('/etc/picture')).toContain('It is not a text file.');
        expect(await read('/etc')).toContain('is not a file');
        // Nobody ever writes into it: who waited would wait for ever.
        expect(spawnSync('mkfifo', [join(root, 'etc/pipe')]).status).toBe(0);
        expect(await read('/etc/pipe')).toContain('is not a file');
        expect(await read('/etc/nothing')).toContain('does not exist');
        expect(await read('etc/app.conf')).toContain('is not an absolute path');
    });

    it('are cut, and that is said', async () => {
        const text = await read('/etc/long');

        expect(text).toContain('line 39');
        expect(text).not.toContain('line 40');
        expect(text).toContain('(there is more after)');
    });

    it('are found by a part of the name, but not among secrets', async () => {
        const find = async (name: string) => {
            const context = toolContext({ machine: { ...recordedMachine(), root: '/' } });
            return (await runTool('find_files', { name, folder: root }, context)).text;
        };

        expect(await find('app')).toContain('app.conf: 29 B');
        expect(await find('*.conf')).toContain('app.conf');
        expect(await find('app*')).toContain('app.conf');
        expect(await find('*.con')).toContain('Found: none');
    });
});
