# The lock file with a place for each package that this platform needs, so that `npm ci` works without the network.
{
  lib,
  lock,
  # As Node names it: { platform = "linux"; arch = "x64"; }
  platform,
  fetchPackage,
}:

let
  # As npm decides it: https://docs.npmjs.com/cli/v11/configuring-npm/package-json#os
  suits = field: value: module: lib.elem value (lib.toList (module.${field} or value));
  isNeeded =
    module:
    suits "os" platform.platform module
    && suits "cpu" platform.arch module
    && suits "libc" "glibc" module;

  place =
    path: module:
    if path == "" || !isNeeded module then
      module
    else
      module
      // {
        resolved = "file:${
          fetchPackage {
            # An alias has its name beside it.
            name = module.name or (lib.last (lib.splitString "node_modules/" path));
            inherit (module) version integrity;
          }
        }";
      };
in
lock // { packages = lib.mapAttrs place lock.packages; }
