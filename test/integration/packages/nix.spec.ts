import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import lock from '../../../package-lock.json' with { type: 'json' };
import { buildAll } from '../../../build/build.ts';
import { buildNix } from '../../../build/nix.ts';
import { sharedTexts } from '../../../build/share.ts';
import { extensionUuid, offerUnit, packagedFiles } from '../../../packaging/manifest.ts';
import { version } from '../../../service/util/version.ts';
import { ensureHostPackages } from '../../support/hostPackages.ts';
import { run } from '../../support/program.ts';

const root = join(import.meta.dirname, '../../..');
const out = '/nix/store/reeve';
/** The folder lib/ of nixpkgs, none of which is in this repository. */
const library = process.env.REEVE_NIXPKGS_LIB;

describe('The package for Nix', () => {
    let scratch: string;
    let staged: string;
    let hasNix: boolean;

    beforeAll(async () => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-nix-'));
        hasNix = ensureHostPackages({ 'nix-instantiate': 'nix-bin' }).length === 0;
        staged = await buildNix(await buildAll(), { prefix: out, vulkan: true, out: join(scratch, 'build/out-nix') });
    }, 600_000);
    afterAll(() => {
        rmSync(scratch, { recursive: true });
    });

    /** @param expression of evaluate.nix's result, `it` */
    const evaluate = async (expression: string): Promise<unknown> => {
        if (!hasNix) pending('nix-instantiate is not installed');
        if (library === undefined) pending('REEVE_NIXPKGS_LIB does not say where nixpkgs’ lib is');
        const node = dirname(dirname(process.execPath));
        const given = `{ libPath = ${JSON.stringify(library)}; out = "${out}"; node = ${JSON.stringify(node)}; }`;
        const whole = `let it = import ${root}/test/support/nix/evaluate.nix ${given}; in ${expression}`;
        const { code, output, errors } = await run(
            ['nix-instantiate', '--eval', '--strict', '--json', '--expr', whole],
            { env: { ...process.env, HOME: scratch } },
        );
        if (code !== 0) throw new Error(errors);
        return JSON.parse(output);
    };
    const failure = (expression: string) =>
        evaluate(expression).then(
            () => 'none',
            (error: unknown) => (error as Error).message,
        );

    it('has each file where the manifest says, byte for byte as the other packages have it but for its folder', () => {
        const programs = {
            reeved: `${out}/lib/reeve/bin/reeved`,
            offer: `${out}/lib/reeve/bin/reeve-offer`,
            mechanism: `${out}/lib/reeve/lib`,
        };
        for (const [file, path] of packagedFiles('nix'))
            expect(readFileSync(join(staged, path), 'utf8'))
                .withContext(file)
                .toBe(sharedTexts[file](programs));
        const texts = globSync('usr/{share,lib/systemd}/**/*', { cwd: staged, withFileTypes: true })
            .filter(entry => entry.isFile() && !/\.gz$|^LICENSE|licences/.test(entry.name))
            .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
        expect(texts.filter(text => text.includes('/usr/lib/reeve'))).toEqual([]);
    });

    it('is installed by the phase that Nix would run', async () => {
        const { installPhase } = (await evaluate('it.package true')) as { installPhase: string };
        if (ensureHostPackages({ 'glib-compile-schemas': 'libglib2.0-dev-bin' }).length > 0)
            pending('glib-compile-schemas is not installed');
        const [program, extension] = [join(scratch, 'program'), join(scratch, 'extension')];

        const { code, errors } = await run(['bash', '--norc', '-e', '-u', '-c', `runHook() { :; }\n${installPhase}`], {
            cwd: scratch,
            env: { PATH: process.env.PATH, out: program, extension },
        });

        expect([code, errors]).toEqual([0, '']);
        expect(readlinkSync(join(program, 'lib/reeve/lib/node'))).toBe(process.execPath);
        expect(existsSync(join(program, 'lib/systemd/user', offerUnit))).toBeTrue();
        const folder = join(extension, 'share/gnome-shell/extensions', extensionUuid);
        for (const file of ['extension.js', 'metadata.json', 'schemas/gschemas.compiled'])
            expect(existsSync(join(folder, file)))
                .withContext(file)
                .toBeTrue();
        const { output } = await run([join(program, 'bin/reeve'), '--version'], { env: { PATH: process.env.PATH } });
        expect(output).toContain(version);
    });

    it('has a GPU’s binaries only with Vulkan, and says where their loader is', async () => {
        expect(await evaluate('it.package true')).toEqual(
            jasmine.objectContaining({
                postFixup: jasmine.stringContaining('vulkan-loader/lib'),
                version,
                extensionUuid,
            }),
        );
        expect(await evaluate('it.package false')).toEqual(
            jasmine.objectContaining({ postFixup: '', buildPhase: jasmine.stringMatching(/--prefix "\$out" \n/) }),
        );
    });

    it('fetches what npm would install on each platform, by name, version and digest, and nothing else', async () => {
        type Module = {
            name?: string;
            version: string;
            integrity: string;
            os?: string[];
            cpu?: string[];
            libc?: string | string[];
        };
        const modules = Object.entries<unknown>(lock.packages).filter(([path]) => path !== '') as [string, Module][];
        for (const cpu of ['x64', 'arm64']) {
            const { packages } = (await evaluate(`it.lock "${cpu}"`)) as {
                packages: Record<string, { resolved?: string }>;
            };
            for (const [path, module] of modules) {
                const suits =
                    (module.os ?? ['linux']).includes('linux') &&
                    (module.cpu ?? [cpu]).includes(cpu) &&
                    [module.libc ?? 'glibc'].flat().includes('glibc');
                const fetched = packages[path]?.resolved?.replace('file:', '');
                expect(fetched === undefined ? null : JSON.parse(fetched))
                    .withContext(`${path} for ${cpu}`)
                    .toEqual(
                        suits
                            ? {
                                  name: module.name ?? path.replace(/.*node_modules\//, ''),
                                  version: module.version,
                                  integrity: module.integrity,
                              }
                            : null,
                    );
            }
        }
    });

    it('has every .nix file in a form that Nix reads', async () => {
        if (!hasNix) pending('nix-instantiate is not installed');
        const files = globSync('{flake.nix,packaging/**/*.nix,test/support/**/*.nix}', { cwd: root });
        expect(files.length).toBeGreaterThan(5);
        const { code, errors } = await run(['nix-instantiate', '--parse', ...files], { cwd: root });
        expect([code, errors.replaceAll(/^warning: .*\n/gm, '')]).toEqual([0, '']);
    });

    it('needs one line on NixOS, where each part is in the place that NixOS reads', async () => {
        expect(await evaluate('it.system { services.reeve.enable = true; }')).toEqual({
            failed: [],
            dbus: [out],
            systemd: [out],
            systemPackages: [out, jasmine.stringMatching(/-reeve-extension$/), jasmine.stringMatching(/-bubblewrap$/)],
            wants: [offerUnit],
            polkit: true,
            graphics: true,
        });
        expect(await evaluate('it.system { }')).toEqual(
            jasmine.objectContaining({ dbus: [], systemd: [], systemPackages: [], wants: [], polkit: false }),
        );
        expect(
            await evaluate('it.system { services.reeve = { enable = true; acceleration = "cpu"; offer = false; }; }'),
        ).toEqual(jasmine.objectContaining({ wants: [], graphics: false }));
    });

    it('refuses on NixOS what cannot work, and what it does not know', async () => {
        expect(await evaluate('it.system { services.reeve.enable = true; security.polkit.enable = false; }')).toEqual(
            jasmine.objectContaining({ failed: [jasmine.stringContaining('security.polkit.enable')] }),
        );
        expect(await failure('it.system { services.reeve = { enable = true; acceleration = "tpu"; }; }')).toMatch(
            /acceleration' is not of type|acceleration.*one of/s,
        );
    });

    it('lets Home Manager declare settings, the shortcut, rules and models, and writes nothing that was not declared', async () => {
        const hash = `sha256-${'A'.repeat(43)}=`;
        const declared = `{
            enable = true;
            settings.notifications = { per_hour = 2; quiet_hours = "22:00-07:00"; };
            shortcut = [ "<Super>j" ];
            rules.backup = ${root}/package.json;
            models = [ { url = "https://example.org/a.gguf"; hash = "${hash}"; } ];
        }`;
        const home = (await evaluate(`it.home { programs.reeve = ${declared}; }`)) as {
            services: { 'reeve-models': { Service: Record<string, unknown> } };
        };
        expect(home).toEqual(
            jasmine.objectContaining({
                failed: [],
                packages: [out, jasmine.stringMatching(/-reeve-extension$/)],
                configFiles: {
                    'reeve/config.toml': { notifications: { per_hour: 2, quiet_hours: '22:00-07:00' } },
                    'reeve/faults.d/backup.yaml': `${root}/package.json`,
                },
                dconf: { 'org/gnome/shell/extensions/reeve': { 'toggle-chat': ['<Super>j'] } },
            }),
        );
        expect(home.services['reeve-models'].Service.ExecStart).toEqual([
            jasmine.stringMatching(
                /^\/nix\/store\/reeve\/bin\/reeve models import \/nix\/store\/[0-9a-f]{32}-a\.gguf$/,
            ),
        ]);
        expect(await evaluate('it.home { programs.reeve = { enable = true; package = null; }; }')).toEqual({
            failed: [],
            packages: [],
            configFiles: {},
            dataFiles: {},
            dconf: {},
            services: {},
        });
    });

    it('links files in Home Manager that the package has', async () => {
        const { dataFiles } = (await evaluate('it.home { programs.reeve.enable = true; }')) as {
            dataFiles: Record<string, string>;
        };
        expect(Object.keys(dataFiles)).toHaveSize(2);
        for (const path of Object.values(dataFiles))
            expect(existsSync(path.replace(out, join(staged, 'usr'))))
                .withContext(path)
                .toBeTrue();
    });

    it('refuses in Home Manager a setting out of bounds, a model without a digest, and a grant', async () => {
        const refused = async (declared: string) =>
            failure(`it.home { programs.reeve = { enable = true; ${declared} }; }`);
        expect(await refused('settings.notifications.per_hour = 1000;')).toContain('between 0 and 100');
        expect(await refused('settings.model.accelerator = "tpu";')).toContain(
            'one of "auto", "cuda", "vulkan", "cpu"',
        );
        expect(await refused('settings.notifications.per_our = 1;')).toContain('does not exist');
        expect(await refused('models = [ { url = "https://example.org/a.gguf"; hash = ""; } ];')).toContain('hash');
        expect(await refused('grants = [ "unit.restart" ];')).toContain('does not exist');
        expect(
            await evaluate(`it.home { programs.reeve = { enable = true; rules."No good" = ${root}/README.md; }; }`),
        ).toEqual(jasmine.objectContaining({ failed: [jasmine.stringContaining('No good')] }));
    });

    it('has a flake with packages, modules, an overlay, a shell and checks', async () => {
        const both = ['aarch64-linux', 'x86_64-linux'];
        const packages = { default: out, reeve: out, 'reeve-extension': jasmine.stringMatching(/-reeve-extension$/) };
        expect(await evaluate('it.flake')).toEqual({
            packages: { 'aarch64-linux': packages, 'x86_64-linux': packages },
            overlays: ['default'],
            overlay: ['reeve', 'reeve-extension'],
            nixosModules: ['default'],
            homeManagerModules: ['default'],
            devShells: both,
            checks: both,
        });
    });

    it('is accepted by nix flake check, with every derivation that it would build', async () => {
        if (ensureHostPackages({ nix: 'nix-bin' }).length > 0) pending('nix is not installed');
        if (library === undefined) pending('REEVE_NIXPKGS_LIB does not say where nixpkgs’ lib is');
        const flake = join(scratch, 'flake');
        const nixpkgs = join(scratch, 'nixpkgs');
        for (const part of ['flake.nix', 'packaging', 'package.json', 'package-lock.json', 'extension/metadata.json'])
            cpSync(join(root, part), join(flake, part), { recursive: true });
        cpSync(library ?? '', join(nixpkgs, 'lib'), { recursive: true });
        cpSync(join(root, 'test/support/nix/nixpkgs.nix'), join(nixpkgs, 'flake.nix'));

        const options = [
            '--extra-experimental-features',
            'nix-command flakes',
            '--offline',
            '--store',
            join(scratch, 'store'),
        ];
        const inputs = ['--no-write-lock-file', '--override-input', 'nixpkgs', `path:${nixpkgs}`];
        const checked = await run(['nix', ...options, 'flake', 'check', '--no-build', ...inputs, `path:${flake}`], {
            env: { ...process.env, HOME: scratch },
            timeout: 120_000,
        });
        // What is in a store may not be written, and so not be removed.
        await run(['chmod', '--recursive', 'u+w', scratch]);

        expect(checked.code).withContext(checked.errors).toBe(0);
    }, 240_000);
});
