// Builds the programs that run on Node: one bundle each with shared chunks, the pinned Node beside them, and launchers.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build, type BuildOptions, type Metafile, type OnResolveArgs, type Plugin } from 'esbuild';
import * as z from 'zod';
import { bundleInferenceWorker, linkOrCopy, placeInferenceBinaries } from './inferenceWorker.ts';
import { nodeBundle } from './nodeBundle.ts';

const packageSchema = z.object({ name: z.string(), version: z.string() });

/** Names of the bundles in lib/ and where they begin. */
const bundles = {
    reeved: 'service/main.ts',
    reeve: 'service/cli/main.ts',
    install: 'packaging/install.ts',
    'reeve-offer': 'packaging/offer.ts',
};

const quiet = '--disable-warning=ExperimentalWarning';

/**
 * Options for Node and its allocator. The service lies in memory all day and hardly ever works, so it does without what
 * only long runs repay: on x86-64 it holds a fifth less for it.
 */
const launchers = {
    reeved: {
        flags: [
            quiet,
            '--max-semi-space-size=1',
            '--jitless',
            '--optimize-for-size',
            '--v8-pool-size=1',
            '--expose-gc',
            // Those that lifecycle/memory.ts asks for: they leave no half-empty pages behind.
            '--compact-on-every-full-gc',
            // Each of them drops compiled code that has not run since the one before, instead of the sixth.
            '--bytecode-old-age=1',
            // What threads need not share of such a collection; each share wakes two of them up.
            '--no-parallel-compaction',
            '--no-parallel-pointer-update',
            '--no-concurrent-sweeping',
        ],
        // mallopt(3): V8's parser needs megabytes for a moment, which glibc would keep, also for pieces that a thread may want again.
        variables: [
            'MALLOC_ARENA_MAX=1',
            'MALLOC_MMAP_THRESHOLD_=65536',
            'MALLOC_TRIM_THRESHOLD_=65536',
            'GLIBC_TUNABLES=glibc.malloc.tcache_count=0',
        ],
    },
    reeve: { flags: [quiet], variables: [] },
    'reeve-offer': { flags: [quiet, '--jitless', '--max-semi-space-size=1'], variables: [] },
    install: { flags: [quiet], variables: [] },
};

/** Uses `z.fromJSONSchema`, which uses all of zod. */
const usesAllOfZod = '/service/inference/remote/calls.ts';

const assertion = `
    module.exports = (holds, message) => { if (!holds) throw new Error(message ?? 'an assertion does not hold'); };
    module.exports.strictEqual = (one, other, message) => module.exports(one === other, message);
`;

/** Keeps what hardly anybody needs of the packages out of the chunks that the service starts with. */
const leanPackages: Plugin = {
    name: 'lean-packages',
    setup(build) {
        // dbus-next needs it only where there is no BigInt.
        build.onResolve({ filter: /^jsbi$/ }, ({ path }) => ({ path, namespace: 'empty' }));
        build.onLoad({ filter: /./, namespace: 'empty' }, () => ({ contents: '' }));
        // It asserts two things of what it is given, and Node's own assertions come with the difference of two texts.
        build.onResolve({ filter: /^assert$/ }, ({ path }) => ({ path, namespace: 'assertion' }));
        build.onLoad({ filter: /./, namespace: 'assertion' }, () => ({ contents: assertion }));

        // esbuild has one copy of each module, with all that is used of it anywhere. This one has a zod of its own.
        const isResolved = Symbol('is resolved');
        const apart = async ({ path, kind, resolveDir }: OnResolveArgs) => ({
            ...(await build.resolve(path, { kind, resolveDir, pluginData: isResolved })),
            namespace: 'apart',
        });
        build.onResolve({ filter: /^zod$/ }, args =>
            args.importer.endsWith(usesAllOfZod) && args.pluginData !== isResolved ? apart(args) : undefined,
        );
        build.onResolve({ filter: /./, namespace: 'apart' }, apart);
        build.onLoad({ filter: /./, namespace: 'apart' }, async ({ path }) => ({
            contents: await readFile(path, 'utf8'),
            resolveDir: dirname(path),
        }));
    },
};

