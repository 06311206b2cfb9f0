import { join } from 'node:path';
import { chmodSync, chownSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';

import { Actions } from '../../../service/actions/actions.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import { Contents } from '../../../service/store/contents.ts';
import { fakeNixos, generated, type FakeNixos } from '../../support/nixos.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';

const blender = '[{"name":"blender","summary":"3D creation suite","version":"5.1.2"}]';
/** Nix knows the package, and reads what is written. */
const programs = { 'nix-instantiate': blender };
const signal = new AbortController().signal;

describe('On NixOS,', () => {
    let nixos: FakeNixos;
    let present: Disposable;
    let parsed: string;

    const use = (configuration = generated) => {
        nixos = fakeNixos({ configuration, programs });
        const { run } = nixos.machine;
        nixos.machine.run = async (program, argv, options) =>
            argv[0] === '--parse' ? parsed : await run(program, argv, options);
    };
    beforeEach(() => {
        present = pretendPrograms(['nixos-rebuild']);
        parsed = '';
        use();
    });
    afterEach(() => {
        present[Symbol.dispose]();
        nixos[Symbol.dispose]();
    });
    const system = () => ({
        ...managerOf(recordedUnits(262)),
        contents: new Contents(join(nixos.machine.root, 'state')),
        machine: nixos.machine,
    });
    const plan = async (action: string, parameters: Record<string, unknown> = {}) =>
        await new Actions(system()).plan({ action, parameters, explanation: '' }, signal);
    const refusal = async (action: string, parameters: Record<string, unknown> = {}) =>
        await plan(action, parameters).then(
            () => '',
            (error: unknown) => (error as Error).message,
        );
    const wished = async (text: string) => await readWish(text, { ...system(), signal })?.ways();
    const difference = (diff = '') => diff.split('\n').filter(line => /^[+-][^+-]/.test(line));

    it('“install blender” edits the file that declares packages, then builds, tries and switches', async () => {
        for (const words of ['install blender', 'Installiere Blender', 'ثبت blender'])
            expect(await wished(words)).toEqual([
                { action: 'nixos.install', parameters: { name: 'blender' }, explanation: '' },
            ]);
        const { title, explanation, steps, undo } = await plan('nixos.install', { name: 'blender' });

        expect([title, explanation]).toEqual(['Install blender', '3D creation suite']);
        expect(steps.map(({ file }) => file?.path)).toEqual(['/etc/nixos/configuration.nix', undefined]);
        expect(difference(steps[0]?.diff)).toEqual(['+    blender']);
        const rebuild = ['dry-build', 'test', 'switch'].map(word =>
            jasmine.stringMatching(` .*/nixos-rebuild ${word}$`),
        );
        expect(steps[1]?.commands).toEqual(rebuild);
        expect(difference(undo?.steps[0]?.diff)).toEqual(['-    blender']);
        expect(undo?.steps[1]?.commands).toEqual(rebuild);
    });

    it('“remove wget” takes it out of the file, and what the file does not have is not installed', async () => {
        expect(await wished('uninstall wget')).toEqual([
            { action: 'nixos.remove', parameters: { name: 'wget' }, explanation: '' },
        ]);
        expect(difference((await plan('nixos.remove', { name: 'wget' })).steps[0]?.diff)).toEqual(['-    wget']);
        await expectAsync(wished('uninstall blender')).toBeRejectedWithError('blender is not installed');
    });

    it('an option gets a value of its own type, and nothing else', async () => {
        const { title, steps } = await plan('nixos.set', { option: 'services.openssh.enable', value: 'true' });
        expect(title).toBe('Set services.openssh.enable to true');
        expect(difference(steps[0]?.diff)).toEqual([
            '-  services.openssh.enable = false;',
            '+  services.openssh.enable = true;',
        ]);
        const login = { option: 'services.openssh.settings.PermitRootLogin', value: 'no' };
        expect(difference((await plan('nixos.set', login)).steps[0]?.diff)).toEqual([
            '+  services.openssh.settings.PermitRootLogin = "no";',
        ]);
        const swap = { option: 'zramSwap.memoryPercent', value: '40' };
        expect(difference((await plan('nixos.set', swap)).steps[0]?.diff)).toEqual(['+  zramSwap.memoryPercent = 40;']);

        expect(await refusal('nixos.set', { ...login, value: 'maybe' })).toContain('The value of');
        expect(await refusal('nixos.set', { ...swap, value: 'import ./x' })).toContain('The value of');
        expect(await refusal('nixos.set', { option: 'environment.extraInit', value: 'reboot' })).toContain('Only you');
        expect(await refusal('nixos.set', { option: 'services.nothing.enable', value: 'true' })).toBe(
            'There is no option services.nothing.enable',
        );
        expect(await refusal('nixos.set', { option: 'services.openssh.enable', value: 'false' })).toBe(
            '/etc/nixos/configuration.nix already says that',
        );
        expect(await refusal('nixos.set', { option: 'a.${"b"}', value: 'true' })).toContain('nixos.set: option');
    });

    it('nothing is edited whose form is unknown, that Nix would not read, or that is there already', async () => {
        expect(await refusal('nixos.install', { name: 'wget' })).toContain('already has wget');
        expect(await refusal('nixos.install', { name: 'with' })).toContain('is not the name of a package');
        parsed = 'error: syntax error';
        expect(await refusal('nixos.install', { name: 'blender' })).toContain('has a form that Reeve does not edit');
        for (const configuration of [
            '{ pkgs, ... }: { environment.systemPackages = (with pkgs; [ git ]) ++ import ./more.nix; }',
            'import ./elsewhere.nix',
            '{ pkgs, ... }: { environment.systemPackages = [ git ; }',
            '',
        ]) {
            nixos[Symbol.dispose]();
            use(configuration);
            parsed = '';
            expect(await refusal('nixos.install', { name: 'blender' })).toContain(
                'has a form that Reeve does not edit',
            );
        }
    });

    it('a plan is another one once anything in the configuration has changed', async () => {
        const before = await plan('nixos.install', { name: 'blender' });
        expect(before.riskText).toContain('Whatever else changed in the configuration');
        const rebuild = await plan('nixos.rebuild');
        writeFileSync(join(nixos.machine.root, 'etc/nixos/hardware-configuration.nix'), '{ ... }: { a = 1; }\n');
        expect((await plan('nixos.install', { name: 'blender' })).preconditions).not.toEqual(before.preconditions);
        expect((await plan('nixos.rebuild')).preconditions).not.toEqual(rebuild.preconditions);
    });

    for (const [what, change] of [
        [
            'everybody can write the folder',
            root => {
                chmodSync(join(root, 'etc/nixos'), 0o777);
            },
        ],
        [
            'a group can write the folder above',
            root => {
                chmodSync(join(root, 'etc'), 0o775);
            },
        ],
        [
            'a group can write the file',
            root => {
                chmodSync(join(root, 'etc/nixos/configuration.nix'), 0o664);
            },
        ],
        [
            'a group can write a file that it imports',
            root => {
                chmodSync(join(root, 'etc/nixos/hardware-configuration.nix'), 0o664);
            },
        ],
        [
            'the folder is a link to one of a person',
            root => {
                mkdirSync(join(root, 'home'));
                renameSync(join(root, 'etc/nixos'), join(root, 'home/nixos'));
                symlinkSync('../home/nixos', join(root, 'etc/nixos'));
            },
        ],
        [
            'the file is a link',
            root => {
                renameSync(join(root, 'etc/nixos/configuration.nix'), join(root, 'etc/elsewhere'));
                symlinkSync('../elsewhere', join(root, 'etc/nixos/configuration.nix'));
            },
        ],
    ] as const satisfies readonly (readonly [string, (root: string) => void])[])
        it(`root neither writes nor builds where ${what}`, async () => {
            change(nixos.machine.root);
            for (const [action, parameters] of [
                ['nixos.install', { name: 'blender' }],
                ['nixos.remove', { name: 'wget' }],
                ['nixos.set', { option: 'services.openssh.enable', value: 'true' }],
                ['nixos.rebuild', {}],
            ] as const)
                expect(await refusal(action, parameters))
                    .withContext(action)
                    .toMatch(
                        / (?:is a link|others than root can change it).*change and build the configuration yourself/,
                    );
        });

    it('root neither writes nor builds what belongs to a person', async () => {
        if (process.getuid?.() !== 0) pending('only root can give a file away');
        chownSync(join(nixos.machine.root, 'etc/nixos/configuration.nix'), 1000, 1000);
        expect(await refusal('nixos.rebuild')).toContain('sudo chown root:root /etc/nixos/configuration.nix');
    });

    it('the system is built, and gone back to the generation before', async () => {
        const rebuild = await plan('nixos.rebuild');
        const rollback = await plan('nixos.rollback');
        expect(rollback.title).toBe('Return to generation 41 of the system');
        expect(rollback.steps[0]?.command).toMatch(/\/nixos-rebuild switch --rollback$/);
        // A build that changes nothing makes no generation that could be gone back from.
        expect(rebuild.undo).toBeNull();
        expect(rollback.undo?.steps[0]?.call).toEqual(rebuild.steps[0]?.call as never);
        expect((await wished('rebuild nixos'))?.[0]?.action).toBe('nixos.rebuild');
        expect((await wished('go back to the previous generation'))?.[0]?.action).toBe('nixos.rollback');
    });

    it('a change beside the configuration is refused with that reason, whatever action it is of', async () => {
        for (const [action, parameters] of [
            ['packages.install', { names: ['blender'] }],
            ['packages.upgradeAll', {}],
            ['unit.mask', { scope: 'system', unit: 'sample-dog.service' }],
            ['hosts.add', { name: 'ads.example.net', address: '0.0.0.0' }],
        ] as const) {
            writeFileSync(join(nixos.machine.root, 'etc/hosts'), '127.0.0.1 localhost\n');
            expect(await refusal(action, parameters))
                .withContext(action)
                .toMatch(/^On NixOS, this is changed in the configuration in \/etc\/nixos/);
        }
    });
});

describe('Anywhere else,', () => {
    it('nothing of NixOS is offered, and nothing is refused for it', async () => {
        using nixos = fakeNixos({ programs });
        const machine = { ...nixos.machine, root: '/nonexistent' };
        const system = { ...managerOf(recordedUnits(262)), contents: new Contents('/nonexistent'), machine };
        const actions = new Actions(system);

        for (const action of ['nixos.rebuild', 'nixos.rollback'])
            await expectAsync(actions.plan({ action, parameters: {}, explanation: '' }, signal)).toBeRejectedWithError(
                'This computer does not run NixOS',
            );
        await expectAsync(
            actions.plan({ action: 'packages.refresh', parameters: {}, explanation: '' }, signal),
        ).not.toBeRejectedWithError(/On NixOS/);
    });
});
