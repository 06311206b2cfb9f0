// Packages of computers other than Debian's. What the programs print was recorded with dnf5 5.4.6 and pacman 7.1.0, each in a folder
// with a repository of five small packages.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { alteredFiles } from '../../../service/actions/packages/packageManager.ts';
import { pacman as pacmanPackages } from '../../../service/actions/packages/pacman.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { Contents } from '../../../service/store/contents.ts';
import { filesOf, type Machine } from '../../../service/machine/machine.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';

const heading = 'Package                 Arch   Version Repository      Size\n';
const dnf = {
    install: `${heading}Installing:
 hexer                  noarch 0:2.0-1 t            0.0   B

Transaction Summary:
 Installing:         1 package

`,
    withOthers: `${heading}Installing:
 bench-tool noarch 0:1.1-1 t            0.0   B
Installing dependencies:
 libneeded  noarch 0:1.0-1 t            0.0   B

Transaction Summary:
 Installing:         2 packages

`,
    upgrade: `${heading}Upgrading:
 bench-tool             noarch 0:1.1-1 t            0.0   B
   replacing bench-tool noarch 0:1.0-1 t            0.0   B

Transaction Summary:
 Upgrading:          1 package
 Replacing:          1 package

`,
    removal: `${heading}Removing:
 libneeded  noarch 0:1.0-1 t            0.0   B
Removing dependent packages:
 bench-tool noarch 0:1.0-1 t            0.0   B

Transaction Summary:
 Removing:           2 packages

`,
    available: 'bench-tool\tA tool\nbench-tool\tA tool\nhexer\tViews hex files\nlibneeded\tA tool\n',
};
// rpm(8), --verify: a changed program, a changed setting, and a file that this user may not read.
const altered = 'S.5....T.    /usr/bin/bench-tool\nS.5....T.  c /etc/bench-tool.conf\n..?......    /usr/lib/private\n';
const pacman = {
    present: 'bench-tool 1.0-1\nlibneeded 1.0-1\n',
    search: 't/hexer 2.0-1\n    Views hex files\n',
    install: 'hexer\t2.0-1\t\t\n',
    conflict: 'clash\t1.0-1\t\tbench-tool\n',
    upgradeAll: 'newneeds\t1.0-1\tlibneeded\tlibneeded\nbench-tool\t1.1-1\t\t\n',
    removal: 'bench-tool\t1.0-1\t\t\nlibneeded\t1.0-1\t\t\n',
};

describe('Files that are not as their package has them', () => {
    it('are those that dpkg misses or finds changed, without settings, documentation and what this user may not read', () => {
        // verify.c of dpkg.
        const lines = [
            '??5??????   /usr/bin/changed',
            '??5?????? c /etc/changed.conf',
            'missing     /usr/bin/gone',
            'missing   c /etc/gone.conf',
            'missing     /usr/lib/closed (Permission denied)',
            'missing     /usr/share/doc/gone/changelog.gz',
        ];
        expect(alteredFiles(`${lines.join('\n')}\n`)).toEqual(['/usr/bin/changed', '/usr/bin/gone']);
        expect(alteredFiles('')).toEqual([]);
    });

    it('are those that pacman misses', async () => {
        const said = [
            'warning: bench-tool: /usr/bin/bench tool (No such file or directory)',
            'warning: bench-tool: /usr/lib/closed (Permission denied)',
            'bench-tool: 5 total files, 1 missing file',
        ];
        const machine = { root: '/', run: () => Promise.resolve(said.join('\n')) } as never as Machine;
        const { signal } = new AbortController();
        expect(await pacmanPackages.altered(machine, 'bench-tool', signal)).toEqual(['/usr/bin/bench tool']);
    });
});