/** Writes OUT/lib and OUT/bin. */
export async function buildPrograms(root: string, out: string): Promise<void> {
    const lib = join(out, 'lib');
    const common = {
        ...nodeBundle,
        absWorkingDir: root,
        // Not where it is written to: the names of the chunks depend on it, through the source maps.
        outdir: join(root, 'build', 'out', 'lib'),
        write: false,
        // V8 keeps the source of what runs: a byte of indentation is a byte of memory. Names stay, for stack traces.
        minifyWhitespace: true,
        // See withEscapes.
        charset: 'ascii',
        // The CommonJS packages require only Node's built-in modules. The short name is for withLazyBuiltins.
        banner: { js: 'const require=process.getBuiltinModule,_n=require;' },
        plugins: [leanPackages],
    } as const satisfies BuildOptions;
    const programs = await build({
        ...common,
        entryPoints: bundles,
        chunkNames: '[name]-[hash]',
        splitting: true,
    });
    // One file: root runs nothing that a user's installation shares.
    const mechanism = await build({ ...common, entryPoints: { mechanism: 'mechanism/main.ts' } });
    await mkdir(lib, { recursive: true });
    for (const { path, text } of [...programs.outputFiles, ...mechanism.outputFiles])
        await writeFile(join(lib, basename(path)), path.endsWith('.mjs') ? withLazyBuiltins(withEscapes(text)) : text);
    const worker = await bundleInferenceWorker(root, lib);
    await placeInferenceBinaries(root, lib);
    // The pinned one, or that of Nix (run.mjs).
    await linkOrCopy(process.execPath, join(lib, 'node'));
    await writeFile(
        join(lib, 'third-party-licences.txt'),
        await collectLicences(root, [programs.metafile, mechanism.metafile, worker]),
    );
    await mkdir(join(out, 'bin'));
    for (const [name, launcher] of Object.entries(launchers))
        await writeLauncher(join(out, 'bin', name), name, launcher);
}

/**
 * V8 keeps a source that is all ASCII in half the memory. esbuild leaves regular expressions and comments as they are; in
 * both, an escape says the same.
 */
function withEscapes(source: string): string {
    return source.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * An import has Node read everything that a module of its own offers, and so load what it would only load when somebody asks:
 * with node:util come worker threads, with node:crypto comes Web Crypto. The service would hold 2 MB for that.
 */
function withLazyBuiltins(source: string): string {
    const lazy = source.replace(
        /\bimport(?:(\{[^{}]*\})|\*as (\w+) | (\w+) )from"(node:[\w/]+)"/g,
        (whole, names: string | undefined, all: string | undefined, main: string | undefined, module: string) => {
            if (names !== undefined && /\bdefault\b/.test(names)) throw new Error(`${whole} has no name for the whole`);
            const taken = names?.replaceAll(' as ', ':') ?? ` ${all ?? main}`;
            // As long as the import was, so that the source map holds.
            return `const${taken}=_n("${module}")`.padEnd(whole.length);
        },
    );
    const [left] = /\bfrom ?"node:[^"]*"/.exec(lazy) ?? [];
    if (left !== undefined) throw new Error(`An import ${left} is in no known form`);
    for (const [, name = ''] of lazy.matchAll(/\brequire\("([^"]*)"\)/g))
        if (!isBuiltin(name)) throw new Error(`${name} is required, and Node does not bring it`);
    return lazy;
}

/** NODE_OPTIONS of the user's own Node would change, or stop, ours. */
async function writeLauncher(
    file: string,
    name: string,
    { flags, variables }: { flags: readonly string[]; variables: readonly string[] },
): Promise<void> {
    const lines = [
        '#!/bin/sh',
        'unset NODE_OPTIONS',
        ...variables.map(variable => `export ${variable}`),
        'lib=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")/lib',
        `exec "$lib/node" ${flags.join(' ')} "$lib/${name}.mjs" "$@"`,
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    await chmod(file, 0o755);
}

/** The licences of all bundled packages, as they require, each once. */
async function collectLicences(root: string, metafiles: readonly Metafile[]): Promise<string> {
    const packages = new Set(
        metafiles
            .flatMap(({ inputs }) => Object.keys(inputs))
            .flatMap(file => /^(?:[^:]*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[0] ?? []),
    );
    const node = join(root, 'node_modules', `node-linux-${process.arch}`);
    const texts = await Promise.all(
        [...packages]
            .sort()
            .map(async folder => licenceOf(join(root, folder)))
            .concat(licenceOf(node)),
    );
    return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenceOf(folder: string): Promise<string> {
    const about = packageSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
    const [file] = globSync('{LICENSE,LICENCE,License,license}{,-MIT}{,.md,.txt}', { cwd: folder });
    if (file === undefined) throw new Error(`${about.name} is bundled but carries no licence`);
    return `${about.name} ${about.version}\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
}
