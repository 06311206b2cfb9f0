// `npm run package:tar`: build/out-tar/reeve-V-linux-ARCH.tar.xz, for computers that no package is made for. It has its own Node; in
// the folder that it unpacks, bin/install installs Reeve for one user (packaging/install.ts). Its files have the date of the last commit.
//
//   npm run package:tar [-- --quick]
//
// --quick compresses less: it takes seconds and not minutes.
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../service/util/version.ts';
import { buildAll } from './build.ts';
import { intoPlace, packTree, settle, sourceDate, stageInstaller, stripBinaries } from './stage.ts';

/**
 * @param built the folder that the build wrote
 * @returns the file
 */
export function buildTar(
    built: string,
    {
        out = join(dirname(import.meta.dirname), 'build', 'out-tar'),
        quick = false,
    }: { out?: string; quick?: boolean } = {},
): Promise<string> {
    return intoPlace(out, async (draft, finish) => {
        const tree = join(draft, `reeve-${version}-linux-${process.arch}`);
        await mkdir(tree);
        await stageInstaller(built, tree);
        await stripBinaries(tree);
        await settle(tree, await sourceDate());
        return finish(await packTree(tree, { quick }));
    });
}

if (import.meta.main) {
    const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
    const file = await buildTar(await buildAll(), values);
    console.log(`${file}  ${((await stat(file)).size / 1e6).toFixed(1)} MB`);
}
