# Stands in for the flake of nixpkgs, with the real `lib` beside it: what builds is a derivation of nothing.
{
  outputs =
    { self }:
    let
      lib = import ./lib;
      pkgsFor =
        system:
        let
          named = name: derivation { inherit name system; builder = "/bin/sh"; };
          pkgs = lib.genAttrs [ "bubblewrap" "cacert" "gjs" "glib" "nodejs_24" "patchelf" "vulkan-loader" ] named // {
            inherit lib;
            callPackage =
              path: args:
              let
                make = import path;
              in
              make (builtins.intersectAttrs (lib.functionArgs make) pkgs // args);
            mkShell = args: derivation (args // { name = "shell"; inherit system; builder = "/bin/sh"; });
            runCommand =
              name: args: script:
              derivation (args // { inherit name system; builder = "/bin/sh"; args = [ "-c" script ]; });
            stdenv = {
              hostPlatform = {
                inherit system;
                node = {
                  platform = "linux";
                  arch = if system == "x86_64-linux" then "x64" else "arm64";
                };
              };
              mkDerivation =
                { passthru, meta, ... }@args:
                derivation (
                  removeAttrs args [
                    "passthru"
                    "meta"
                  ]
                  // {
                    name = args.pname;
                    inherit system;
                    builder = "/bin/sh";
                  }
                )
                // passthru
                // {
                  inherit meta;
                };
            };
          };
        in
        pkgs;
    in
    {
      lib = lib // {
        nixosSystem = _: { config.system.build.toplevel = (pkgsFor "x86_64-linux").glib; };
      };
      legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] pkgsFor;
    };
}
