// What our installer makes in alice's home, made once for each build and image and laid under the home of each desktop that is
// to have Reeve. It is as if she had installed it on the day before: the service has seen nothing yet.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import * as cache from './cache.ts';
import { alice, layerOf } from './container.ts';
import { buildOutside, Desktop } from './desktop.ts';
import { run } from './hostCommand.ts';
import { ensureImage, type Suite } from './image.ts';

/** For larger files the size is enough: they are programs of others, in one version each. */
const largestRead = 4 * 1024 * 1024;
/** Milliseconds after which a layer that nobody has used is removed. */
const longestKept = 3 * 3_600_000;

/** @returns a folder of this machine */
export async function installedLayer(suite: Suite): Promise<string> {
    const layer = join(cache.installed, `${await ensureImage(suite)}-${await fingerprintOf(buildOutside)}`);
    const isThere = await stat(layer).catch(() => null);
    if (isThere === null) await make(suite, layer);
    const now = new Date();
    await utimes(layer, now, now);
    return layer;
}

async function fingerprintOf(folder: string): Promise<string> {
    const hash = createHash('sha256');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
    for (const file of files.sort()) {
        const { size } = await stat(file);
        hash.update(`${file.slice(folder.length)}\0${size}\0`);
        if (size <= largestRead) hash.update(await readFile(file));
    }
    return hash.digest('hex').slice(0, 12);
}

async function make(suite: Suite, layer: string): Promise<void> {
    const name = `installing-${process.pid}-${suite}`;
    await using desktop = await Desktop.boot(suite, { name });
    await desktop.install();
    await desktop.user(['systemctl', '--user', 'stop', 'reeve.service']);
    const partial = join(cache.installed, `.${name}`);
    await rm(partial, { recursive: true, force: true });
    await mkdir(join(partial, 'home'), { recursive: true });
    // Neither its memory nor anybody's cache: in these, much is about the time of the installation.
    const home = join(layerOf(name), alice.home);
    await run(['cp', '--archive', home, join(partial, 'home')]);
    for (const part of ['.cache', '.local/state'])
        await rm(join(partial, alice.home, part), { recursive: true, force: true });
    // Another process may have made the same meanwhile.
    await rename(partial, layer).catch(() => rm(partial, { recursive: true }));
    await removeUnused();
}

async function removeUnused(): Promise<void> {
    for (const name of await readdir(cache.installed)) {
        const folder = join(cache.installed, name);
        const { mtimeMs } = await stat(folder);
        if (Date.now() - mtimeMs > longestKept) await rm(folder, { recursive: true, force: true });
    }
}
