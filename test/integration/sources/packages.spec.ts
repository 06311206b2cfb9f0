import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packages } from '../../../service/sources/packages.ts';
import { isPresent } from '../../support/hostPackages.ts';
import { SourceBed } from '../../support/sourceRun.ts';

describe('The packages source', () => {
    let bed: SourceBed;
    beforeEach(() => {
        bed = new SourceBed();
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });

    /** Builds a package and has the real dpkg do something with it, in the tree of the test. */
    function dpkg(...argv: string[]): void {
        execFileSync(
            'dpkg',
            [`--root=${bed.root}`, `--log=${join(bed.root, 'var/log/dpkg.log')}`, '--force-all', ...argv],
            {
                stdio: 'pipe',
                env: { ...process.env, DPKG_FORCE: 'all' },
            },
        );
    }
    function build(version: string): string {
        const tree = join(bed.directory, `tree-${version}`);
        mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
        const control = `Package: sample\nVersion: ${version}\nArchitecture: all\nMaintainer: t <t@example.org>\nDescription: s\n`;
        writeFileSync(join(tree, 'DEBIAN/control'), control);
        const file = join(bed.directory, `sample_${version}.deb`);
        execFileSync('dpkg-deb', ['--build', '--root-owner-group', tree, file], { stdio: 'pipe' });
        return file;
    }

    it('reports what dpkg does, through a rotated log and a restart', async () => {
        if (!isPresent('dpkg-deb')) pending('needs dpkg');
        const log = join(bed.root, 'var/log/dpkg.log');
        for (const folder of ['var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/log'])
            mkdirSync(join(bed.root, folder), { recursive: true });
        for (const file of ['status', 'available']) writeFileSync(join(bed.root, 'var/lib/dpkg', file), '');
        writeFileSync(log, '');
        {
            await using run = await bed.start(packages);
            dpkg('--install', build('1.0'));
            const installed = await run.entry(({ event }) => event === 'installed');
            expect(installed).toEqual(
                jasmine.objectContaining({
                    kind: 'package',
                    subject: 'sample',
                    summary: 'sample 1.0 was installed',
                    facts: { manager: 'dpkg', from: '', to: '1.0' },
                }),
            );
            dpkg('--install', build('2.0'));
            expect((await run.entry(({ event }) => event === 'upgraded')).facts.from).toBe('1.0');
        }
        dpkg('--remove', 'sample');
        renameSync(log, `${log}.1`);
        writeFileSync(log, '');
        dpkg('--install', build('3.0'));
        await using run = await bed.start(packages);
        await run.entry(({ event }) => event === 'installed');
        expect(run.entries.map(({ event, facts }) => [event, facts.from, facts.to])).toEqual([
            ['removed', '2.0', ''],
            ['installed', '', '3.0'],
        ]);
    }, 30_000);

    it('reports what Flatpak does to either of its installations', async () => {
        const app = join(bed.root, 'var/lib/flatpak/app/org.example.Sample/x86_64/stable');
        const changed = join(bed.root, 'var/lib/flatpak/.changed');
        const commits = ['a', 'b'].map(letter => letter.repeat(64));
        mkdirSync(app, { recursive: true });
        writeFileSync(changed, '');
        await using run = await bed.start(packages);
        expect(run.entries).toEqual([]);
        symlinkSync(commits[0] ?? '', join(app, 'active'));
        writeFileSync(changed, '1');
        const installed = await run.entry(({ event }) => event === 'installed');
        expect(installed.subject).toBe('org.example.Sample//stable');
        rmSync(join(app, 'active'));
        symlinkSync(commits[1] ?? '', join(app, 'active'));
        writeFileSync(changed, '12');
        const upgraded = await run.entry(({ event }) => event === 'upgraded');
        expect(upgraded.facts).toEqual({ manager: 'flatpak', from: 'aaaaaaaaaaaa', to: 'bbbbbbbbbbbb' });
        rmSync(app, { recursive: true });
        writeFileSync(changed, '123');
        await run.entry(({ event }) => event === 'removed');
    }, 30_000);

    it('reads what pacman wrote before, once', async () => {
        mkdirSync(join(bed.root, 'var/lib/pacman'), { recursive: true });
        mkdirSync(join(bed.root, 'var/log'), { recursive: true });
        const lines = [
            '[2024-05-03T09:16:00+0200] [ALPM] upgraded linux (6.8-1 -> 6.9-1)',
            '[2024-05-03T09:16:02+0200] [ALPM] removed nano (7.2-1)',
            '[2024-05-03T09:16:02+0200] [ALPM] running a hook',
        ];
        writeFileSync(join(bed.root, 'var/log/pacman.log'), `${lines.join('\n')}\n[2024-05-03T09:16`);
        {
            await using run = await bed.start(packages);
            expect(run.entries.map(({ event, subject }) => [event, subject])).toEqual([
                ['upgraded', 'linux'],
                ['removed', 'nano'],
            ]);
        }
        await using again = await bed.start(packages);
        expect(again.entries).toEqual([]);
    });

    it('notices an installation of Flatpak that is made later', async () => {
        mkdirSync(join(bed.root, 'var/lib/dpkg'), { recursive: true });
        await using run = await bed.start(packages);
        const installation = join(bed.home, '.local/share/flatpak');
        const app = join(installation, 'app/org.example.Sample/x86_64/stable');
        mkdirSync(app, { recursive: true });
        writeFileSync(join(installation, '.changed'), '');
        while (bed.database.getState('packages-flatpak') === null) await delay(50);
        symlinkSync('a'.repeat(64), join(app, 'active'));
        writeFileSync(join(installation, '.changed'), '1');
        const installed = await run.entry(({ event }) => event === 'installed');
        expect(installed.subject).toBe('org.example.Sample//stable');
    }, 30_000);

    it('is not there without a package manager', async () => {
        await using run = await bed.start(packages);
        expect(run.source.status.state).toBe('unavailable');
    });
});
