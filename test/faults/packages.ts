// Debian packages that scenarios need and the images lack.
import { basename, join } from 'node:path';
import { fetchArchives } from '../desktop/archives.ts';
import type { Desktop } from '../desktop/desktop.ts';
import type { Suite } from '../desktop/image.ts';

const inside = '/var/cache/fault-bench';

/** @returns why they cannot be had; empty when they are installed */
export async function installPackages(desktop: Desktop, suite: Suite, packages: readonly string[]): Promise<string> {
    if (packages.length === 0) return '';
    const archives = await fetchArchives(suite, packages);
    if (archives === null) return `${packages.join(', ')} could not be fetched`;
    await desktop.push(archives, inside);
    // apt knows in which order; all that it takes is in the folder or installed already.
    const script =
        'cd "$1" && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install ./*.deb && rm -r "$1"';
    await desktop.exec(['sh', '-c', script, 'sh', join(inside, basename(archives))], { timeout: 120_000 });
    return '';
}
