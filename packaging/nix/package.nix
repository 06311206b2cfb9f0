# Reeve, with what packaging/manifest.ts lists; its output `extension` is the extension of GNOME Shell.
{
  lib,
  stdenv,
  cacert,
  glib,
  nodejs_24,
  patchelf,
  runCommand,
  vulkan-loader,
  # Whether language models can run on a GPU. Adds 70 MB.
  withVulkan ? true,
}:

let
  about = lib.importJSON ../../package.json;
  extension = lib.importJSON ../../extension/metadata.json;
  manifest = lib.importJSON ./manifest.json;
  platform = stdenv.hostPlatform.node;

  # package-lock.json says which packages and with which hashes, not where they are: npm knows its registry, and the hash makes this a
  # derivation that may ask the network. `npm pack` keeps the bytes as they come.
  fetchPackage =
    { name, version, integrity }:
    runCommand "${lib.replaceStrings [ "@" "/" ] [ "" "-" ] name}-${version}.tgz"
      {
        outputHash = integrity;
        impureEnvVars = lib.fetchers.proxyImpureEnvVars;
        nativeBuildInputs = [
          cacert
          nodejs_24
        ];
        spec = "${name}@${version}";
      }
      ''
        export HOME=$TMPDIR
        npm pack --silent --pack-destination "$TMPDIR" -- "$spec"
        mv "$TMPDIR"/*.tgz "$out"
      '';

  lock = import ./lock.nix {
    inherit lib platform fetchPackage;
    lock = lib.importJSON ../../package-lock.json;
  };
in
stdenv.mkDerivation {
  pname = about.name;
  inherit (about) version;
  outputs = [
    "out"
    "extension"
  ];

  src = lib.cleanSource ../..;

  nativeBuildInputs = [
    glib
    nodejs_24
    patchelf
  ];

  lock = builtins.toJSON lock;
  passAsFile = [ "lock" ];

  configurePhase = ''
    runHook preConfigure
    export HOME=$TMPDIR
    cp "$lockPath" package-lock.json
    npm ci --offline --ignore-scripts --no-audit --no-fund
    runHook postConfigure
  '';

  buildPhase = ''
    runHook preBuild
    node --disable-warning=ExperimentalWarning build/nix.ts --prefix "$out" ${lib.optionalString withVulkan "--vulkan"}
    runHook postBuild
  '';

  installPhase = ''
    runHook preInstall
    mkdir -p "$out" "$extension/share/gnome-shell/extensions"
    cp -r build/out-nix/usr/. "$out"
    ln -s ${nodejs_24}/bin/node "$out/lib/reeve/lib/node"
    cp -r build/out-nix/extension/. "$extension/share/gnome-shell/extensions"
    glib-compile-schemas --strict "$extension/share/gnome-shell/extensions/${extension.uuid}/schemas"
    runHook postInstall
  '';

  # The binaries that run language models come with the packages of node-llama-cpp; nothing compiles them. Nix's Node has already loaded
  # the other libraries that they need.
  postFixup = lib.optionalString withVulkan ''
    find "$out/lib/reeve/lib/node_modules" -path '*-vulkan/*' '(' -name '*.so' -o -name '*.node' ')' \
      -exec patchelf --add-rpath ${lib.makeLibraryPath [ vulkan-loader ]} {} +
  '';

  passthru.extensionUuid = extension.uuid;

  meta = {
    description = manifest.summary;
    inherit (manifest) homepage;
    license = lib.licenses.gpl3Plus;
    mainProgram = about.name;
    platforms = [
      "x86_64-linux"
      "aarch64-linux"
    ];
  };
}
