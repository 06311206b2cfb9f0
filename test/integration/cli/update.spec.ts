import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installedText } from '../../../service/util/installed.ts';
import { startBuiltService, type BuiltService } from '../../support/builtService.ts';
import { run } from '../../support/program.ts';

describe('reeve update', () => {
    let service: BuiltService;
    let scratch: string;

    beforeAll(async () => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-update-'));
        service = await startBuiltService();
    }, 60_000);
    afterAll(async () => {
        await service[Symbol.asyncDispose]();
        rmSync(scratch, { recursive: true });
    });

    const installedAs = (...given: Parameters<typeof installedText>) => {
        writeFileSync(join(service.built, 'installed.json'), installedText(...given));
    };
    const json = async () => JSON.parse((await service.reeve('update', '--json')).output) as unknown;

    /** @param script what apt does */
    const pretendApt = (script: string) => {
        const programs = mkdtempSync(join(scratch, 'programs-'));
        const apt = join(programs, 'apt');
        writeFileSync(apt, `#!/bin/sh\n${script}\n`);
        chmodSync(apt, 0o755);
        service.environment.PATH = `${programs}:${process.env.PATH ?? ''}`;
    };

    it('shows the commands for a checkout, and compares the models', async () => {
        installedAs({ way: 'checkout', checkout: '/home/ada/my reeve' });

        const { code, output } = await service.reeve('update');

        expect(output).toContain(`git -C '/home/ada/my reeve' pull --ff-only`);
        expect(output).toContain(`npm --prefix '/home/ada/my reeve' run install:user`);
        expect(code).toBe(0);
        expect(await json()).toEqual(jasmine.objectContaining({ way: 'checkout', newer: null, models: [] }));
    });

    it('says so where the service cannot be reached, and shows the rest', async () => {
        installedAs({ way: 'tarball' });

        const { code, output, errors } = await run([join(service.built, 'bin', 'reeve'), 'update'], {
            env: { HOME: scratch, PATH: process.env.PATH, XDG_RUNTIME_DIR: join(scratch, 'no-session') },
        });

        expect(output).toContain('unpack a newer tarball');
        expect(errors).toContain('language models were not compared');
        expect(code).toBe(0);
    });

    it('names the version that the package lists have, and has the service plan the update', async () => {
        installedAs({ way: 'deb' });
        pretendApt('echo "reeve/sid 9.9.9 amd64 [upgradable from: 0.1.0]"');

        expect(await json()).toEqual(jasmine.objectContaining({ way: 'deb', newer: '9.9.9', steps: [] }));
        const looked = await service.reeveOnTerminal(['update', '--check'], '');
        expect(looked.output).toContain('The package lists have version 9.9.9.');
        expect(looked.code).toBe(1);

        // The service knows better: here is no package of this name.
        const { code, output } = await service.reeveOnTerminal(['update'], '');
        expect(output).toContain('reeve is not installed');
        expect(code).toBe(4);
    });

    it('says which program failed where the package lists cannot be read', async () => {
        installedAs({ way: 'deb' });
        pretendApt('echo "E: The list of sources could not be read." >&2; exit 100');

        const { code, output, errors } = await service.reeve('update');

        expect(output).toContain('installed from a Debian package');
        expect(code).toBe(6);
        expect(errors).toContain('apt did not answer as expected');
        expect(errors).not.toContain('bug');
    });
});
