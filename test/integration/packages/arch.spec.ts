import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { buildArch } from '../../../build/arch.ts';
import { buildAll } from '../../../build/build.ts';
import { packagedFiles } from '../../../packaging/manifest.ts';
import { ensureHostPackages } from '../../support/hostPackages.ts';
import { run } from '../../support/program.ts';

describe('The packages for Arch', () => {
    let scratch: string;
    let files: string[];
    let isComplete: boolean;

    beforeAll(async () => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-arch-'));
        isComplete =
            ensureHostPackages({
                makepkg: 'makepkg',
                pacman: 'pacman-package-manager',
                bsdtar: 'libarchive-tools',
            }).length === 0;
        files = await buildArch(await buildAll(), { out: join(scratch, 'out'), quick: true });
    }, 600_000);
    afterAll(() => {
        rmSync(scratch, { recursive: true });
    });

    const named = (name: RegExp) => files.find(file => name.test(basename(file))) ?? '';

    it('are made by a PKGBUILD that is the same when it is made again, with the digest of its source', async () => {
        const before = process.umask(0o077);
        const again = await buildAll(join(scratch, 'built'))
            .then(elsewhere => buildArch(elsewhere, { out: join(scratch, 'again'), quick: true }))
            .finally(() => process.umask(before));

        // makepkg writes the folder that it worked in into a package.
        const given = /^(?:PKGBUILD|reeve\.install|.*\.xz)$/;
        const digests = (made: readonly string[]) =>
            made.filter(file => given.test(basename(file))).map(file => [basename(file), sha256(file)]);
        expect(digests(again)).toEqual(digests(files));
        expect(digests(files)).toHaveSize(3);
        expect(readFileSync(named(/^PKGBUILD$/), 'utf8')).toContain(`sha256sums=('${sha256(named(/\.xz$/))}')`);
    }, 600_000);

    it('have each file where the manifest says, owned by root and writable by nobody else', async () => {
        if (!isComplete) pending('makepkg is not installed');

        const { output } = await run(['bsdtar', '--list', '--verbose', '--file', named(/^reeve-\d.*\.pkg\.tar$/)]);

        const entries = output.trimEnd().split('\n');
        const paths = entries.map(entry => / (usr\/\S*)/.exec(entry)?.[1]);
        for (const [, path] of packagedFiles('pacman')) expect(paths).toContain(path.slice(1));
        for (const entry of entries)
            expect(entry).toMatch(/^(?:drwxr-xr-x|-rwxr-xr-x|-rw-r--r--|lrwxrwxrwx) +0 root +root /);
    });

    it('have a script that a shell can read, with what pacman calls', async () => {
        const script = named(/^reeve\.install$/);

        for (const hook of ['post_install', 'post_upgrade', 'pre_remove', 'post_remove']) {
            const { code, output, errors } = await run(['sh', '-e', '-c', `. "$1"; type ${hook}`, 'sh', script]);
            expect([hook, code, errors]).toEqual([hook, 0, '']);
            expect(output).toContain('function');
        }
    });
});

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
