# An option for each setting of config.toml, from its JSON Schema. What is not set is not written, so that its default applies.
{ lib, settings }:

let
  inherit (lib) types;

  typeOf =
    schema:
    if schema ? enum then
      types.enum schema.enum
    else
      {
        boolean = types.bool;
        integer = types.ints.between schema.minimum schema.maximum;
        array = types.listOf (typeOf schema.items);
        # The service checks its form, and says what is wrong with it.
        string = types.str;
      }
      .${schema.type};
in
lib.mapAttrs (
  _section:
  lib.mapAttrs (
    _name: schema:
    lib.mkOption {
      type = types.nullOr (typeOf schema);
      default = null;
      description = "See docs/configuration.md. Reeve's own default is `${builtins.toJSON schema.default}`.";
    }
  )
) settings
