// Builds the program that runs language models: one bundle, and beside it the binaries of llama.cpp for this processor.
import { existsSync, globSync } from 'node:fs';
import { constants, copyFile, link, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import * as z from 'zod';
import { nodeBundle } from './nodeBundle.ts';

const packageSchema = z.object({ version: z.string() });
const releaseSchema = z.object({ release: z.string() });

/**
 * The directories that are searched for packages with binaries. The second is for those of CUDA; docs/inference.md says
 * how they get there.
 */
const packageFolders = ['node_modules/@node-llama-cpp', 'build/out-cuda/node_modules/@node-llama-cpp'];

/**
 * Writes `lib`/inference.mjs, or another name for another entry.
 *
 * @param entry relative to `root`
 */
export async function bundleInferenceWorker(
    root: string,
    lib: string,
    { name = 'inference', entry = 'service/inference/worker/main.ts' } = {},
): Promise<Metafile> {
    const { metafile } = await build({
        ...nodeBundle,
        entryPoints: { [name]: entry },
        absWorkingDir: root,
        outdir: lib,
        external: ['@node-llama-cpp/*', 'electron', '@reflink/reflink'],
        plugins: [await ownPlace(root)],
    });
    return metafile;
}

/** Replaces the packages with which node-llama-cpp clones and downloads: missing code cannot be called. */
const absent = `const refuse = () => { throw new Error('Reeve downloads nothing by itself'); };
export { refuse as simpleGit, refuse as downloadFile, refuse as downloadSequence, refuse as DownloadStatus };`;

/**
 * node-llama-cpp reads its version and llama.cpp's release from files of its package, which are not beside a bundle; here they
 * become part of it. And it starts a second process to see whether a binary runs at all: here it is in one already that may crash.
 */
async function ownPlace(root: string): Promise<Plugin> {
    const library = join(root, 'node_modules', 'node-llama-cpp');
    const { version } = packageSchema.parse(JSON.parse(await readFile(join(library, 'package.json'), 'utf8')));
    const releaseFile = join(library, 'llama', 'binariesGithubRelease.json');
    const { release } = releaseSchema.parse(JSON.parse(await readFile(releaseFile, 'utf8')));
    const modules: Readonly<Record<string, string>> = {
        'utils/getModuleVersion.js': `export const getModuleVersion = () => Promise.resolve(${JSON.stringify(version)});`,
        'bindings/utils/binariesGithubRelease.js': [
            `export const builtinLlamaCppRelease = ${JSON.stringify(release)};`,
            'export const defaultLlamaCppRelease = builtinLlamaCppRelease;',
            'export const getBinariesGithubRelease = () => Promise.resolve(builtinLlamaCppRelease);',
        ].join('\n'),
        'bindings/utils/testBindingBinary.js': 'export const testBindingBinary = () => Promise.resolve(true);',
    };
    const contents = new Map(Object.entries(modules).map(([file, text]) => [join(library, 'dist', file), text]));
    // A new version that has moved one must not go unnoticed.
    for (const path of contents.keys()) if (!existsSync(path)) throw new Error(`There is no ${path} any more`);
    return {
        name: 'own-place',
        setup: bundler => {
            bundler.onResolve({ filter: /^(?:simple-git|ipull)$/ }, ({ path }) => ({ path, namespace: 'absent' }));
            bundler.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: absent, loader: 'js' }));
            bundler.onLoad({ filter: /node-llama-cpp.dist.*\.js$/ }, ({ path }) => {
                const text = contents.get(path);
                return text === undefined ? undefined : { contents: text };
            });
        },
    };
}

/** Puts the packages with binaries for this processor into `lib`, where the bundle finds them. Links where the file system allows it. */
export async function placeInferenceBinaries(root: string, lib: string): Promise<void> {
    for (const folder of packageFolders) {
        for (const name of globSync(`linux-${process.arch}*/**/*`, { cwd: join(root, folder), withFileTypes: true })) {
            if (!name.isFile()) continue;
            const source = join(name.parentPath, name.name);
            const target = join(lib, 'node_modules', '@node-llama-cpp', relative(join(root, folder), source));
            await mkdir(dirname(target), { recursive: true });
            await linkOrCopy(source, target);
        }
    }
}

/** For large files that are never written to again. */
export async function linkOrCopy(source: string, target: string): Promise<void> {
    try {
        await link(source, target);
    } catch {
        await copyFile(source, target, constants.COPYFILE_FICLONE);
    }
}
