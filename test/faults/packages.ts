// Debian packages that scenarios need and the images lack: fetched by this machine's apt into the cache, once for each suite,
// because a test desktop has no network.
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as cache from '../desktop/cache.ts';
import type { Desktop } from '../desktop/desktop.ts';
import { run } from '../desktop/hostCommand.ts';
import { ensureImage, type Suite } from '../desktop/image.ts';

const inside = '/var/cache/fault-bench';

/** @returns why they cannot be had; empty when they are installed */
export async function installPackages(desktop: Desktop, suite: Suite, packages: readonly string[]): Promise<string> {
    if (packages.length === 0) return '';
    const archives = await fetch(suite, packages);
    if (archives === null) return `${packages.join(', ')} could not be fetched`;
    await desktop.push(archives, inside);
    // apt knows in which order; all that it takes is in the folder or installed already.
    const script =
        'cd "$1" && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install ./*.deb && rm -r "$1"';
    await desktop.exec(['sh', '-c', script, 'sh', join(inside, basename(archives))], { timeout: 120_000 });
    return '';
}

/** @returns the folder that holds them and what they depend on; null without a network */
async function fetch(suite: Suite, packages: readonly string[]): Promise<string | null> {
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
