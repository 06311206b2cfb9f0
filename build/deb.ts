// `npm run package:deb`: Debian packages, in build/out-deb. Their files have the date of the last commit.
//
//   reeve_V_ARCH.deb          depends on Debian's nodejs (>= 24): forky, sid
//   reeve_V~node_ARCH.deb     brings its own Node: trixie, Ubuntu 24.04 and later
//   reeve-vulkan, reeve-cuda  what runs language models on a GPU; that of CUDA only where its binaries are (docs/inference.md)
//
//   npm run package:deb [-- --only own-node|debian-node|vulkan|cuda …] [--quick]
//
// --quick compresses less. lintian(1) then calls the packages malformed, and dpkg installs them.
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import {
    chmod,
    copyFile,
    cp,
    lutimes,
    lstat,
    mkdir,
    readdir,
    readFile,
    rm,
    stat,
    symlink,
    writeFile,
} from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { debs, type Deb } from '../packaging/debian/debs.ts';
import {
    debianFiles,
    extensionSchema,
    extensionUuid,
    homepage,
    maintainer,
    offerUnit,
    packagedLibrary,
} from '../packaging/manifest.ts';
import { manPages } from '../packaging/manPages.ts';
import { version } from '../service/util/version.ts';
import { buildAll } from './build.ts';
import { sharedTexts } from './share.ts';

const run = promisify(execFile);
const root = dirname(import.meta.dirname);
const sources = join(root, 'packaging', 'debian');
const elf = Buffer.from('\x7fELF', 'latin1');

type Options = { built: string; out: string; release: string; quick: boolean; epoch: number };

/**
 * @param built the folder that the build wrote
 * @param options.only names of packages (packaging/debian/debs.ts); all, if not given
 * @param options.release the version that they say they are
 * @returns the files, with what each takes when it is installed; KiB
 */
export async function buildDebs(
    built: string,
    {
        only,
        out = join(root, 'build', 'out-deb'),
        release = version,
        quick = false,
    }: { only?: readonly string[] | undefined; out?: string; release?: string; quick?: boolean },
): Promise<{ file: string; size: number }[]> {
    const options = { built, out, release, quick, epoch: await sourceDate() };
    const made = [];
    for (const deb of debs) {
        if (only !== undefined && !only.includes(deb.name)) continue;
        // Those of CUDA are half a gigabyte, and are fetched by hand: docs/inference.md.
        const hasBinaries = globSync(`lib/node_modules/@node-llama-cpp/*-${deb.name}*`, { cwd: built }).length > 0;
        if (deb.package === 'reeve' || hasBinaries) made.push(await make(deb, options));
    }
    return made;
}

/** Of the last commit, if not given as https://reproducible-builds.org/specs/source-date-epoch/ says. Seconds. */
async function sourceDate(): Promise<number> {
    const given = process.env.SOURCE_DATE_EPOCH;
    if (given !== undefined) return z.coerce.number().int().parse(given);
    const { stdout } = await run('git', ['log', '-1', '--format=%ct'], { cwd: root });
    return Number(stdout);
}

async function make(deb: Deb, { built, out, release, quick, epoch }: Options) {
    const tree = join(out, `${deb.name}-tree`);
    await rm(tree, { recursive: true, force: true });
    await mkdir(join(tree, 'DEBIAN'), { recursive: true });
    if (deb.package === 'reeve') await placeReeve(built, tree, deb.name === 'own-node');
    else await placeBinaries(built, tree, deb.name);
    const { stdout: architecture } = await run('dpkg', ['--print-architecture']);
    const full = `${release}${deb.suffix}`;
    await placeDocuments(built, tree, deb, full, epoch);
    await stripBinaries(tree);
    const size = await settle(tree, epoch);
    const control = controlText(deb, { version: full, architecture: architecture.trim(), size });
    await writeFile(join(tree, 'DEBIAN', 'control'), control);
    for (const name of deb.package === 'reeve' ? ['postinst', 'prerm', 'postrm'] : []) {
        await copyFile(join(sources, name), join(tree, 'DEBIAN', name));
        await chmod(join(tree, 'DEBIAN', name), 0o755);
    }
    await settle(join(tree, 'DEBIAN'), epoch);
    const file = join(out, `${deb.package}_${full}_${architecture.trim()}.deb`);
    const compression = quick ? ['-Zzstd', '-z1'] : ['-Zxz'];
    await run('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, file], {
        env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    });
    await rm(tree, { recursive: true });
    return { file, size };
}

