// Lays out what a package installs, as it will lie on the computer (packaging/manifest.ts).
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import {
    chmod,
    copyFile,
    cp,
    lstat,
    lutimes,
    mkdir,
    mkdtemp,
    readdir,
    readFile,
    rename,
    rm,
    symlink,
    writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import {
    extensionSchema,
    extensionUuid,
    localFiles,
    offerUnit,
    packagedFiles,
    packagedLibrary,
    userFiles,
    type PackageSort,
} from '../packaging/manifest.ts';
import { manPages } from '../packaging/manPages.ts';
import { installedFile, installedText } from '../service/util/installed.ts';
import { sharedTexts } from './share.ts';

const run = promisify(execFile);
const root = dirname(import.meta.dirname);
const elf = Buffer.from('\x7fELF', 'latin1');
/** What node-llama-cpp has for each processor and each sort of GPU. */
const inferenceBinaries = 'lib/node_modules/@node-llama-cpp';

/** Of the last commit, if not given as https://reproducible-builds.org/specs/source-date-epoch/ says. Seconds. */
export async function sourceDate(): Promise<number> {
    const given = process.env.SOURCE_DATE_EPOCH;
    if (given !== undefined) return z.coerce.number().int().parse(given);
    const { stdout } = await run('git', ['log', '-1', '--format=%ct'], { cwd: root });
    return Number(stdout);
}

/**
 * The programs, the extension, and all that the system looks up.
 *
 * @param built the folder that the build wrote
 * @param tree stands for the root of the computer
 * @param options.withNode brings the Node of the build; otherwise that of the distribution is linked
 */
export async function stageReeve(
    built: string,
    tree: string,
    { sort, withNode }: { sort: Exclude<PackageSort, 'nix'>; withNode: boolean },
): Promise<void> {
    const library = join(tree, packagedLibrary);
    await stagePrograms(built, tree, { sort });
    if (withNode) await copyFile(join(built, 'lib', 'node'), join(library, 'lib', 'node'));
    else await symlink('../../../bin/node', join(library, 'lib', 'node'));
    await place(join(library, installedFile), installedText({ way: sort }));

    const share = join(tree, 'usr', 'share');
    await cp(join(built, 'extension'), join(share, 'gnome-shell', 'extensions', extensionUuid), {
        recursive: true,
        filter: path => !/\/extension\/(?:schemas|LICENSE|locale)$/.test(path),
    });
    // GLib and gettext find these for everybody.
    await cp(join(built, 'extension', 'locale'), join(share, 'locale'), { recursive: true });
    const schema = `${extensionSchema}.gschema.xml`;
    await mkdir(join(share, 'glib-2.0', 'schemas'), { recursive: true });
    await copyFile(join(built, 'extension', 'schemas', schema), join(share, 'glib-2.0', 'schemas', schema));
}

/**
 * Without Node and the extension.
 *
 * @param options.prefix what its files call /usr
 */
export async function stagePrograms(
    built: string,
    tree: string,
    { sort, prefix = '/usr' }: { sort: PackageSort; prefix?: string },
): Promise<void> {
    const library = join(tree, packagedLibrary);
    await copyFolder(built, 'bin', library, /^bin\/install$/);
    // Maps are for those who build; the GPU's binaries are packages of their own; licences have a place of their own.
    const without = /\.map$|^lib\/(?:node|install\.mjs|third-party-licences\.txt)$|-(?:vulkan|cuda)/;
    await copyFolder(built, 'lib', library, without);
    await mkdir(join(tree, 'usr', 'bin'), { recursive: true });
    await symlink('../lib/reeve/bin/reeve', join(tree, 'usr', 'bin', 'reeve'));

    const installed = packagedLibrary.replace('/usr', prefix);
    const programs = {
        reeved: `${installed}/bin/reeved`,
        offer: `${installed}/bin/reeve-offer`,
        mechanism: `${installed}/lib`,
    };
    for (const [file, to] of packagedFiles(sort)) await place(join(tree, to), sharedTexts[file](programs));
    const wants = join(tree, 'usr/lib/systemd/user/graphical-session.target.wants');
    await mkdir(wants, { recursive: true });
    await symlink(`../${offerUnit}`, join(wants, offerUnit));
    for (const [page, text] of manPages())
        await place(join(tree, 'usr', 'share', 'man', 'man1', `${page}.gz`), zipped(text));
}

/** @param without the paths, as they are below `from`, that are left out */
async function copyFolder(from: string, folder: string, to: string, without: RegExp): Promise<void> {
    await cp(join(from, folder), join(to, folder), {
        recursive: true,
        filter: path => !without.test(relative(from, path)),
    });
}

/** Of the sorts of GPU, those that this build has binaries for. */
export function hasBinaries(built: string, kind: string): boolean {
    return globSync(`${inferenceBinaries}/*-${kind}*`, { cwd: built }).length > 0;
}

/** What runs language models on one sort of GPU. */
export async function stageBinaries(built: string, tree: string, kind: string): Promise<void> {
    for (const name of globSync(`*-${kind}*`, { cwd: join(built, inferenceBinaries) }))
        await cp(join(built, inferenceBinaries, name), join(tree, packagedLibrary, inferenceBinaries, name), {
            recursive: true,
        });
}

/** The build as its installer finds it (packaging/install.ts), without what is only for those who build or package. */
export async function stageInstaller(built: string, tree: string): Promise<void> {
    for (const folder of ['bin', 'lib', 'extension']) await copyFolder(built, folder, tree, /\.map$|-cuda/);
    for (const file of [...userFiles, ...localFiles.map(([file]) => file)])
        await place(join(tree, 'share', file), await readFile(join(built, 'share', file)));
    await place(join(tree, installedFile), installedText({ way: 'tarball' }));
    // The installer compares it with the one that is installed.
    const zip = `${extensionUuid}.shell-extension.zip`;
    await copyFile(join(built, zip), join(tree, zip));
    await copyFile(join(root, 'LICENSE'), join(tree, 'LICENSE'));
}

/**
 * Makes files in a draft beside their place. Each takes the place of an older one when it is whole, and nothing half made stays.
 *
 * @param make gets the folder of the draft, and what puts a finished file in its place and returns that
 */
export async function intoPlace<T>(
    out: string,
    make: (draft: string, finish: (file: string) => Promise<string>) => Promise<T>,
): Promise<T> {
    await mkdir(out, { recursive: true });
    const draft = await mkdtemp(join(out, '.draft-'));
    try {
        return await make(draft, async file => {
            const finished = join(out, basename(file));
            await rename(file, finished);
            return finished;
        });
    } finally {
        await rm(draft, { recursive: true, force: true });
    }
}

/**
 * The same tree gives the same bytes: https://reproducible-builds.org/docs/archives/
 *
 * @param tree must be settled
 * @returns tree.tar.xz
 */
export async function packTree(tree: string, { quick }: { quick: boolean }): Promise<string> {
    const file = `${tree}.tar`;
    const same = ['--sort=name', '--format=gnu', '--owner=0', '--group=0', '--numeric-owner'];
    await run('tar', ['--create', `--file=${file}`, ...same, `--directory=${dirname(tree)}`, '--', basename(tree)]);
    // How many threads there are decides about the bytes.
    await run('xz', ['--threads=1', quick ? '-0' : '-6', '--', file]);
    return `${file}.xz`;
}

/** Where Fedora, openSUSE and Arch have them; Debian has a form of its own. */
export async function placeLicences(built: string, tree: string, name: string): Promise<void> {
    const folder = join(tree, 'usr', 'share', 'licenses', name);
    await mkdir(folder, { recursive: true });
    await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'));
    const others = 'third-party-licences.txt';
    await copyFile(join(built, 'lib', others), join(folder, others));
}

export async function place(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
}

/** Without a name and a time in it, as `gzip -9n` does. */
export function zipped(text: string): Uint8Array {
    return gzipSync(text, { level: 9 });
}

export async function stripBinaries(tree: string): Promise<void> {
    for (const file of await filesIn(tree)) {
        if (!/\/node$|\.(?:so|node)$/.test(file) || (await lstat(file)).isSymbolicLink()) continue;
        if (!(await readFile(file)).subarray(0, 4).equals(elf)) continue;
        await run('strip', ['--strip-unneeded', '--remove-section=.comment', '--remove-section=.note', file]);
    }
}

/** Gives what will be packed its modes, whatever those of the machine that packs it, and the date of the release. */
export async function settle(tree: string, epoch: number): Promise<void> {
    for (const file of await filesIn(tree)) {
        if (!(await lstat(file)).isSymbolicLink())
            await chmod(file, /\/(?:bin\/[^/]+|lib\/node|DEBIAN\/p[^/]+)$/.test(file) ? 0o755 : 0o644);
        await lutimes(file, epoch, epoch);
    }
    for (const folder of [...(await foldersIn(tree)), tree]) {
        await chmod(folder, 0o755);
        await lutimes(folder, epoch, epoch);
    }
}

/** Files and links, sorted. */
export async function filesIn(tree: string): Promise<string[]> {
    const entries = await readdir(tree, { recursive: true, withFileTypes: true });
    return entries
        .filter(entry => !entry.isDirectory())
        .map(entry => join(entry.parentPath, entry.name))
        .sort();
}

export async function foldersIn(tree: string): Promise<string[]> {
    const entries = await readdir(tree, { recursive: true, withFileTypes: true });
    return entries.filter(entry => entry.isDirectory()).map(entry => join(entry.parentPath, entry.name));
}
