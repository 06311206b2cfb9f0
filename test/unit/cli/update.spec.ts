import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findUpdate, newerModels } from '../../../service/cli/commands/update.ts';
import { filesOf, type Machine } from '../../../service/machine/machine.ts';
import { installedText, readInstalled } from '../../../service/util/installed.ts';

describe('How Reeve was installed', () => {
    let library: string;
    beforeEach(() => {
        library = mkdtempSync(join(tmpdir(), 'reeve-installed-'));
    });
    afterEach(() => {
        rmSync(library, { recursive: true });
    });
    const write = (text: string) => {
        writeFileSync(join(library, 'installed.json'), text);
    };

    it('is what its installation wrote', async () => {
        write(installedText({ way: 'checkout', checkout: '/home/ada/reeve' }));
        expect(await readInstalled(library)).toEqual({ way: 'checkout', checkout: '/home/ada/reeve' });
        write(installedText({ way: 'rpm' }));
        expect(await readInstalled(library)).toEqual({ way: 'rpm' });
    });

    it('is known of Nix by where its packages lie', async () => {
        expect(await readInstalled('/nix/store/0c7-reeve-0.1.0/lib/reeve')).toEqual({ way: 'nix' });
    });

    it('is not known without that, or when it is damaged', async () => {
        expect(await readInstalled(library)).toEqual({ way: 'unknown' });
        for (const text of ['', '{', 'null', '{"way":"apt-get"}', '{"way":"checkout","checkout":3}']) {
            write(text);
            expect(await readInstalled(library))
                .withContext(text)
                .toEqual({ way: 'unknown' });
        }
    });
});

describe('What updates Reeve', () => {
    const { signal } = new AbortController();
    /** A computer that has one package manager, which says this. */
    const having = (manager: string, output: string): Machine => ({
        ...filesOf('/nowhere'),
        run: program => Promise.resolve(program === manager ? output : null),
    });

    it('is a plan where the package manager knows a newer version, and nothing where it knows none', async () => {
        const apt =
            'reeve-vulkan/sid 9.0 amd64 [upgradable from: 0.1.0]\nreeve/sid 0.2.0~node amd64 [upgradable from: 0.1.0~node]\n';
        expect(await findUpdate({ way: 'deb' }, having('apt', apt), signal)).toEqual({
            newer: '0.2.0~node',
            steps: [],
        });
        const dnf = 'reeve.x86_64   0.2.0-1   updates\n';
        expect(await findUpdate({ way: 'rpm' }, having('dnf', dnf), signal)).toEqual({ newer: '0.2.0-1', steps: [] });
        const pacman = 'reeve 0.1.0-1 -> 0.2.0-1\n';
        expect(await findUpdate({ way: 'pacman' }, having('pacman', pacman), signal)).toEqual({
            newer: '0.2.0-1',
            steps: [['pacman', '-Syu']],
        });
        expect(await findUpdate({ way: 'deb' }, having('apt', ''), signal)).toEqual({ newer: null, steps: [] });
    });

    it('is zypper, by a person, for an RPM package where there is no dnf', async () => {
        expect(await findUpdate({ way: 'rpm' }, having('none', ''), signal)).toEqual({
            newer: null,
            steps: [['zypper', 'update', 'reeve']],
        });
    });

    it('is two commands for a checkout, with its folder as one word of them', async () => {
        const checkout = '/home/ada/my reeve; rm -rf ~';
        const { steps } = await findUpdate({ way: 'checkout', checkout }, having('apt', ''), signal);

        expect(steps).toEqual([
            ['git', '-C', checkout, 'pull', '--ff-only'],
            ['npm', '--prefix', checkout, 'run', 'install:user'],
        ]);
    });
});

describe('Models of the catalogue that are newer than the installed ones', () => {
    const model = (id: string, roles: string[] = []) => ({ id, name: id.toUpperCase(), sha256: `${id}-sum`, roles });
    const installed = [{ id: 'b', sha256: 'b-sum' }];
    const catalogue = [model('a'), model('b'), model('c', ['quick', 'hard'])];

    it('are stronger than the one that is used, and suit the computer', () => {
        expect(newerModels(catalogue, { installed, quick: 'b', hard: 'b' })).toEqual([
            { id: 'c', name: 'C', replaces: 'b' },
        ]);
        const weaker = [model('a', ['quick', 'hard']), model('b')];
        expect(newerModels(weaker, { installed, quick: 'b', hard: 'b' })).toEqual([]);
    });

    it('have another file than the one that was downloaded', () => {
        const old = [{ id: 'b', sha256: 'older' }];
        expect(newerModels([model('b')], { installed: old, quick: '', hard: '' })).toEqual([
            { id: 'b', name: 'B', replaces: 'b' },
        ]);
        expect(newerModels([{ ...model('b'), sha256: '' }], { installed: old, quick: '', hard: '' })).toEqual([]);
    });

    it('are none where nothing is installed or used, or where nothing is known of what is', () => {
        expect(newerModels(catalogue, { installed: [], quick: '', hard: '' })).toEqual([]);
        const own = [{ id: 'my-own', sha256: 'x' }];
        expect(newerModels(catalogue, { installed: own, quick: 'my-own', hard: 'my-own' })).toEqual([]);
    });
});
