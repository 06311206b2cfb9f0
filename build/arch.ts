// `npm run package:arch`: in build/out-arch, PKGBUILD and all that it needs, for `makepkg --install` on Arch. Where makepkg is installed
// (Debian has a package of this name), also the packages themselves. Their files have the date of the last commit.
//
//   npm run package:arch [-- --quick]
//
// --quick compresses less: it takes seconds and not minutes.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { installText, pkgbuildText, type ArchName } from '../packaging/arch/pkgbuild.ts';
import { maintainer } from '../packaging/manifest.ts';
import { version } from '../service/util/version.ts';
import { buildAll } from './build.ts';
import { isOnPath } from './onPath.ts';
import {
    hasBinaries,
    intoPlace,
    packTree,
    placeLicences,
    settle,
    sourceDate,
    stageBinaries,
    stageReeve,
    stripBinaries,
} from './stage.ts';

const run = promisify(execFile);
const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
/** makepkg refuses to work as root. */
const nobody = 65_534;

/**
 * @param built the folder that the build wrote
 * @returns the files: PKGBUILD, its script, its source, and the packages where makepkg is installed
 */
export function buildArch(
    built: string,
    {
        out = join(dirname(import.meta.dirname), 'build', 'out-arch'),
        quick = false,
    }: { out?: string; quick?: boolean } = {},
): Promise<string[]> {
    return intoPlace(out, async (draft, finish) => {
        const epoch = await sourceDate();
        const tree = join(draft, `reeve-${version}-${architecture}`);
        const names: ArchName[] = ['reeve'];
        await stageReeve(built, join(tree, 'reeve'), { sort: 'pacman', withNode: true });
        if (hasBinaries(built, 'vulkan')) {
            names.push('reeve-vulkan');
            await stageBinaries(built, join(tree, 'reeve-vulkan'), 'vulkan');
        }
        for (const name of names) await placeLicences(built, join(tree, name), name);
        await stripBinaries(tree);
        await settle(tree, epoch);
        const source = await packTree(tree, { quick });
        const sha256 = createHash('sha256')
            .update(await readFile(source))
            .digest('hex');
        const text = pkgbuildText({
            ...{ names, version, architecture },
            source: { folder: basename(tree), file: basename(source), sha256 },
        });
        await writeFile(join(draft, 'PKGBUILD'), text);
        await writeFile(join(draft, 'reeve.install'), installText());
        const files = [join(draft, 'PKGBUILD'), join(draft, 'reeve.install'), source];
        for (const file of files) await chmod(file, 0o644);
        if (isOnPath('makepkg')) files.push(...(await makePackages(draft, files, { quick, epoch })));
        const made = [];
        for (const file of files) made.push(await finish(file));
        return made;
    });
}

async function makePackages(
    draft: string,
    given: readonly string[],
    { quick, epoch }: { quick: boolean; epoch: number },
): Promise<string[]> {
    const isRoot = process.getuid?.() === 0;
    // A place that nobody can enter, too.
    const folder = await mkdtemp(join(tmpdir(), 'reeve-makepkg-'));
    try {
        for (const file of given) await copyFile(file, join(folder, basename(file)));
        const made = join(folder, 'made');
        await mkdir(made);
        if (isRoot) for (const path of [folder, made]) await chown(path, nobody, nobody);
        const make = ['makepkg', '--nodeps', '--nocolor'];
        const [program, ...as] = isRoot
            ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--']
            : ['env'];
        await run(program, [...as, ...make], {
            cwd: folder,
            env: {
                PATH: process.env.PATH,
                HOME: folder,
                LANG: 'C.UTF-8',
                SOURCE_DATE_EPOCH: String(epoch),
                PACKAGER: maintainer,
                PKGDEST: made,
                PKGEXT: quick ? '.pkg.tar' : '.pkg.tar.zst',
            },
            maxBuffer: 16 * 1_048_576,
        });
        const packages = [];
        for (const name of (await readdir(made)).sort()) {
            await copyFile(join(made, name), join(draft, name));
            // A copy keeps its owner.
            if (isRoot) await chown(join(draft, name), 0, 0);
            packages.push(join(draft, name));
        }
        return packages;
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

if (import.meta.main) {
    const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
    for (const file of await buildArch(await buildAll(), values))
        console.log(`${file}  ${((await stat(file)).size / 1e6).toFixed(1)} MB`);
}
