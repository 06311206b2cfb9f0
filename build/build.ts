// `npm run build`: everything that is installed or released, in build/out:
//
//   bin/reeve, bin/reeved        launchers; they may be called through symbolic links
//   lib/                         bundles, their catalogues, the Node that runs them
//   share/                       unit, activation file, completions
//   extension/                   as it lies in ~/.local/share/gnome-shell/extensions/UUID, less gschemas.compiled
//   UUID.shell-extension.zip     the same, packed for `gnome-extensions install`
//
// A new build takes the old one's place only when all of it is complete. What is the same as before stays, so that nobody who
// reads it meanwhile is disturbed.
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stop, type BuildFailure } from 'esbuild';
import { readTranslations, writeCatalogues } from './catalogues.ts';
import { buildExtension, describeMessages } from './extension.ts';
import { generate } from './generate.ts';
import { buildPrograms } from './programs.ts';
import { buildShare } from './share.ts';

const root = dirname(import.meta.dirname);

/** A mistake in the sources, with its place. */
export class BuildError extends Error {}

/**
 * @param out the folder of the finished build; the draft lies beside it
 * @returns the same
 * @throws BuildError
 */
export async function buildAll(out = join(root, 'build', 'out')): Promise<string> {
    await generate();
    const draft = await mkdtemp(`${out}-`);
    try {
        const translations = await readTranslations(join(root, 'po'));
        await mkdir(join(draft, 'extension'));
        // Wait for all of them, so that none writes into a draft that is being removed.
        const results = await Promise.allSettled([
            buildPrograms(root, draft),
            buildShare(draft),
            writeCatalogues(translations, join(draft, 'lib', 'locale')),
            buildExtension(root, join(draft, 'extension'), translations),
        ]);
        for (const result of results) if (result.status === 'rejected') throw result.reason;
        await takePlace(draft, out);
    } catch (error) {
        const { errors } = error as Partial<BuildFailure>;
        throw errors === undefined ? error : new BuildError(describeMessages(errors).join('\n'), { cause: error });
    } finally {
        await rm(draft, { recursive: true, force: true });
        // Its process would stay for as long as ours.
        await stop();
    }
    return out;
}

/**
 * Puts what is in `draft` in the place of what is in `out`, which itself stays: it may be mounted or watched. Programs of
 * the old build that run keep their files until they end.
 */
async function takePlace(draft: string, out: string): Promise<void> {
    const old = await mkdtemp(`${draft}-old-`);
    try {
        await mkdir(out, { recursive: true });
        for (const name of new Set([...(await readdir(draft)), ...(await readdir(out))])) {
            if (await isSame(join(draft, name), join(out, name))) continue;
            await moveIfThere(join(out, name), join(old, name));
            await moveIfThere(join(draft, name), join(out, name));
        }
    } finally {
        await rm(old, { recursive: true, force: true });
    }
}

/** Whether both are there with the same contents and modes. */
async function isSame(one: string, other: string): Promise<boolean> {
    const [ours, theirs] = await Promise.all([lstat(one).catch(() => null), lstat(other).catch(() => null)]);
    if (ours === null || ours.mode !== theirs?.mode) return false;
    if (ours.isSymbolicLink()) return (await readlink(one)) === (await readlink(other));
    if (ours.isFile()) return ours.size === theirs.size && (await readFile(one)).equals(await readFile(other));
    const names = await readdir(one);
    if ((await readdir(other)).sort().join('/') !== names.sort().join('/')) return false;
    for (const name of names) if (!(await isSame(join(one, name), join(other, name)))) return false;
    return true;
}

async function moveIfThere(from: string, to: string): Promise<void> {
    await rename(from, to).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
}

if (import.meta.main) {
    const started = performance.now();
    try {
        const out = await buildAll();
        console.log(`Built ${out} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    } catch (error) {
        console.error(error instanceof BuildError ? error.message : error);
        process.exitCode = 1;
    }
}
