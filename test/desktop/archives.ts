// Debian packages that the images lack: fetched by this machine's apt into the cache, once for each suite, because a test
// desktop has no network.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as cache from './cache.ts';
import { run } from './hostCommand.ts';
import { ensureImage, type Suite } from './image.ts';

/** @returns the folder that holds them and what they depend on; null without a network */
export async function fetchArchives(suite: Suite, packages: readonly string[]): Promise<string | null> {
    const image = join(cache.images, await ensureImage(suite));
    const folder = join(cache.downloads, `faults-${suite}`);
    const archives = join(folder, packages.toSorted().join('+'));
    const have = await readdir(archives).catch(() => []);
    if (have.some(name => name.endsWith('.deb'))) return archives;
    for (const part of [join(folder, 'lists/partial'), join(archives, 'partial')])
        await mkdir(part, { recursive: true });
    const options = {
        Dir: image,
        'Dir::State::status': join(image, 'var/lib/dpkg/status'),
        'Dir::State::lists': join(folder, 'lists'),
        'Dir::State::extended_states': join(folder, 'extended_states'),
        'Dir::Cache': folder,
        'Dir::Cache::archives': archives,
        'Dir::Log': folder,
        'Acquire::Check-Valid-Until': 'false',
        'Acquire::Languages': 'none',
        'APT::Sandbox::User': 'root',
        'Debug::NoLocking': 'true',
    };
    const apt = ['apt-get', '-q', '-y', ...Object.entries(options).map(([name, value]) => `--option=${name}=${value}`)];
    const install = [...apt, '--no-install-recommends', '--download-only', 'install', ...packages];
    for (const argv of [[...apt, 'update'], install]) {
        const { code } = await run(argv, { mayFail: true, timeout: 300_000 });
        if (code !== 0) return null;
    }
    return archives;
}
