# services.reeve.enable = true is all that a computer needs. The units, the files of the buses and polkit's policy are those of the package.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.services.reeve;
  manifest = lib.importJSON ./manifest.json;
in
{
  options.services.reeve = {
    enable = lib.mkEnableOption "Reeve, the steward of the GNOME desktop";

    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.callPackage ./package.nix { withVulkan = cfg.acceleration == "vulkan"; };
      defaultText = lib.literalMD "that of the flake";
      description = "The package of Reeve.";
    };

    acceleration = lib.mkOption {
      type = lib.types.enum [
        "cpu"
        "vulkan"
      ];
      default = "vulkan";
      description = "What can run language models besides the processor.";
    };

    offer = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether each user is asked once, at log-in, to turn Reeve on.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = config.security.polkit.enable;
        message = "services.reeve needs security.polkit.enable: polkit asks before Reeve changes anything.";
      }
    ];

    # polkit, the Shell, shells and man find what is theirs in the share/ of all of them.
    environment.systemPackages = [
      cfg.package
      cfg.package.extension
      # Commands in a sandbox.
      pkgs.bubblewrap
    ];
    environment.pathsToLink = [ "/share/gnome-shell" ];
    services.dbus.packages = [ cfg.package ];
    systemd.packages = [ cfg.package ];
    # NixOS leaves out the .wants folders of packages.
    systemd.user.targets.graphical-session.wants = lib.mkIf cfg.offer [ manifest.units.offer ];
    security.polkit.enable = lib.mkDefault true;
    hardware.graphics.enable = lib.mkIf (cfg.acceleration == "vulkan") (lib.mkDefault true);
  };
}
