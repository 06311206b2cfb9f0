# What one user declares of Reeve. Grants are not declarable: each is given for a plan that somebody has seen.
{
  config,
  lib,
  pkgs,
  ...
}@args:

let
  cfg = config.programs.reeve;
  inherit (lib) types;
  manifest = lib.importJSON ./manifest.json;
  extension = lib.importJSON ../../extension/metadata.json;
  toml = pkgs.formats.toml { };
  dconfPath = lib.replaceStrings [ "." ] [ "/" ] extension.settings-schema;

  # Only what is set; a section without any is left out.
  written = lib.filterAttrs (_: names: names != { }) (
    lib.mapAttrs (_: lib.filterAttrs (_: value: value != null)) cfg.settings
  );

  models = map ({ url, hash }: pkgs.fetchurl { inherit url hash; }) cfg.models;
  # Lies in the user's state when these are there.
  imported = "%S/reeve/declared-models-${builtins.hashString "sha256" (toString models)}";
  command = "${if cfg.package == null then "/run/current-system/sw" else cfg.package}/bin/reeve";
in
{
  options.programs.reeve = {
    enable = lib.mkEnableOption "Reeve, the steward of the GNOME desktop, for this user";

    package = lib.mkOption {
      type = types.nullOr types.package;
      default = if args.osConfig.services.reeve.enable or false then null else pkgs.callPackage ./package.nix { };
      defaultText = lib.literalMD "`null` where services.reeve has it for everybody, else that of the flake";
      description = "The package of Reeve; null if the system has it.";
    };

    settings = import ./settings.nix {
      inherit lib;
      inherit (manifest) settings;
    };

    enableExtension = lib.mkOption {
      type = types.bool;
      default = false;
      description = "Whether to turn the extension on. Home Manager then sets the whole list of extensions.";
    };

    shortcut = lib.mkOption {
      type = types.nullOr (types.listOf types.str);
      default = null;
      example = [ "<Super>space" ];
      description = "What opens and closes the quick chat; an empty list for no shortcut, null to leave it to the preferences.";
    };

    rules = lib.mkOption {
      type = types.attrsOf types.path;
      default = { };
      example = lib.literalExpression "{ backup = ./backup.yaml; }";
      description = "Local rules for faults, by the name of their file without .yaml; see docs/local-rules.md.";
    };

    models = lib.mkOption {
      type = types.listOf (
        types.submodule {
          options = {
            url = lib.mkOption {
              type = types.strMatching "https://.+\\.gguf";
              description = "Of the GGUF file.";
            };
            hash = lib.mkOption {
              type = types.strMatching "sha256-[A-Za-z0-9+/]{43}=";
              description = "Of the file; with any other, nothing is installed.";
            };
          };
        }
      );
      default = [ ];
      description = "Language models, imported once into the user's own folder of models.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = map (name: {
      assertion = builtins.match "[a-z][a-z-]*" name != null;
      message = "programs.reeve.rules.${name}: the name of a file of rules has lower-case letters and dashes only.";
    }) (lib.attrNames cfg.rules);

    home.packages = lib.optionals (cfg.package != null) [
      cfg.package
      cfg.package.extension
    ];

    # Where systemd and the bus look for what a user has installed.
    xdg.dataFile = lib.mkIf (cfg.package != null) (
      lib.listToAttrs (
        map (file: {
          name = file;
          value.source = "${cfg.package}/${if lib.hasPrefix "systemd/" file then "lib" else "share"}/${file}";
        }) (lib.filter (lib.hasInfix ".service") manifest.userFiles)
      )
    );

    xdg.configFile =
      lib.optionalAttrs (written != { }) {
        "reeve/config.toml".source = toml.generate "reeve-config.toml" written;
      }
      // lib.mapAttrs' (name: source: {
        name = "reeve/faults.d/${name}.yaml";
        value = { inherit source; };
      }) cfg.rules;

    dconf.settings =
      lib.optionalAttrs cfg.enableExtension {
        "org/gnome/shell".enabled-extensions = [ extension.uuid ];
      }
      // lib.optionalAttrs (cfg.shortcut != null) {
        ${dconfPath}.toggle-chat = cfg.shortcut;
      };

    # A model is copied, not linked (docs/models.md), so the service does it; what is there already is not copied again.
    systemd.user.services = lib.mkIf (models != [ ]) {
      reeve-models = {
        Unit = {
          Description = "Reeve, the declared language models";
          After = [ "graphical-session.target" ];
          ConditionPathExists = "!${imported}";
        };
        Service = {
          Type = "oneshot";
          ExecStart = map (model: "${command} models import ${model}") models;
          ExecStartPost = "${pkgs.coreutils}/bin/touch ${imported}";
        };
        Install.WantedBy = [ "graphical-session.target" ];
      };
    };
  };
}
