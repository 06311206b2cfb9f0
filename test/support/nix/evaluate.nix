# The modules in a stand-in for the parts of NixOS and Home Manager that they set; `lib` is the real one.
{
  libPath,
  # Where the package would lie, and Node.
  out,
  node,
}:

let
  lib = import libPath;
  inherit (lib) mkOption types;

  # What a derivation was given, and a path in the store that nothing is built for.
  derivation =
    name: args:
    args
    // {
      type = "derivation";
      inherit name;
      outPath = "/nix/store/${lib.substring 0 32 (builtins.hashString "sha256" name)}-${name}";
      __toString = self: self.outPath;
    };

  stdenv = {
    hostPlatform.node = {
      platform = "linux";
      arch = "x64";
    };
    mkDerivation =
      args:
      derivation args.pname args
      // args.passthru
      // {
        outPath = out;
        extension = derivation "${args.pname}-extension" { };
      };
  };

  pkgs = {
    bubblewrap = derivation "bubblewrap" { };
    coreutils = derivation "coreutils" { };
    callPackage =
      path: args:
      let
        make = import path;
      in
      make (builtins.intersectAttrs (lib.functionArgs make) (pkgs // { inherit lib; }) // args);
    inherit stdenv;
    cacert = derivation "cacert" { };
    glib = derivation "glib" { };
    nodejs_24 = node;
    patchelf = derivation "patchelf" { };
    runCommand = name: args: _: derivation name args;
    vulkan-loader = derivation "vulkan-loader" { };
    fetchurl = { url, hash }: builtins.seq hash (derivation (baseNameOf url) { inherit url; });
    formats.toml = _: {
      type = types.attrs;
      generate = name: value: derivation name { inherit value; };
    };
  };

  anything = mkOption {
    type = types.lazyAttrsOf types.anything;
    default = { };
  };
  list = mkOption {
    type = types.listOf types.anything;
    default = [ ];
  };
  flag = mkOption {
    type = types.bool;
    default = false;
  };

  evaluate =
    module: options: configuration:
    let
      inherit
        (lib.evalModules {
          modules = [
            module
            { options = options // { assertions = list; }; }
            { _module.args.pkgs = pkgs; }
            configuration
          ];
          specialArgs = { };
        })
        config
        ;
    in
    {
      failed = map (entry: entry.message) (lib.filter (entry: !entry.assertion) config.assertions);
      inherit config;
    };

  system = evaluate ../../../packaging/nix/nixos.nix {
    environment.systemPackages = list;
    environment.pathsToLink = list;
    hardware.graphics.enable = flag;
    security.polkit.enable = flag;
    services.dbus.packages = list;
    systemd.packages = list;
    systemd.user.targets = anything;
  };

  home = evaluate ../../../packaging/nix/home.nix {
    dconf.settings = anything;
    home.packages = list;
    systemd.user.services = anything;
    xdg.configFile = anything;
    xdg.dataFile = anything;
  };

  paths = map toString;
in
{
  system =
    configuration:
    let
      inherit (system configuration) failed config;
    in
    {
      inherit failed;
      systemPackages = paths config.environment.systemPackages;
      dbus = paths config.services.dbus.packages;
      systemd = paths config.systemd.packages;
      wants = config.systemd.user.targets.graphical-session.wants or [ ];
      polkit = config.security.polkit.enable;
      graphics = config.hardware.graphics.enable;
    };

  home =
    configuration:
    let
      inherit (home configuration) failed config;
    in
    {
      inherit failed;
      packages = paths config.home.packages;
      dconf = config.dconf.settings;
      services = config.systemd.user.services;
      configFiles = lib.mapAttrs (_: file: file.source.value or (toString file.source)) config.xdg.configFile;
      dataFiles = lib.mapAttrs (_: file: toString file.source) config.xdg.dataFile;
    };

  package =
    withVulkan:
    let
      package = pkgs.callPackage ../../../packaging/nix/package.nix { inherit withVulkan; };
    in
    {
      inherit (package) pname version extensionUuid;
      inherit (package) buildPhase installPhase postFixup;
      fetched = lib.length (lib.filter (entry: entry ? resolved) (lib.attrValues (builtins.fromJSON package.lock).packages));
    };

  # The lock with what would be fetched in the place of where it would lie.
  lock =
    arch:
    import ../../../packaging/nix/lock.nix {
      inherit lib;
      lock = lib.importJSON ../../../package-lock.json;
      platform = {
        platform = "linux";
        inherit arch;
      };
      fetchPackage = builtins.toJSON;
    };

  flake =
    let
      flake = import ../../../flake.nix;
      outputs = flake.outputs {
        self = outputs;
        nixpkgs = {
          inherit lib;
          legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (_: pkgs);
        };
      };
    in
    lib.mapAttrs (_: lib.attrNames) outputs
    // {
      packages = lib.mapAttrs (_: lib.mapAttrs (_: toString)) outputs.packages;
      overlay = lib.attrNames (outputs.overlays.default pkgs pkgs);
    };
}
