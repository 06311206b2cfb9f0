import type { BuildOptions } from 'esbuild';

/** Bundles a program for the Node that Reeve ships: an ES module that needs no packages beside it. */
export const nodeBundle = {
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
    // CommonJS packages inside an ES module still call require() for Node's built-in modules.
    banner: {
        js: "import { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);",
    },
} as const satisfies BuildOptions;
