// `npm run package:image`: a disk image of a Debian desktop with Reeve, in build/out-image, from the recipe in packaging/image and the package
// that uses Debian's Node. docs/image.md says what it has. It needs root, mkosi 25 or later, and what mkosi says that it needs.
//
//   npm run package:image [-- --quick] [-- ARGUMENT …]
//
// Further arguments are those of mkosi(1), such as --mirror=URL.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { buildAll } from './build.ts';
import { buildDebs } from './deb.ts';
import { isOnPath } from './onPath.ts';
import { makeOwnDirectory } from './ownDirectory.ts';

const root = dirname(import.meta.dirname);
/** The first whose configuration is as the recipe has it. */
const leastMkosi = 25;

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false } },
});
const release = isOnPath('mkosi') ? await promisify(execFile)('mkosi', ['--version']) : null;
if (parseInt(/\d+/.exec(release?.stdout ?? '')?.[0] ?? '0', 10) < leastMkosi) {
    console.error(`To build the image, install mkosi ${leastMkosi} or later. Debian 13 has it.`);
    process.exit(1);
}
const out = join(root, 'build', 'out-image');
await makeOwnDirectory(out);
const [deb] = await buildDebs(await buildAll(), { only: ['debian-node'], quick: values.quick });
if (deb === undefined) throw new Error('the package was not made');
const recipe = join(out, 'recipe');
await cp(join(root, 'packaging', 'image'), recipe, { recursive: true });
// mkosi(1), PackageDirectories=: packages from here come before those of the distribution.
await mkdir(join(recipe, 'mkosi.packages'));
await copyFile(deb.file, join(recipe, 'mkosi.packages', basename(deb.file)));
const argv = [`--directory=${recipe}`, `--output-directory=${out}`, '--force', ...positionals, 'build'];
const [code] = (await once(spawn('mkosi', argv, { stdio: 'inherit' }), 'exit')) as [number | null];
process.exitCode = code ?? 1;
