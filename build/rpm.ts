// `npm run package:rpm`: packages for Fedora and openSUSE, in build/out-rpm: reeve, with its own Node, and reeve-vulkan, what runs
// language models on a GPU. Their files have the date of the last commit. It needs rpmbuild, which Debian has in its package rpm.
//
//   npm run package:rpm [-- --quick]
//
// --quick compresses less: it takes seconds and not minutes.
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { extensionUuid, packagedLibrary } from '../packaging/manifest.ts';
import { specText, type RpmName } from '../packaging/rpm/spec.ts';
import { version } from '../service/util/version.ts';
import { buildAll } from './build.ts';
import {
    filesIn,
    foldersIn,
    hasBinaries,
    intoPlace,
    placeLicences,
    settle,
    sourceDate,
    stageBinaries,
    stageReeve,
    stripBinaries,
} from './stage.ts';

const run = promisify(execFile);
/** Folders that are nobody else's. */
const ownFolders = [
    packagedLibrary,
    `/usr/share/gnome-shell/extensions/${extensionUuid}`,
    '/usr/share/licenses/reeve',
    '/usr/share/licenses/reeve-vulkan',
];

/**
 * @param built the folder that the build wrote
 * @returns the files
 */
export function buildRpms(
    built: string,
    {
        out = join(dirname(import.meta.dirname), 'build', 'out-rpm'),
        quick = false,
    }: { out?: string; quick?: boolean } = {},
): Promise<string[]> {
    return intoPlace(out, async (draft, finish) => {
        const epoch = await sourceDate();
        const tree = join(draft, 'tree');
        await stageReeve(built, tree, { sort: 'rpm', withNode: true });
        await placeLicences(built, tree, 'reeve');
        const files: Partial<Record<RpmName, string[]>> = { reeve: await lines(tree) };
        if (hasBinaries(built, 'vulkan')) {
            await stageBinaries(built, tree, 'vulkan');
            await placeLicences(built, tree, 'reeve-vulkan');
            files['reeve-vulkan'] = (await lines(tree)).filter(line => files.reeve?.includes(line) === false);
        }
        await stripBinaries(tree);
        await settle(tree, epoch);
        const spec = join(draft, 'reeve.spec');
        await writeFile(spec, specText({ tree, files, version, date: epoch }));
        await mkdir(join(draft, 'top'));
        const defined = {
            _topdir: join(draft, 'top'),
            _rpmdir: join(draft, 'made'),
            _binary_payload: quick ? 'w1.zstdio' : 'w19.zstdio',
            // The binaries are stripped, and nothing is to be compiled for them.
            debug_package: '%{nil}',
            __os_install_post: '%{nil}',
            _build_id_links: 'none',
            // https://reproducible-builds.org/docs/source-date-epoch/; build_mtime_policy is for RPM 4.20 and later.
            _buildhost: 'reproducible',
            source_date_epoch_from_changelog: '0',
            use_source_date_epoch_as_buildtime: '1',
            clamp_mtime_to_source_date_epoch: '1',
            build_mtime_policy: 'clamp_to_source_date_epoch',
        };
        const defines = Object.entries(defined).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
        await run('rpmbuild', ['-bb', ...defines, spec], {
            env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
            maxBuffer: 16 * 1_048_576,
        });
        const made = [];
        for (const name of globSync('*/*.rpm', { cwd: join(draft, 'made') }).sort())
            made.push(await finish(join(draft, 'made', name)));
        return made;
    });
}

/** For %files. */
async function lines(tree: string): Promise<string[]> {
    const paths = (await filesIn(tree)).map(path => path.slice(tree.length));
    const folders = (await foldersIn(tree)).map(path => path.slice(tree.length)).sort();
    const isOwn = (folder: string) => ownFolders.some(own => folder === own || folder.startsWith(`${own}/`));
    return [...folders.filter(isOwn).map(folder => `%dir "${folder}"`), ...paths.map(path => `${kind(path)}"${path}"`)];
}

function kind(path: string): string {
    const language = /^\/usr\/share\/locale\/([^/]+)\//.exec(path)?.[1];
    if (language !== undefined) return `%lang(${language}) `;
    if (path.startsWith('/usr/share/licenses/')) return '%license ';
    return path.startsWith('/usr/share/man/') ? '%doc ' : '';
}

if (import.meta.main) {
    const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
    for (const file of await buildRpms(await buildAll(), values))
        console.log(`${file}  ${((await stat(file)).size / 1e6).toFixed(1)} MB`);
}
