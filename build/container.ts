// `npm run package:container`: an image for the service alone, which watches a journal that is mounted into it, by Podman or Buildah. What
// it is built from stays in build/out-container.
//
//   npm run package:container [-- --base IMAGE] [--quick] [--context] [-- ARGUMENT …]
//
// --base builds on another image of Debian's; --context only writes what it is built from. Further arguments are those of `podman build`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { containerBase, containerBus, containerFile } from '../packaging/container.ts';
import { version } from '../service/util/version.ts';
import { buildAll } from './build.ts';
import { buildDebs } from './deb.ts';
import { isOnPath } from './onPath.ts';
import { busConfiguration } from './privateSession.ts';
import { makeOwnDirectory } from './ownDirectory.ts';

const [deb, bus] = ['reeve.deb', 'bus.conf'];

/**
 * Writes what the image is built from.
 *
 * @param built the folder that the build wrote
 */
export async function writeContext(built: string, { out, quick }: { out: string; quick: boolean }): Promise<void> {
    const draft = await mkdtemp(join(tmpdir(), 'reeve-container-'));
    try {
        const [made] = await buildDebs(built, { only: ['own-node'], out: draft, quick });
        if (made === undefined) throw new Error('the package was not made');
        await copyFile(made.file, join(out, deb));
    } finally {
        await rm(draft, { recursive: true, force: true });
    }
    await writeFile(join(out, bus), busConfiguration(containerBus));
    await writeFile(join(out, 'Containerfile'), containerFile({ deb, bus }));
}

if (import.meta.main) {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            base: { type: 'string', default: containerBase },
            quick: { type: 'boolean', default: false },
            context: { type: 'boolean', default: false },
        },
    });
    const out = join(dirname(import.meta.dirname), 'build', 'out-container');
    await makeOwnDirectory(out);
    await writeContext(await buildAll(), { out, quick: values.quick });
    const program = ['podman', 'buildah'].find(isOnPath);
    if (values.context || program === undefined) {
        console.log(out);
        if (!values.context) console.error('To build the image, install podman or buildah.');
        process.exit(values.context ? 0 : 1);
    }
    const names = [
        `--tag=localhost/reeve:${version}`,
        '--tag=localhost/reeve:latest',
        `--build-arg=BASE=${values.base}`,
    ];
    const child = spawn(program, ['build', ...names, ...positionals, out], { stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    process.exitCode = code ?? 1;
}
