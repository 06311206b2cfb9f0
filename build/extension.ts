// Builds the extension: one JavaScript module for each TypeScript module that extension.ts or prefs.ts reaches, so that
// what the Shell runs can be read beside its source.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Message, type PartialMessage, type Plugin } from 'esbuild';
import { zipSync, type Zippable } from 'fflate';
import * as z from 'zod';
import { writeMoFiles, type Translation } from './catalogues.ts';

const metadataSchema = z.object({ uuid: z.string(), 'gettext-domain': z.string() });

/**
 * Modules that each of the two processes cannot load, or must not: GTK and the Shell's toolkit in one process clash.
 * https://gjs.guide/extensions/review-guidelines/review-guidelines.html
 */
const programs = [
    {
        entry: 'extension.ts',
        process: 'the Shell',
        forbidden: /^gi:\/\/(Gtk|Gdk|Adw)\b|^resource:\/\/\/org\/gnome\/Shell\/Extensions\//,
    },
    {
        entry: 'prefs.ts',
        process: 'the preferences window',
        forbidden: /^gi:\/\/(St|Clutter|Meta|Mtk|Shell)\b|^resource:\/\/\/org\/gnome\/shell\//,
    },
];

/** SpiderMonkey 128 is what GNOME 48 runs on: https://gitlab.gnome.org/GNOME/gjs/-/blob/1.84.0/NEWS */
const target = 'firefox128';

export type BuiltExtension = { uuid: string; files: string[] };

/**
 * Builds into `out` and writes OUT/../UUID.shell-extension.zip, the name that `gnome-extensions pack` would give it.
 * @throws Error that names the module when one imports what its process cannot load
 */
export async function buildExtension(
    root: string,
    out: string,
    translations: readonly Translation[],
): Promise<BuiltExtension> {
    const source = join(root, 'extension');
    const metadata = metadataSchema.parse(JSON.parse(await readFile(join(source, 'metadata.json'), 'utf8')));
    const modules = await Promise.all(programs.map(async program => reachableModules(source, program)));

    await build({
        entryPoints: [...new Set(modules.flat())].map(module => join(source, module)),
        outdir: out,
        outbase: source,
        format: 'esm',
        charset: 'utf8',
        target,
        logLevel: 'silent',
    });
    await mkdir(join(out, 'schemas'), { recursive: true });
    const assets = globSync(['metadata.json', '*.css', 'icons/**/*.svg'], { cwd: source }).sort();
    for (const asset of assets) await cp(join(source, asset), join(out, asset));
    for (const schema of globSync('*.gschema.xml', { cwd: join(root, 'schemas') }))
        await cp(join(root, 'schemas', schema), join(out, 'schemas', schema));
    await cp(join(root, 'LICENSE'), join(out, 'LICENSE'));
    await writeMoFiles(translations, join(out, 'locale'), metadata['gettext-domain']);

    const files = globSync('**/*', { cwd: out, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name).slice(out.length + 1))
        .sort();
    await writeFile(`${out}/../${metadata.uuid}.shell-extension.zip`, await zip(out, files));
    return { uuid: metadata.uuid, files };
}

/** Follows the imports from one entry, and fails on forbidden and unresolved ones. */
async function reachableModules(source: string, program: (typeof programs)[number]): Promise<string[]> {
    const result = await build({
        entryPoints: [program.entry],
        absWorkingDir: source,
        bundle: true,
        write: false,
        metafile: true,
        format: 'esm',
        target,
        logLevel: 'silent',
        plugins: [importRules(program)],
    });
    return Object.keys(result.metafile.inputs);
}

function importRules({ process, forbidden }: (typeof programs)[number]): Plugin {
    return {
        name: 'import-rules',
        setup(context) {
            context.onResolve({ filter: /^[^.]/ }, ({ path, kind }) => {
                if (kind === 'entry-point') return undefined;
                if (forbidden.test(path)) return problem(`${path} cannot be used in ${process}`);
                const isPlatform = /^(gi|resource):\/\/|^(gettext|system|cairo)$/.test(path);
                return isPlatform ? { external: true } : problem(`${path} is not part of GNOME`);
            });
        },
    };
}

const problem = (text: string): { errors: PartialMessage[] } => ({ errors: [{ text }] });

/** One line for each problem that esbuild found, with its place. */
export function describeMessages(messages: readonly Message[]): string[] {
    return messages.map(({ text, location }) =>
        location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
    );
}

/** The same files give the same bytes: sorted, one date, no user or mode of this machine. */
async function zip(folder: string, files: readonly string[]): Promise<Uint8Array> {
    const entries: Zippable = {};
    for (const file of files) entries[file] = new Uint8Array(await readFile(join(folder, file)));
    // The first date that a zip can hold; fflate reads it as local time.
    return zipSync(entries, { level: 9, mtime: new Date(1980, 0, 1) });
}
