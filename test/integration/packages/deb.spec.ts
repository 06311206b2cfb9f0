import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildAll } from '../../../build/build.ts';
import { buildDebs } from '../../../build/deb.ts';
import { packagedFiles } from '../../../packaging/manifest.ts';
import { ensureHostPackages } from '../../support/hostPackages.ts';
import { run } from '../../support/program.ts';

describe('The Debian package', () => {
    let scratch: string;
    let built: string;
    let folder: string;
    let file: string;

    /** The smallest of them that has everything else: the Node of the build is 120 MB. */
    const make = async (built: string, out: string, options: { release?: string } = {}) => {
        const [made] = await buildDebs(built, { only: ['debian-node'], quick: true, out, ...options });
        return made?.file ?? '';
    };

    beforeAll(async () => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-deb-'));
        folder = join(scratch, 'out');
        built = await buildAll();
        file = await make(built, folder);
    }, 120_000);
    afterAll(() => {
        rmSync(scratch, { recursive: true });
    });

    it('is the same bytes when it is built again from the same commit, elsewhere and by somebody with other habits', async () => {
        const before = process.umask(0o077);
        const again = await buildAll(join(scratch, 'built'))
            .then(elsewhere => make(elsewhere, join(scratch, 'again')))
            .finally(() => process.umask(before));

        expect(sha256(again)).toBe(sha256(file));
    }, 120_000);

    it('has each file where the manifest says, owned by root and writable by nobody else', async () => {
        const { output } = await run(['dpkg-deb', '--contents', file]);
        const entries = output.trimEnd().split('\n');
        const paths = entries.map(entry => / \.(\/\S*)/.exec(entry)?.[1]);

        for (const [, path] of packagedFiles('deb')) expect(paths).toContain(path);
        expect(paths).toContain('/usr/lib/reeve/installed.json');
        for (const entry of entries)
            expect(entry).toMatch(/^(?:drwxr-xr-x|-rwxr-xr-x|-rw-r--r--|lrwxrwxrwx) root\/root /);
    });

    it('has nothing that lintian complains about and that is not overridden with its reason', async () => {
        const missing = ensureHostPackages({ lintian: 'lintian' });
        if (missing.length > 0) pending('lintian is not installed');
        const others = await buildDebs(built, { only: ['vulkan'], quick: true, out: join(scratch, 'others') });

        const files = [file, ...others.map(other => other.file)];
        const { output } = await run(['lintian', '--pedantic', '--allow-root', '--fail-on=none', ...files], {
            timeout: 120_000,
        });

        expect(output).toBe('');
    }, 300_000);

    it('stays as it is when the next one cannot be made, and nothing half made lies beside it', async () => {
        const before = sha256(file);

        await expectAsync(make(join(scratch, 'nothing'), folder)).toBeRejected();

        expect(readdirSync(folder)).toEqual([file.slice(folder.length + 1)]);
        expect(sha256(file)).toBe(before);
    });

    it('says that it is the version that it is released as', async () => {
        const older = await make(built, join(scratch, 'older'), { release: '0.0.9' });

        const { output } = await run(['dpkg-deb', '--field', older, 'Version']);

        expect(output.trim()).toBe('0.0.9');
    }, 120_000);
});

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
