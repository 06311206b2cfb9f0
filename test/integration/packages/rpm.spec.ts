import { createHash } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { buildAll } from '../../../build/build.ts';
import { buildRpms } from '../../../build/rpm.ts';
import { packagedFiles } from '../../../packaging/manifest.ts';
import { ensureHostPackages } from '../../support/hostPackages.ts';
import { run } from '../../support/program.ts';

describe('The packages for Fedora and openSUSE', () => {
    let scratch: string;
    let files: string[] = [];
    let reeve: string;

    beforeAll(async () => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-rpm-'));
        if (ensureHostPackages({ rpmbuild: 'rpm' }).length > 0) return;
        files = await buildRpms(await buildAll(), { out: join(scratch, 'out'), quick: true });
        reeve = files.find(file => /\/reeve-\d[^/]*$/.test(file)) ?? '';
    }, 600_000);
    beforeEach(() => {
        if (files.length === 0) pending('rpmbuild is not installed');
    });
    afterAll(() => {
        rmSync(scratch, { recursive: true });
    });

    const query = async (...about: string[]) => (await run(['rpm', '--query', '--package', ...about, reeve])).output;

    it('are the same bytes when they are built again from the same commit, elsewhere and by somebody with other habits', async () => {
        const before = process.umask(0o077);
        const again = await buildAll(join(scratch, 'built'))
            .then(elsewhere => buildRpms(elsewhere, { out: join(scratch, 'again'), quick: true }))
            .finally(() => process.umask(before));

        expect(again.map(file => [basename(file), sha256(file)])).toEqual(
            files.map(file => [basename(file), sha256(file)]),
        );
    }, 600_000);

    it('have each file where the manifest says, owned by root and writable by nobody else', async () => {
        const format = '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILENAMES}\n]';
        const entries = (await query('--queryformat', format)).trimEnd().split('\n');
        const paths = entries.map(entry => entry.split(' ')[3] ?? '');

        expect(paths).toEqual(jasmine.arrayContaining(packagedFiles('rpm').map(([, path]) => path)));
        for (const path of ['lib/node', 'installed.json']) expect(paths).toContain(`/usr/lib/reeve/${path}`);
        for (const entry of entries)
            expect(entry).toMatch(/^(?:drwxr-xr-x|-rwxr-xr-x|-rw-r--r--|lrwxrwxrwx) root root \/usr\//);
        // What is shared with other packages belongs to those.
        expect(entries.filter(entry => /^d.* \/usr(?:\/(?:lib|share|bin))?$/.test(entry))).toEqual([]);
    });

    it('can be installed, started and removed, and leave nothing', async () => {
        if (process.getuid?.() !== 0) pending('only root can install below another root');
        const root = join(scratch, 'root');
        mkdirSync(root);
        const rpm = (...args: string[]) =>
            run(['rpm', '--root', root, '--nodeps', '--noscripts', ...args], { timeout: 120_000 });

        expect((await rpm('--install', ...files)).code).toBe(0);
        expect((await run([join(root, 'usr/bin/reeve'), '--version'])).output).toMatch(/^reeve \d/);
        expect((await rpm('--erase', ...files.map(file => basename(file).replace(/-\d.*/, '')))).code).toBe(0);

        expect(globSync('usr/**/*reeve*', { cwd: root })).toEqual([]);
    }, 300_000);

    it('have scripts that a shell can read, and restart the service only after an upgrade', async () => {
        const scripts = (await query('--scripts')).split(/^.* scriptlet \(using \/bin\/sh\):\n/m).slice(1);

        expect(scripts).toHaveSize(3);
        for (const script of scripts) expect((await run(['sh', '-n', '-c', script])).errors).toBe('');
        expect(scripts.filter(script => script.includes('try-restart reeve.service'))).toEqual([
            jasmine.stringContaining('if [ "$1" -gt 1 ]; then'),
        ]);
    });

    it('have nothing that rpmlint complains about and that is not filtered with its reason', async () => {
        if (ensureHostPackages({ rpmlint: 'rpmlint', cpio: 'cpio' }).length > 0) pending('rpmlint is not installed');

        const { output } = await run(['rpmlint', '--config', 'packaging/rpm/rpmlint.toml', ...files], {
            timeout: 120_000,
        });

        expect(output).toContain(` ${files.length} packages and 0 specfiles checked; 0 errors, 0 warnings`);
    }, 300_000);
});

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