/** The programs, the extension, and all that the system looks up. */
async function placeReeve(built: string, tree: string, withNode: boolean): Promise<void> {
    const library = join(tree, packagedLibrary);
    await cp(join(built, 'bin'), join(library, 'bin'), { recursive: true });
    await cp(join(built, 'lib'), join(library, 'lib'), {
        recursive: true,
        // Maps are for those who build; the GPU's binaries are packages of their own; licences are in copyright.
        filter: path => !/\.map$|\/lib\/(?:node|install\.mjs|third-party-licences\.txt)$|-(?:vulkan|cuda)/.test(path),
    });
    if (withNode) await copyFile(join(built, 'lib', 'node'), join(library, 'lib', 'node'));
    else await symlink('../../../bin/node', join(library, 'lib', 'node'));
    await mkdir(join(tree, 'usr', 'bin'), { recursive: true });
    await symlink('../lib/reeve/bin/reeve', join(tree, 'usr', 'bin', 'reeve'));

    const share = join(tree, 'usr', 'share');
    const extension = join(share, 'gnome-shell', 'extensions', extensionUuid);
    await cp(join(built, 'extension'), extension, {
        recursive: true,
        filter: path => !/\/extension\/(?:schemas|LICENSE|locale)$/.test(path),
    });
    // GLib and gettext find these for everybody.
    await cp(join(built, 'extension', 'locale'), join(share, 'locale'), { recursive: true });
    const schema = `${extensionSchema}.gschema.xml`;
    await mkdir(join(share, 'glib-2.0', 'schemas'), { recursive: true });
    await copyFile(join(built, 'extension', 'schemas', schema), join(share, 'glib-2.0', 'schemas', schema));

    const programs = {
        reeved: `${packagedLibrary}/bin/reeved`,
        offer: `${packagedLibrary}/bin/reeve-offer`,
        mechanism: `${packagedLibrary}/lib`,
    };
    for (const [file, to] of debianFiles) await place(join(tree, to), sharedTexts[file](programs));
    const wants = join(tree, 'usr/lib/systemd/user/graphical-session.target.wants');
    await mkdir(wants, { recursive: true });
    await symlink(`../${offerUnit}`, join(wants, offerUnit));
    for (const [page, text] of manPages()) await place(join(share, 'man', 'man1', `${page}.gz`), zipped(text));
}

async function placeBinaries(built: string, tree: string, kind: string): Promise<void> {
    const folder = 'lib/node_modules/@node-llama-cpp';
    for (const name of globSync(`*-${kind}*`, { cwd: join(built, folder) }))
        await cp(join(built, folder, name), join(tree, packagedLibrary, folder, name), { recursive: true });
}

async function placeDocuments(built: string, tree: string, deb: Deb, full: string, epoch: number): Promise<void> {
    const folder = join(tree, 'usr', 'share', 'doc', deb.package);
    await place(join(folder, 'copyright'), await copyrightText(built, deb));
    const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
    const entry = `${deb.package} (${full}) unstable; urgency=medium\n\n  * For the changes of this version, see CHANGELOG.md of Reeve.\n\n`;
    await place(join(folder, 'changelog.gz'), zipped(`${entry} -- ${maintainer}  ${date}\n`));
    const overrides = await readFile(join(sources, `${deb.package}.lintian-overrides`), 'utf8');
    await place(join(tree, 'usr/share/lintian/overrides', deb.package), overrides);
}

async function place(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
}

/** Without a name and a time in it, as `gzip -9n` does. */
function zipped(text: string): Uint8Array {
    return gzipSync(text, { level: 9 });
}

async function stripBinaries(tree: string): Promise<void> {
    for (const file of await filesIn(tree)) {
        if (!/\/node$|\.(?:so|node)$/.test(file) || (await lstat(file)).isSymbolicLink()) continue;
        if (!(await readFile(file)).subarray(0, 4).equals(elf)) continue;
        await run('strip', ['--strip-unneeded', '--remove-section=.comment', '--remove-section=.note', file]);
    }
}

/**
 * Gives what will be packed its modes and the date of the release, and lists its hashes.
 *
 * @returns what it takes when it is installed, in KiB, as deb-substvars(5) counts it
 */
