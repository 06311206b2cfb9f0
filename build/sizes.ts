// `node build/run.mjs build/sizes.ts`: what each part of an installed package takes, as docs/packaging.md has it in a table.
import { lstat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extensionUuid, packagedLibrary } from '../packaging/manifest.ts';
import { buildAll } from './build.ts';
import { filesIn, hasBinaries, stageBinaries, stageReeve, stripBinaries } from './stage.ts';

const library = `${packagedLibrary}/lib`;
/** The first that matches is the part of a file. */
const parts: readonly [string, RegExp][] = [
    ['Node', new RegExp(`^${library}/node$`)],
    ['models on a GPU, by Vulkan (`reeve-vulkan`)', /-vulkan/],
    ['models on the processor', new RegExp(`^${library}/node_modules/`)],
    ['the service, the command and what makes changes as root', new RegExp(`^${library}/[^/]+\\.mjs$`)],
    ['the extension', new RegExp(`/extensions/${extensionUuid}/`)],
    ['translations', /\/locale\//],
    ['man pages, units and what else the system looks up', /./],
];

const tree = await mkdtemp(join(tmpdir(), 'reeve-sizes-'));
try {
    const built = await buildAll();
    await stageReeve(built, tree, { sort: 'deb', withNode: true });
    if (hasBinaries(built, 'vulkan')) await stageBinaries(built, tree, 'vulkan');
    await stripBinaries(tree);
    const sizes = new Map<string, number>();
    for (const file of await filesIn(tree)) {
        const [part = ''] = parts.find(([, pattern]) => pattern.test(file.slice(tree.length))) ?? [];
        sizes.set(part, (sizes.get(part) ?? 0) + (await lstat(file)).size);
    }
    console.log('| part | MB |\n| --- | ---: |');
    for (const [part, size] of [...sizes].sort(([, one], [, other]) => other - one))
        console.log(`| ${part} | ${(size / 1e6).toFixed(1)} |`);
} finally {
    await rm(tree, { recursive: true });
}
