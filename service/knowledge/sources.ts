/** Where a computer keeps documentation: the files of it, and how each is read. */
import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { openPlainFile } from '../machine/plainFile.ts';
import { isSecretPath } from '../machine/readablePath.ts';
import { run } from '../machine/run.ts';
import { ReeveError } from '../util/errors.ts';
import { readHelpPage } from './helpPage.ts';
import { readManualPage } from './manualPage.ts';
import { limits, type Page } from './page.ts';
import { readTextPage } from './textPage.ts';

export type SourceKind = 'manual' | 'help' | 'document';
export type Source = { path: string; kind: SourceKind };

/** As many as are read; commands have short names, and the commands of their commands long ones. */
const most = 10_000;
const mostDocuments = 5000;
const deepest = 8;

/** After the XDG Base Directory Specification. */
export function dataFolders(environment: NodeJS.ProcessEnv = process.env): string[] {
    const given = (environment.XDG_DATA_DIRS ?? '').split(':').filter(path => isAbsolute(path));
    return [...new Set(given.length > 0 ? given : ['/usr/local/share', '/usr/share'])];
}

/** Of NixOS: what its folders of documentation link to. Nobody can change it, and everybody may read it. */
const packageStore = '/nix/store';

/**
 * Manual pages in English of commands (sections 1 and 8), files (5), games (6) and conventions (7), GNOME’s help, and what packages
 * want to be read. Sections 2, 3 and 9 are for programmers, and would be in the way. Links are followed as far as they lead into one of
 * the folders or into the store of Nix: the alternatives of Debian and whole folders of NixOS are links. Each file is there once.
 *
 * @throws the signal's reason when it aborts
 */
export async function findSources(
    signal: AbortSignal,
    folders: readonly string[] = dataFolders(),
    own: readonly string[] = [],
): Promise<Source[]> {
    const ownFolders = own.map(folder => folder.replace(/^~(?=\/|$)/, homedir()));
    const documents = new Tree(signal, await realRoots(ownFolders));
    for (const folder of ownFolders) await findDocuments(documents, folder);
    // Of Debian, /usr/local/share/man is a link.
    const parts = folders.flatMap(folder => [folder, ...['man', 'help', 'doc'].map(part => join(folder, part))]);
    const tree = new Tree(signal, await realRoots([...parts, packageStore]));
    for (const folder of folders) {
        for (const section of ['1', '5', '6', '7', '8'])
            for (const file of await tree.filesIn(join(folder, 'man', `man${section}`)))
                if (manualName.test(basename(file.path))) tree.add(file, 'manual');
        for (const collection of await tree.foldersIn(join(folder, 'help', 'C')))
            for (const file of await tree.filesIn(collection.path))
                if (file.name.endsWith('.page')) tree.add(file, 'help');
        for (const packageFolder of await tree.foldersIn(join(folder, 'doc')))
            for (const file of await tree.filesIn(packageFolder.path))
                if (/^README(?:\.(?:Debian|md|txt|rst))?(?:\.gz)?$/i.test(file.name)) tree.add(file, 'document');
    }
    const length = ({ path }: Source) => basename(path).length;
    const found = tree.sources;
    found.sort((a, b) => length(a) - length(b) || (a.path < b.path ? -1 : 1));
    return [...documents.sources, ...found.slice(0, most)];
}

/** Those of the user, in the folder and below; what is hidden or may hold secrets is left out. */
async function findDocuments(tree: Tree, folder: string, depth = 0): Promise<void> {
    const isShown = ({ name, path }: Entry) =>
        !name.startsWith('.') && !basename(path).startsWith('.') && !isSecretPath(path);
    for (const file of (await tree.filesIn(folder)).filter(isShown))
        if (tree.sources.length < mostDocuments && /\.(?:md|markdown|txt|text|rst|pdf)$/i.test(file.name))
            tree.add(file, 'document');
    if (depth === deepest || tree.sources.length >= mostDocuments) return;
    for (const inner of (await tree.foldersIn(folder)).filter(isShown))
        if (tree.enters(inner)) await findDocuments(tree, inner.path, depth + 1);
}

/** @param path with all links followed @param name as it is called where it was found */
type Entry = { path: string; name: string };

/** The files of some folders, each once, however many names it has. */
class Tree {
    readonly #signal: AbortSignal;
    readonly #roots: readonly string[];
    readonly #sources = new Map<string, Source>();
    readonly #entered = new Set<string>();

    constructor(signal: AbortSignal, roots: readonly string[]) {
        this.#signal = signal;
        this.#roots = roots;
    }

