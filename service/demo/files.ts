import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import { openPlainFile } from '../machine/plainFile.ts';

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
    try {
        await using file = await openPlainFile(path);
        return file !== null && (await file.readFile('utf8')).startsWith(demoMark);
    } catch {
        // A link, a folder, or nothing at all: none of it is ours.
        return false;
    }
}

/** Also a link that leads nowhere. */
export async function isThere(path: string): Promise<boolean> {
    return lstat(path).then(
        () => true,
        () => false,
    );
}
