// `npm run package:nix -- --prefix PREFIX` puts into build/out-nix what packaging/nix/package.nix installs: usr/, whose files name
// PREFIX in its place, and extension/, a folder of extensions. Nix itself runs this, so it uses neither Git nor the network.
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { extensionUuid } from '../packaging/manifest.ts';
import { buildAll } from './build.ts';
import { hasBinaries, placeLicences, stageBinaries, stagePrograms } from './stage.ts';

/**
 * @param built the folder that the build wrote
 * @param options.prefix the folder in Nix's store that usr/ becomes
 * @returns the folder with both
 */
export async function buildNix(
    built: string,
    {
        prefix,
        vulkan = false,
        out = join(dirname(import.meta.dirname), 'build', 'out-nix'),
    }: { prefix: string; vulkan?: boolean; out?: string },
): Promise<string> {
    await rm(out, { recursive: true, force: true });
    await mkdir(out, { recursive: true });
    await stagePrograms(built, out, { sort: 'nix', prefix });
    if (vulkan) {
        if (!hasBinaries(built, 'vulkan'))
            throw new Error('This build has nothing that runs language models by Vulkan');
        await stageBinaries(built, out, 'vulkan');
    }
    await placeLicences(built, out, 'reeve');
    await cp(join(built, 'extension'), join(out, 'extension', extensionUuid), { recursive: true });
    return out;
}

if (import.meta.main) {
    const { values } = parseArgs({
        options: { prefix: { type: 'string' }, vulkan: { type: 'boolean' } },
    });
    if (values.prefix === undefined) throw new Error('--prefix is missing');
    console.log(await buildNix(await buildAll(), { ...values, prefix: values.prefix }));
}
