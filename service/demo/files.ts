import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Nothing else is ever written, started or deleted by the demo. */
export const demoUnit = 'reeve-demo.service';

export type DemoFiles = { unit: string; settings: string };

/** What the demo writes: a unit of its own, and the file that has its setting. */
export function demoFiles(home: string): DemoFiles {
    const folder = join(home, '.config/systemd/user');
    return { unit: join(folder, demoUnit), settings: join(folder, 'reeve-demo.env') };
}

/** How its files begin: one of the same name that somebody else wrote is left alone. */
export const demoMark = '# Written by Reeve for its demo, which deletes it at its end.';

export async function isOfDemo(path: string): Promise<boolean> {
    return (await isThere(path)) && (await readFile(path, 'utf8')).startsWith(demoMark);
}

/** Also a link that leads nowhere. */
export async function isThere(path: string): Promise<boolean> {
    return lstat(path).then(
        () => true,
        () => false,
    );
}