async function settle(tree: string, epoch: number): Promise<number> {
    const sums: string[] = [];
    let size = 0;
    for (const file of await filesIn(tree)) {
        const stats = await lstat(file);
        if (!stats.isSymbolicLink()) {
            const content = await readFile(file);
            await chmod(file, /\/(?:bin\/[^/]+|lib\/node|DEBIAN\/p[^/]+)$/.test(file) ? 0o755 : 0o644);
            if (!file.includes('/DEBIAN/'))
                sums.push(`${createHash('md5').update(content).digest('hex')}  ${file.slice(tree.length + 1)}`);
        }
        size += stats.isSymbolicLink() ? 1 : Math.ceil(stats.size / 1024);
        await lutimes(file, epoch, epoch);
    }
    if (sums.length > 0) await writeFile(join(tree, 'DEBIAN', 'md5sums'), `${sums.join('\n')}\n`);
    const entries = await readdir(tree, { recursive: true, withFileTypes: true });
    const folders = entries.filter(entry => entry.isDirectory()).map(entry => join(entry.parentPath, entry.name));
    // The deepest first: what is written into a folder changes its date.
    for (const folder of [...folders.sort().reverse(), tree]) {
        await chmod(folder, 0o755);
        await lutimes(folder, epoch, epoch);
    }
    return size + folders.length;
}

async function filesIn(tree: string): Promise<string[]> {
    const entries = await readdir(tree, { recursive: true, withFileTypes: true });
    return entries
        .filter(entry => !entry.isDirectory())
        .map(entry => join(entry.parentPath, entry.name))
        .sort();
}

function controlText(deb: Deb, given: { version: string; architecture: string; size: number }): string {
    const fields = {
        Package: deb.package,
        Version: given.version,
        Architecture: given.architecture,
        Maintainer: maintainer,
        'Installed-Size': String(given.size),
        Depends: deb.depends.join(', '),
        ...deb.fields,
        Section: 'gnome',
        Priority: 'optional',
        Homepage: homepage,
        Description: [deb.summary, ...deb.description.map(wrapped)].join('\n .\n').replace('\n .\n', '\n'),
    };
    return Object.entries(fields)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join('');
}

/** deb-control(5), "Description": each line after a space. */
function wrapped(text: string): string {
    return (text.match(/\S.{0,76}(?= |$)/g) ?? []).map(line => ` ${line}`).join('\n');
}

/** https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/ */
async function copyrightText(built: string, deb: Deb): Promise<string> {
    const licences = await readFile(join(built, 'lib', 'third-party-licences.txt'), 'utf8');
    const others = licences.split(/\n-{80}\n\n/).flatMap(licence => {
        const [name = '', text = ''] = licence.split(/(?<=^[^\n]*)\n\n/);
        const [folder = ''] = name.split(' ');
        const isHere =
            deb.package === 'reeve'
                ? deb.name === 'own-node' || !folder.startsWith('node-linux')
                : folder === 'node-llama-cpp';
        return isHere ? [{ folder, text }] : [];
    });
    const stanza = (files: string, holders: readonly string[], licence: string, text: string) =>
        [
            `Files: ${files}`,
            `Copyright: ${holders.join('\n           ')}`,
            `License: ${licence}`,
            ...text
                .trim()
                .split('\n')
                .map(line => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`)),
            '',
        ].join('\n');
    const holdersIn = (text: string) => {
        const lines = text.match(/^\W*(?:Copyright|©).*\d{4}.*$/gim) ?? [];
        return [...new Set(lines.map(line => line.replace(/^\W+|\W+$/g, '')))];
    };
    const own = 'On Debian systems, the text of the licence is in /usr/share/common-licenses/GPL-3.';
    return [
        'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: Reeve\n' +
            `Source: ${homepage}\n`,
        stanza('*', ['2026 The developers of Reeve'], 'GPL-3.0-or-later', own),
        ...others.map(({ folder, text }) => {
            const holders = holdersIn(text);
            return stanza(
                `node_modules/${folder}/*`,
                holders.length > 0 ? holders : [`The authors of ${folder}`],
                `${folder.replace(/^@|\W+$/g, '').replaceAll('/', '-')}-licence`,
                text,
            );
        }),
    ].join('\n');
}

if (import.meta.main) {
    const { values } = parseArgs({
        options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean', default: false } },
    });
    for (const { file, size } of await buildDebs(await buildAll(), values)) {
        const packed = (await stat(file)).size;
        console.log(`${file}  ${(packed / 1e6).toFixed(1)} MB, installed ${((size * 1024) / 1e6).toFixed(1)} MB`);
    }
}
