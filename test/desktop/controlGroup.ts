// The control group of a container (namespace.sh makes it).
import { readFile, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './waiting.ts';

/** Control groups are removed innermost first, and only after the last process in them is gone (cgroups(7)). */
export async function removeControlGroup(name: string): Promise<void> {
    const mounts = await readFile('/proc/self/mounts', 'utf8');
    const mountPoint = /^\S+ (\S+) cgroup2 /m.exec(mounts)?.[1];
    if (mountPoint === undefined) return;
    const group = join(mountPoint, `reeve-desktop-${name}`);
    await until(`the control group of ${name} is gone`, async () => {
        const entries = await readdir(group, { recursive: true, withFileTypes: true }).catch(() => []);
        const groups = entries.filter(entry => entry.isDirectory()).map(entry => join(entry.parentPath, entry.name));
        groups.sort((a, b) => b.length - a.length);
        for (const path of [...groups, group]) await rmdir(path).catch(ignoreMissing);
        return true;
    });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
    if (error.code !== 'ENOENT') throw error;
}
