import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildAll } from '../../../build/build.ts';
import { buildTar } from '../../../build/tar.ts';
import { localFiles, userFiles } from '../../../packaging/manifest.ts';
import { startBuiltService } from '../../support/builtService.ts';
import { run } from '../../support/program.ts';

describe('The tarball', () => {
    let scratch: string;
    let file: string;
    beforeAll(async () => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-tar-'));
        file = await buildTar(await buildAll(), { out: join(scratch, 'out'), quick: true });
    }, 240_000);
    afterAll(() => {
        rmSync(scratch, { recursive: true });
    });

    /** @returns the folder that was in it */
    const unpack = async () => {
        const folder = mkdtempSync(join(scratch, 'unpacked-'));
        await run(['tar', '--extract', `--file=${file}`, `--directory=${folder}`], { timeout: 60_000 });
        return join(folder, globSync('reeve-*-linux-*', { cwd: folder })[0] ?? '');
    };
    const start = (...argv: string[]) => {
        const home = join(scratch, 'home');
        mkdirSync(home, { recursive: true });
        const [program = '', ...rest] = argv;
        return run([program, ...rest], {
            env: { HOME: home, PATH: process.env.PATH, XDG_RUNTIME_DIR: join(scratch, 'no-session') },
        });
    };

    it('is the same bytes when it is built again from the same commit, elsewhere and by somebody with other habits', async () => {
        const before = process.umask(0o077);
        const again = await buildAll(join(scratch, 'built'))
            .then(elsewhere => buildTar(elsewhere, { out: join(scratch, 'again'), quick: true }))
            .finally(() => process.umask(before));

        expect(sha256(again)).toBe(sha256(file));
    }, 240_000);

    it('has what its installer installs, owned by root and writable by nobody else, in one folder', async () => {
        const { output } = await run(['tar', '--list', '--verbose', `--file=${file}`], { timeout: 60_000 });
        const entries = output.trimEnd().split('\n');
        const shared = entries.flatMap(entry => /^-.* reeve-[^/]*\/share\/(\S+)$/.exec(entry)?.[1] ?? []);

        expect(shared).toEqual([...userFiles, ...localFiles.map(([name]) => name)].sort());
        for (const entry of entries)
            expect(entry).toMatch(/^(?:drwxr-xr-x|-rwxr-xr-x|-rw-r--r--) 0\/0 .* reeve-[\d.]+-linux-\w+(?:\/|$)/);
        expect(entries.filter(entry => entry.endsWith('.map'))).toEqual([]);
    });

    it('starts where it was unpacked, with its own Node', async () => {
        await using service = await startBuiltService({ of: await unpack() });

        expect((await service.reeve('--version')).output).toMatch(/^reeve \d/);
        expect((await service.reeve('doctor')).output).toContain('Audit log');
    });

    it('installs Reeve for the user who asks it to, and removes it when its folder is gone', async () => {
        const unpacked = await unpack();
        const installed = await start(join(unpacked, 'bin', 'install'));
        expect(installed.errors).toBe('');
        rmSync(unpacked, { recursive: true });
        const home = join(scratch, 'home');
        expect((await start(join(home, '.local/bin/reeve'), '--version')).output).toMatch(/^reeve \d/);
        const { output } = await start(join(home, '.local/bin/reeve'), 'update', '--json');
        expect(JSON.parse(output)).toEqual(jasmine.objectContaining({ way: 'tarball' }));

        const removed = await start(join(home, '.local/lib/reeve/bin/install'), '--uninstall');

        expect(removed.code).toBe(0);
        expect(existsSync(join(home, '.local/lib/reeve'))).toBeFalse();
    });
});

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