describe('The packages of', () => {
    let root: string;
    let programs: Disposable;
    let answers: [RegExp, string][];
    let asked: string[];
    const signal = new AbortController().signal;
    const system = () => {
        const machine: Machine = {
            ...filesOf(root),
            run: (program, argv) => {
                const command = [program, ...argv].join(' ');
                asked.push(command);
                return Promise.resolve(answers.find(([of]) => of.test(command))?.[1] ?? '');
            },
        };
        return { ...managerOf(recordedUnits(262)), contents: new Contents(join(root, 'state')), machine };
    };
    const plan = async (action: string, parameters: Record<string, unknown>) =>
        await new Actions(system()).plan({ action, parameters, explanation: '' }, signal);
    const refusal = async (action: string, parameters: Record<string, unknown>) =>
        await plan(action, parameters).then(
            () => '',
            (error: unknown) => (error as Error).message,
        );
    const verified = async (planned: Plan) => await new Actions(system()).verify(planned, signal);
    const wished = async (text: string) => await readWish(text, { ...system(), signal })?.ways();
    const has = (path: string, text = 'x') => {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
    };
    const run = (command: string | undefined) => command?.replace(/^systemd-run --wait --pipe \/usr\/bin\//, '');

    beforeAll(() => {
        programs = pretendPrograms(['apt-get', 'dnf', 'dpkg', 'pacman', 'rpm']);
    });
    afterAll(() => {
        programs[Symbol.dispose]();
    });
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-managers-'));
        asked = [];
        answers = [];
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    describe('Fedora', () => {
        beforeEach(() => {
            has('usr/lib/sysimage/rpm/rpmdb.sqlite');
            answers = [
                [/^dnf .*repoquery .*%\{summary\}/, dnf.available],
                [/^rpm -q .*bench-tool$/, 'bench-tool\n'],
                [/^rpm -q .*libneeded$/, 'libneeded\n'],
            ];
        });

        it('are installed as DNF announced, from what root has downloaded', async () => {
            answers.push([/--assumeno install -- hexer$/, dnf.install]);
            const [way] = (await wished('install the program that shows hex files')) ?? [];
            expect(way?.parameters).toEqual({ names: ['hexer'] });
            const { title, explanation, steps, undo, risk, authentication } = await plan('packages.install', {
                names: ['hexer'],
            });
            expect([title, explanation, risk, authentication]).toEqual([
                'Install hexer',
                'Views hex files',
                'low',
                true,
            ]);
            expect(steps[0]?.description).toBe('Install hexer 2.0-1');
            expect(run(steps[0]?.command)).toBe('dnf --assumeyes --setopt=cacheonly=metadata install -- hexer');
            expect(run(undo?.steps[0]?.command)).toBe('rpm --erase -- hexer');
            expect(asked.filter(command => command.startsWith('dnf') && !command.includes(' --cacheonly '))).toEqual(
                [],
            );
        });

        it('are updated one by one, to the version that was shown', async () => {
            answers.push([/--assumeno upgrade -- bench-tool$/, dnf.upgrade], [/--assumeno upgrade$/, dnf.upgrade]);
            const { title, steps } = await plan('packages.upgrade', { name: 'bench-tool' });
            expect(title).toBe('Update bench-tool to 1.1-1');
            expect(run(steps[0]?.command)).toMatch(/ upgrade -- bench-tool-1\.1-1$/);
            expect((await plan('packages.upgradeAll', {})).title).toBe('Update 1 package');
        });

        it('are removed by their names, and only with a word where others need them', async () => {
            answers.push([/--assumeno remove --no-autoremove -- libneeded$/, dnf.removal]);
            const { steps, risk, undo } = await plan('packages.remove', { name: 'libneeded' });
            expect(run(steps[0]?.command)).toBe('rpm --erase -- libneeded bench-tool');
            expect([risk, undo]).toEqual(['high', null]);
        });

        it('are installed again where the sources have the version that is there', async () => {
            answers.push([/--assumeno reinstall -- bench-tool$/, dnf.upgrade.replaceAll('1.1-1', '1.0-1')]);
            const [way] = (await wished('reinstall bench-tool')) ?? [];
            expect(way?.action).toBe('packages.reinstall');
            const { title, steps } = await plan('packages.reinstall', { name: 'bench-tool' });
            expect(title).toBe('Install bench-tool again');
            answers.push([/^rpm --verify -- bench-tool$/, altered]);
            const planned = await plan('packages.reinstall', { name: 'bench-tool' });
            expect((await verified(planned)).detail).toBe('/usr/bin/bench-tool is still not as the package has it');
            answers.unshift([/^rpm --verify/, altered.split('\n').slice(1).join('\n')]);
            expect((await verified(planned)).gone).toBeTrue();
            expect(run(steps[0]?.command)).toMatch(/ reinstall -- bench-tool$/);
            answers.unshift([/--assumeno reinstall -- bench-tool$/, dnf.upgrade]);
            expect(await refusal('packages.reinstall', { name: 'bench-tool' })).toBe(
                'The package sources do not have bench-tool in the version that is installed',
            );
        });

        it('keep their version by a lock, which undo takes away', async () => {
            const [way] = (await wished('keep bench-tool at its version')) ?? [];
            expect(way).toEqual(
                jasmine.objectContaining({ action: 'packages.hold', parameters: { name: 'bench-tool' } }),
            );
            const lock = 'dnf --assumeyes --setopt=cacheonly=metadata versionlock';
            const { steps, undo } = await plan('packages.hold', { name: 'bench-tool' });
            expect(steps.map(({ command }) => run(command))).toEqual([`${lock} add -- bench-tool`]);
            expect(undo?.steps.map(({ command }) => run(command))).toEqual([`${lock} delete -- bench-tool`]);
            expect(await refusal('packages.unhold', { name: 'bench-tool' })).toBe('bench-tool is not held back');
            // As `versionlock add` of dnf5 5.4.6 writes it.
            has(
                'etc/dnf/versionlock.toml',
                'version = "1.0"\n\n[[packages]]\nname = "bench-tool"\n\n[[packages.conditions]]\nkey = "evr"\ncomparator = "="\nvalue = "1.0-1"\n',
            );
            expect(await refusal('packages.hold', { name: 'bench-tool' })).toBe('bench-tool is already held back');
            const back = await plan('packages.unhold', { name: 'bench-tool' });
            expect(back.steps.map(({ command }) => run(command))).toEqual([`${lock} delete -- bench-tool`]);
        });

        it('say what comes with them', async () => {
            answers = answers.filter(([of]) => !of.source.includes('bench-tool'));
            answers.push([/install -- bench-tool$/, dnf.withOthers]);
            const { steps, riskText } = await plan('packages.install', { names: ['bench-tool'] });
            expect(steps[0]?.description).toBe('Install bench-tool 1.1-1, libneeded 1.0-1');
            expect(riskText).toBe('1 other package is installed with it, and nothing is removed.');
            expect(await refusal('packages.install', { names: ['clash'] })).toBe(
                'There is no package clash that can be installed',
            );
        });
    });

    describe('Arch Linux', () => {
        beforeEach(() => {
            has('var/lib/pacman/local/ALPM_DB_VERSION', '9\n');
            answers = [
                [/^pacman --query$/, pacman.present],
                [/^pacman --query --quiet -- (?:bench-tool|libneeded)$/, 'bench-tool\nlibneeded\n'],
                [/^pacman --sync --search/, pacman.search],
            ];
        });

        it('are installed as pacman announced', async () => {
            answers.push([/--print .*--needed -- hexer$/, pacman.install]);
            const { explanation, steps, undo } = await plan('packages.install', { names: ['hexer'] });
            expect([explanation, steps[0]?.description]).toEqual(['Views hex files', 'Install hexer 2.0-1']);
            expect(run(steps[0]?.command)).toBe('pacman --noconfirm --sync --needed -- hexer');
            expect(run(undo?.steps[0]?.command)).toBe('pacman --noconfirm --remove -- hexer');
        });

        it('are not installed where pacman would ask whether to remove another one', async () => {
            answers.push([/--needed -- clash$/, pacman.conflict]);
            expect(await refusal('packages.install', { names: ['clash'] })).toBe(
                'There is no package clash that can be installed',
            );
        });

        it('are only updated together, and what is replaced is named', async () => {
            answers.push([/--sync --sysupgrade$/, pacman.upgradeAll]);
            expect(await refusal('packages.upgrade', { name: 'bench-tool' })).toBe(
                'Arch Linux supports only updates of all packages together',
            );
            const { steps, riskText } = await plan('packages.upgradeAll', {});
            expect(steps[0]?.description).toBe('Install newneeds 1.0-1, bench-tool 1.1-1, and remove libneeded');
            expect(riskText).toBe('New packages take the place of others, which are removed: libneeded');
        });

        it('are removed with those that need them', async () => {
            answers.push([/--remove --cascade -- libneeded$/, pacman.removal]);
            const { steps, risk } = await plan('packages.remove', { name: 'libneeded' });
            expect(run(steps[0]?.command)).toBe('pacman --noconfirm --remove -- bench-tool libneeded');
            expect(risk).toBe('high');
        });

        it('keep their version by a line of the settings, and nothing else of these changes', async () => {
            answers.push([/--query --quiet -- bench-tool$/, 'bench-tool\n']);
            const before =
                '[options]\n#IgnorePkg   =\nHoldPkg = pacman\n\n[core]\nInclude = /etc/pacman.d/mirrorlist\n';
            const change = async (action: string, text: string) => {
                has('etc/pacman.conf', text);
                const { steps, undo } = await plan(action, { name: 'bench-tool' });
                expect(steps.map(({ file }) => file?.path)).toEqual(['/etc/pacman.conf']);
                return [steps, undo?.steps ?? []].map(([step]) =>
                    step?.diff?.split('\n').filter(line => /^[+-]/.test(line)),
                );
            };
            expect(await change('packages.hold', before)).toEqual([
                ['+IgnorePkg = bench-tool'],
                ['-IgnorePkg = bench-tool'],
            ]);
            const one = before.replace('#IgnorePkg   =', 'IgnorePkg   = linux* vlc ');
            const both = before.replace('#IgnorePkg   =', 'IgnorePkg   = linux* vlc bench-tool');
            expect((await change('packages.hold', one))[0]).toEqual([
                '-IgnorePkg   = linux* vlc ',
                '+IgnorePkg   = linux* vlc bench-tool',
            ]);
            expect((await change('packages.unhold', both))[0]).toEqual([
                '-IgnorePkg   = linux* vlc bench-tool',
                '+IgnorePkg   = linux* vlc',
            ]);
            expect(await refusal('packages.hold', { name: 'bench-tool' })).toBe('bench-tool is already held back');
            // The settings of a source say nothing about updates.
            const elsewhere = before.replace('Include', 'IgnorePkg = bench-tool\nInclude');
            expect((await change('packages.hold', elsewhere))[0]).toEqual(['+IgnorePkg = bench-tool']);
            expect(await refusal('packages.hold', { name: 'NetworkManager' })).toBe('NetworkManager is not installed');
            has('etc/pacman.conf', '[core]\n');
            expect(await refusal('packages.hold', { name: 'bench-tool' })).toBe('/etc/pacman.conf cannot be read');
        });

        it('are asked for again by their sources', async () => {
            const { steps } = await plan('packages.refresh', {});
            expect(run(steps[0]?.command)).toBe('pacman --noconfirm --sync --refresh');
        });
    });

    it('Debian are APT’s, whatever else is installed there', async () => {
        has('var/lib/dpkg/status', 'Package: dpkg\n');
        has('var/lib/pacman/local/ALPM_DB_VERSION', '9\n');
        expect((await plan('packages.refresh', {})).steps[0]?.command).toMatch(/apt-get --error-on=any update$/);
    });
});
