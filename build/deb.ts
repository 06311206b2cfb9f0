// `npm run package:deb`: Debian packages, in build/out-deb. Their files have the date of the last commit.
//
//   reeve_V_ARCH.deb          depends on Debian's nodejs (>= 24): forky, sid
//   reeve_V~node_ARCH.deb     brings its own Node: trixie, and Ubuntu with GNOME 48 or later
//   reeve-vulkan, reeve-cuda  what runs language models on a GPU; that of CUDA only where its binaries are (docs/inference.md)
//
//   npm run package:deb [-- --only own-node|debian-node|vulkan|cuda …] [--quick]
//
// --quick compresses less: it takes seconds and not minutes.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, lstat, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { debs, type Deb } from '../packaging/debian/debs.ts';
import { homepage, maintainer } from '../packaging/manifest.ts';
import { version } from '../service/util/version.ts';
import { buildAll } from './build.ts';
import {
    filesIn,
    foldersIn,
    hasBinaries,
    intoPlace,
    place,
    settle,
    sourceDate,
    stageBinaries,
    stageReeve,
    stripBinaries,
    zipped,
} from './stage.ts';

const run = promisify(execFile);
const root = dirname(import.meta.dirname);
const sources = join(root, 'packaging', 'debian');

type Options = { built: string; draft: string; release: string; quick: boolean; epoch: number };

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
    }: { only?: readonly string[] | undefined; out?: string; release?: string; quick?: boolean } = {},
): Promise<{ file: string; size: number }[]> {
    return intoPlace(out, async (draft, finish) => {
        const epoch = await sourceDate();
        const made = [];
        for (const deb of debs) {
            if (only !== undefined && !only.includes(deb.name)) continue;
            // Those of CUDA are half a gigabyte, and are fetched by hand: docs/inference.md.
            if (deb.package !== 'reeve' && !hasBinaries(built, deb.name)) continue;
            const { file, size } = await make(deb, { built, draft, release, quick, epoch });
            made.push({ file: await finish(file), size });
        }
        return made;
    });
}

async function make(deb: Deb, { built, draft, release, quick, epoch }: Options) {
    const tree = join(draft, deb.name);
    const control = join(tree, 'DEBIAN');
    const withNode = deb.name === 'own-node';
    if (deb.package === 'reeve') await stageReeve(built, tree, { sort: 'deb', withNode });
    else await stageBinaries(built, tree, deb.name);
    const full = `${release}${deb.suffix}`;
    await placeDocuments(built, tree, deb, full, epoch);
    await stripBinaries(tree);
    const size = await installedSize(tree);
    const sums = await md5sums(tree);
    const architecture = (await run('dpkg', ['--print-architecture'])).stdout.trim();
    await place(join(control, 'md5sums'), sums);
    await writeFile(join(control, 'control'), controlText(deb, { version: full, architecture, size }));
    for (const name of deb.package === 'reeve' ? ['postinst', 'prerm', 'postrm'] : [])
        await copyFile(join(sources, name), join(control, name));
    await settle(tree, epoch);
    const file = join(draft, `${deb.package}_${full}_${architecture}.deb`);
    const compression = quick ? ['-Zxz', '-z0'] : ['-Zxz'];
    await run('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, file], {
        env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    });
    await rm(tree, { recursive: true });
    return { file, size };
}

/** In KiB, as deb-substvars(5) counts it. */
async function installedSize(tree: string): Promise<number> {
    let size = (await foldersIn(tree)).length;
    for (const file of await filesIn(tree)) {
        const stats = await lstat(file);
        size += stats.isSymbolicLink() ? 1 : Math.ceil(stats.size / 1024);
    }
    return size;
}

async function md5sums(tree: string): Promise<string> {
    const lines = [];
    for (const file of await filesIn(tree)) {
        if ((await lstat(file)).isSymbolicLink()) continue;
        const sum = createHash('md5')
            .update(await readFile(file))
            .digest('hex');
        lines.push(`${sum}  ${file.slice(tree.length + 1)}\n`);
    }
    return lines.join('');
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
