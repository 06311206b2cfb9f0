// ESLint, for the files that it has not found well as they are: `npm run lint`. What its typed rules say about a file depends on
// all that it imports, so each file is known by the contents of those as well, and of what is read everywhere.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import { lint as cache } from '../desktop/cache.ts';

/** They change the types, or the rules, of every file. */
const isForAll = (file: string) =>
    /(^|\/)(tsconfig[^/]*\.json|eslint\.config\.js|package-lock\.json)$|\.d\.ts$/.test(file);
const isSource = (file: string) => /\.(ts|js|mjs)$/.test(file);
const imported = /(?:\bfrom|\bimport|\bimport\()\s*['"](\.{1,2}\/[^'"]+)['"]/g;

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
});
const files = listed.split('\0').filter(file => file !== '' && existsSync(file));

const texts = new Map<string, string>();
const textOf = (file: string) => {
    const text = texts.get(file) ?? readFileSync(file, 'utf8');
    texts.set(file, text);
    return text;
};
const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\0')).digest('hex');
const hashes = new Map<string, string>();
const hashOf = (file: string) => {
    const known = hashes.get(file) ?? hash(textOf(file));
    hashes.set(file, known);
    return known;
};

/** The files that it imports itself; the extension's modules are named as they are called once they are built. */
function importsOf(file: string): string[] {
    if (!isSource(file)) return [];
    return [...textOf(file).matchAll(imported)].flatMap(([, name = '']) => {
        const path = join(dirname(file), name);
        return [path, path.replace(/\.js$/, '.ts')].filter(existsSync).slice(-1);
    });
}

/** A file and all that it imports, and what these import. */
function reachedFrom(file: string): Set<string> {
    const reached = new Set([file]);
    for (const each of reached) for (const next of importsOf(each)) reached.add(next);
    return reached;
}

const forAll = hash(process.version, ...files.filter(isForAll).flatMap(file => [file, hashOf(file)]));
const fingerprintOf = (file: string) =>
    hash(forAll, ...[...reachedFrom(file)].sort().flatMap(each => [each, hashOf(each)]));

const known = existsSync(cache) ? (JSON.parse(readFileSync(cache, 'utf8')) as Record<string, string>) : {};
const fingerprints = Object.fromEntries(files.filter(isSource).map(file => [file, fingerprintOf(file)]));
const stale = Object.keys(fingerprints).filter(file => known[file] !== fingerprints[file]);
if (stale.length > 0) {
    const eslint = new ESLint({ warnIgnored: false, errorOnUnmatchedPattern: false });
    const results = await eslint.lintFiles(stale);
    const formatter = await eslint.loadFormatter('stylish');
    process.stdout.write(await formatter.format(results));
    const faulty = new Set(results.filter(({ messages }) => messages.length > 0).map(({ filePath }) => filePath));
    const well = Object.entries(fingerprints).filter(([file]) => !faulty.has(join(process.cwd(), file)));
    mkdirSync(dirname(cache), { recursive: true });
    writeFileSync(cache, JSON.stringify(Object.fromEntries(well)));
    process.exitCode = faulty.size > 0 ? 1 : 0;
}
