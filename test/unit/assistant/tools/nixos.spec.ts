import { runTool } from '../../../../service/assistant/tools/registry.ts';
import { fakeNixos, type FakeNixos } from '../../../support/nixos.ts';
import { toolContext } from './context.ts';

describe('On NixOS, a model', () => {
    let nixos: FakeNixos;
    beforeEach(() => {
        nixos = fakeNixos({
            programs: {
                'nix-instantiate': '[{"name":"blender","summary":"3D creation suite","version":"5.1.2"}]',
            },
        });
    });
    afterEach(() => {
        nixos[Symbol.dispose]();
    });
    const ask = async (name: string, values: object = {}) =>
        (await runTool(name, values, { ...toolContext(), machine: nixos.machine })).text;

    it('reads the configuration, without the file that only describes the hardware', async () => {
        const text = await ask('nixos_config');

        expect(text).toContain('- /etc/nixos/configuration.nix');
        expect(text).not.toContain('- /etc/nixos/hardware-configuration.nix');
        expect(text).toContain('environment.systemPackages = with pkgs; [');
        expect(await ask('nixos_config', { file: '../passwd' })).toContain('no such file');
    });

    it('finds options by words of their name before those of their description', async () => {
        expect(await ask('nixos_options', { words: 'openssh' })).toBe(
            [
                'Options:',
                '- services.openssh.enable (boolean, default false): Whether to enable the OpenSSH secure shell daemon, which allows secure remote logins.',
                '- services.openssh.settings.PermitRootLogin (null or one of "yes", "no", default "no"): Whether the root user can login using ssh.',
            ].join('\n'),
        );
        expect(await ask('nixos_options', { words: 'swap firewall' })).toContain('- zramSwap.memoryPercent');
        expect(await ask('nixos_options', { words: 'frobnicate' })).toBe('Options: none');
    });

    it('finds packages, and what it looks for is no part of an expression', async () => {
        expect(await ask('nixos_packages', { word: 'blender' })).toBe('Packages:\n- blender 5.1.2 3D creation suite');

        await ask('nixos_packages', { word: '"+abort' });
        const expressions = nixos.ran.map(command => command.split(' --expr ')[1]);
        expect(new Set(expressions).size).toBe(1);
        expect(expressions[0]).not.toContain('abort');
    });

    it('sees the generations, the newest first', async () => {
        expect(await ask('nixos_generations')).toMatch(
            /^Generations:\n- 42: NixOS 25\.11\.20251120, \S+, current\n- 41: NixOS 25\.11\.20251120, \S+$/,
        );
    });
});
