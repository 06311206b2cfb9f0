// What is written into the configuration of NixOS, and what is asked of Nix, with the Nix that Debian has.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { addPackage, removePackage, setOption } from '../../../service/actions/nixos/nixText.ts';
import { filesOf } from '../../../service/machine/machine.ts';
import { findPackage, searchPackages } from '../../../service/machine/nixos/packages.ts';
import { ensureHostPackages } from '../../support/hostPackages.ts';
import { generated } from '../../support/nixos.ts';
import { run } from '../../support/program.ts';

/** Strings, comments and brackets where only a reader of the language finds its way. */
const tricky = `# { environment.systemPackages = [
{ config, lib, pkgs, ... }@args:

let
  set = { a = 1; }; /* } */
in
{
  networking.hostName = "a}b\${toString (1 + 1)}\\""; # }
  systemd.services.x.script = ''
    echo } ''\${y} "''' # ; \${lib.escapeShellArg "}"}
  '';
  inherit (set) a;
  environment = {
    variables.PATH = lib.mkForce [ ./bin ];
    systemPackages = with pkgs; [ git (python3.withPackages (ps: [ ps.numpy ])) ];
  };
  services.openssh = { enable = lib.mkDefault true; settings.X11Forwarding = false; };
}
`;
const inline = '{ pkgs, ... }: { environment.systemPackages = [pkgs.git]; }';
const empty = '{ pkgs, ... }: { }';

describe('Edits for NixOS', () => {
    let scratch: string;
    let hasNix: boolean;
    beforeAll(() => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-nixos-edits-'));
        hasNix = ensureHostPackages({ 'nix-instantiate': 'nix-bin' }).length === 0;
    }, 120_000);
    afterAll(() => {
        rmSync(scratch, { recursive: true });
    });
    const nix = async (argv: readonly string[]) => {
        if (!hasNix) pending('nix-instantiate is not installed');
        const { code, output, errors } = await run(['nix-instantiate', ...argv]);
        if (code !== 0) throw new Error(errors);
        return output;
    };
    const parse = async (text: string) => {
        const file = join(scratch, 'a.nix');
        writeFileSync(file, text);
        return await nix(['--parse', file]);
    };
    const textOf = (edited: { text: string } | { refusal: string }) => {
        if (!('text' in edited)) throw new Error(edited.refusal);
        return edited.text;
    };

    for (const [name, text] of Object.entries({ generated, tricky, inline, empty })) {
        it(`are read by Nix, and undone by their inverse: ${name}`, async () => {
            const before = await parse(text);
            const added = textOf(addPackage(text, 'blender'));
            expect(await parse(added)).toMatch(/blender/);
            expect(await parse(added)).not.toBe(before);
            if (text !== empty) expect(await parse(textOf(removePackage(added, 'blender')))).toBe(before);

            const set = textOf(setOption(text, 'zramSwap.enable', 'true'));
            expect(await parse(set)).toMatch(/zramSwap/);
            expect(setOption(set, 'zramSwap.enable', 'true')).toEqual({ refusal: 'present' });
        });
    }

    it('change a value inside a set, and nothing around it', () => {
        const edited = textOf(setOption(tricky, 'services.openssh.settings.X11Forwarding', 'true'));
        expect(edited).toBe(tricky.replace('X11Forwarding = false', 'X11Forwarding = true'));
        expect(setOption(tricky, 'services.openssh.enable', 'true')).toEqual({ refusal: 'form' });
    });

    it('look packages up by name, though some are broken', async () => {
        if (!hasNix) pending('nix-instantiate is not installed');
        mkdirSync(join(scratch, 'nixpkgs'));
        writeFileSync(
            join(scratch, 'nixpkgs', 'default.nix'),
            `{ ... }:
            let package = version: description: { type = "derivation"; inherit version; meta = { inherit description; }; };
            in {
              lib = {
                inherit (builtins) concatMap filter attrNames sort stringLength;
                isDerivation = value: value.type or "" == "derivation";
                hasInfix = word: text: builtins.match ".*\${word}.*" text != null;
                take = _: list: list;
                toLower = text: text;
              };
              blender = package "5.1.2" "3D creation suite";
              blender-hip = package "5.1.2" "The same with HIP";
              blender-old = throw "was removed";
              blenders = { };
            }`,
        );
        const before = process.env.NIX_PATH;
        process.env.NIX_PATH = `nixpkgs=${join(scratch, 'nixpkgs')}`;
        try {
            const machine = filesOf('/');
            const signal = new AbortController().signal;
            const found = await searchPackages(machine, 'Blender', signal);
            expect(found?.map(({ name }) => name)).toEqual(['blender', 'blender-hip']);
            const blender = { name: 'blender', version: '5.1.2', summary: '3D creation suite' };
            expect(await findPackage(machine, 'blender', signal)).toEqual(blender);
            expect(await findPackage(machine, 'blenders', signal)).toBeNull();
            expect(await findPackage(machine, '"; abort "', signal)).toBeNull();
        } finally {
            if (before === undefined) delete process.env.NIX_PATH;
            else process.env.NIX_PATH = before;
        }
    });
});