    get sources(): Source[] {
        return [...this.#sources.values()];
    }

    add({ path }: Entry, kind: SourceKind): void {
        if (!this.#sources.has(path)) this.#sources.set(path, { path, kind });
    }

    /** False for a folder that was entered before, by another name or in a circle. */
    enters({ path }: Entry): boolean {
        const isNew = !this.#entered.has(path);
        this.#entered.add(path);
        return isNew;
    }

    filesIn = async (folder: string) => await this.#entries(folder, one => one.isFile());
    foldersIn = async (folder: string) => await this.#entries(folder, one => one.isDirectory());

    async #entries(folder: string, isWanted: (one: Dirent | Stats) => boolean): Promise<Entry[]> {
        this.#signal.throwIfAborted();
        const found: Entry[] = [];
        try {
            const real = await realpath(folder);
            if (!this.#isInside(real)) return [];
            for (const entry of await readdir(real, { withFileTypes: true })) {
                const { name } = entry;
                const path = join(real, name);
                if (isWanted(entry)) found.push({ path, name });
                else if (entry.isSymbolicLink()) {
                    const target = await this.#target(path);
                    if (target !== null && isWanted(target.stats)) found.push({ path: target.path, name });
                }
            }
        } catch (error) {
            if (!isOfSystem(error)) throw error;
        }
        return found;
    }

    /** @returns null for a link that leads nowhere, in a circle, or out of the folders */
    async #target(link: string): Promise<{ path: string; stats: Stats } | null> {
        try {
            const path = await realpath(link);
            return this.#isInside(path) ? { path, stats: await stat(path) } : null;
        } catch (error) {
            if (isOfSystem(error)) return null;
            throw error;
        }
    }

    #isInside(path: string): boolean {
        return this.#roots.some(root => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
    }
}

async function realRoots(folders: readonly string[]): Promise<string[]> {
    const roots: string[] = [];
    for (const folder of folders) {
        try {
            roots.push(await realpath(folder));
        } catch (error) {
            if (!isOfSystem(error)) throw error;
        }
    }
    return roots;
}

/** An error of a system call: of the file or folder, and not of ours. */
const isOfSystem = (error: unknown) => typeof (error as NodeJS.ErrnoException).errno === 'number';

const manualName = /^(.+)\.([1-9][a-zA-Z0-9]*)(?:\.gz)?$/;

/** @returns null for what has no text to find */
export async function readSource({ path, kind }: Source): Promise<Page | null> {
    const text = /\.pdf$/i.test(path) ? await readPdf(path) : await readText(path);
    if (text === null) return null;
    const folder = basename(dirname(path));
    if (kind === 'manual') {
        const [, name = '', section = ''] = manualName.exec(basename(path)) ?? [];
        return readManualPage(text, { name, section });
    }
    if (kind === 'help') return readHelpPage(text, folder);
    return readTextPage(text, `${basename(path).replace(/\.gz$/, '')} (${folder})`);
}

/** @returns null for what is not there any more or may not be read, for binary, damaged and enormous files */
async function readText(path: string): Promise<string | null> {
    try {
        await using file = await openPlainFile(path);
        if (file === null) return null;
        const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min((await file.stat()).size, limits.source)));
        const bytes = buffer.subarray(0, bytesRead);
        const content = path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: 8 * limits.source }) : bytes;
        const text = content.toString('utf8', 0, limits.source);
        return text.includes('\0') ? null : text;
    } catch (error) {
        if (isUnreadable(error)) return null;
        throw error;
    }
}

/** pdftotext(1) of poppler-utils. @returns null where it is not installed, and for what it cannot read */
async function readPdf(path: string): Promise<string | null> {
    try {
        const options = { signal: AbortSignal.timeout(30_000), limit: 8 * limits.source, silentIsError: true };
        const text = await run('pdftotext', ['-q', '-enc', 'UTF-8', path, '-'], options);
        return text?.slice(0, limits.source).replaceAll('\f', '\n') ?? null;
    } catch (error) {
        if (error instanceof ReeveError || (error as Error).name === 'TimeoutError') return null;
        throw error;
    }
}

/** ELOOP is a link that took the file's place; Z_ codes are zlib’s, and the last is that of a file that never ends. */
function isUnreadable(error: unknown): boolean {
    const code = (error as { code?: unknown }).code;
    return typeof code === 'string' && /^(?:ENOENT|EACCES|EPERM|ELOOP|ENXIO|Z_\w+|ERR_BUFFER_TOO_LARGE)$/.test(code);
}
