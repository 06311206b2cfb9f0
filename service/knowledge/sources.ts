/** Where a computer keeps documentation: the files of it, and how each is read. */
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
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

/**
 * Manual pages in English of commands (sections 1 and 8), files (5), games (6) and conventions (7), GNOME’s help, and what packages
 * want to be read. Sections 2, 3 and 9 are for programmers, and would be in the way.
 */
export async function findSources(
    folders: readonly string[] = dataFolders(),
    own: readonly string[] = [],
): Promise<Source[]> {
    const documents: Source[] = [];
    for (const folder of own) await findDocuments(folder.replace(/^~(?=\/|$)/, homedir()), documents);
    const found: Source[] = [];
    for (const folder of folders) {
        for (const section of ['1', '5', '6', '7', '8'])
            for (const name of await filesIn(join(folder, 'man', `man${section}`)))
                if (manualName.test(name))
                    found.push({ path: join(folder, 'man', `man${section}`, name), kind: 'manual' });
        for (const collection of await foldersIn(join(folder, 'help', 'C')))
            for (const name of await filesIn(join(folder, 'help', 'C', collection)))
                if (name.endsWith('.page'))
                    found.push({ path: join(folder, 'help', 'C', collection, name), kind: 'help' });
        for (const packageName of await foldersIn(join(folder, 'doc')))
            for (const name of await filesIn(join(folder, 'doc', packageName)))
                if (/^README(?:\.(?:Debian|md|txt|rst))?(?:\.gz)?$/i.test(name))
                    found.push({ path: join(folder, 'doc', packageName, name), kind: 'document' });
    }
    const length = ({ path }: Source) => basename(path).length;
    found.sort((a, b) => length(a) - length(b) || (a.path < b.path ? -1 : 1));
    return [...documents, ...found.slice(0, most)];
}

/** Those of the user, in the folder and below; what is hidden or may hold secrets is left out. */
async function findDocuments(folder: string, found: Source[], depth = 0): Promise<void> {
    for (const entry of await entriesIn(folder)) {
        const path = join(folder, entry.name);
        if (found.length >= mostDocuments) return;
        if (entry.name.startsWith('.') || isSecretPath(path)) continue;
        if (entry.isDirectory() && depth < deepest) await findDocuments(path, found, depth + 1);
        else if (entry.isFile() && /\.(?:md|markdown|txt|text|rst|pdf)$/i.test(entry.name))
            found.push({ path, kind: 'document' });
    }
}

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

const filesIn = async (folder: string) =>
    (await entriesIn(folder)).filter(entry => entry.isFile()).map(entry => entry.name);
const foldersIn = async (folder: string) =>
    (await entriesIn(folder)).filter(entry => entry.isDirectory()).map(entry => entry.name);

async function entriesIn(folder: string) {
    try {
        return await readdir(folder, { withFileTypes: true });
    } catch (error) {
        if ((error as { code?: unknown }).code === 'ENOTDIR' || isUnreadable(error)) return [];
        throw error;
    }
}
