/** Packages of the nixpkgs that this computer is built from. What is looked for is an argument of the expression, never part of it. */
import * as z from 'zod';

import { parseJson } from '../run.ts';
import type { Machine } from '../machine.ts';

export type NixPackage = { name: string; version: string; summary: string };

/** Names alone are known at once; only what is shown is evaluated. What is broken or renamed is left out. */
const searching = `{ word }:
let
  pkgs = import <nixpkgs> { };
  inherit (pkgs) lib;
  describe =
    name:
    let
      package = pkgs.\${name};
      found = builtins.tryEval (
        if lib.isDerivation package then
          let
            about = { inherit name; version = package.version or ""; summary = package.meta.description or ""; };
          in
          builtins.deepSeq about about
        else
          null
      );
    in
    if found.success && found.value != null then [ found.value ] else [ ];
  isShorter = one: other: lib.stringLength one < lib.stringLength other;
  named = lib.filter (name: lib.hasInfix word (lib.toLower name)) (lib.attrNames pkgs);
in
lib.concatMap describe (lib.take 20 (lib.sort isShorter named))`;

const naming = `{ word }:
let
  pkgs = import <nixpkgs> { };
  package = pkgs.\${word} or null;
in
if pkgs.lib.isDerivation package then
  [ { name = word; version = package.version or ""; summary = package.meta.description or ""; } ]
else
  [ ]`;

const found = z.array(z.object({ name: z.string(), version: z.string(), summary: z.string() }));

/** @returns those whose name has the word, the shortest names first; null without Nix */
export async function searchPackages(
    machine: Machine,
    word: string,
    signal: AbortSignal,
): Promise<NixPackage[] | null> {
    return await evaluate(machine, searching, word.toLowerCase(), signal);
}

/** @returns null for none of this name, and without Nix */
export async function findPackage(machine: Machine, name: string, signal: AbortSignal): Promise<NixPackage | null> {
    return (await evaluate(machine, naming, name, signal))?.[0] ?? null;
}

/** @throws ReeveError Unavailable when Nix cannot tell, such as without a channel */
async function evaluate(
    machine: Machine,
    expression: string,
    word: string,
    signal: AbortSignal,
): Promise<NixPackage[] | null> {
    const program = 'nix-instantiate';
    const argv = ['--eval', '--strict', '--json', '--readonly-mode', '--argstr', 'word', word, '--expr', expression];
    const output = await machine.run(program, argv, { signal, timeout: 60_000, silentIsError: true });
    return output === null ? null : parseJson(program, found, output);
}
