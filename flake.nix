{
  description = "Reeve, the steward of the GNOME desktop";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      forEachSystem =
        make:
        lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEachSystem (pkgs: rec {
        reeve = pkgs.callPackage ./packaging/nix/package.nix { };
        reeve-extension = reeve.extension;
        default = reeve;
      });

      overlays.default = final: prev: {
        reeve = final.callPackage ./packaging/nix/package.nix { };
        reeve-extension = final.reeve.extension;
      };

      nixosModules.default.imports = [ ./packaging/nix/nixos.nix ];
      homeManagerModules.default.imports = [ ./packaging/nix/home.nix ];

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.gjs
            pkgs.glib
            pkgs.nodejs_24
          ];
          # For build/run.mjs.
          REEVE_NODE = "${pkgs.nodejs_24}/bin/node";
        };
      });

      checks = forEachSystem (pkgs: {
        inherit (self.packages.${pkgs.stdenv.hostPlatform.system}) reeve;
        # A whole system with it: its units, the configuration of the buses, what polkit reads.
        nixos =
          (lib.nixosSystem {
            modules = [
              self.nixosModules.default
              {
                services.reeve.enable = true;
                nixpkgs.hostPlatform = pkgs.stdenv.hostPlatform.system;
                boot.loader.grub.enable = false;
                fileSystems."/".device = "none";
                system.stateVersion = lib.trivial.release;
              }
            ];
          }).config.system.build.toplevel;
      });
    };
}
