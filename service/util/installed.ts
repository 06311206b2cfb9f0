/** How this Reeve came to this computer, and so what updates it. */
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

import * as z from 'zod';

/** Lies beside bin/ and lib/. An installation for one user writes more into it (packaging/installation.ts). */
export const installedFile = 'installed.json';

const written = z.object({
    way: z.enum(['deb', 'rpm', 'pacman', 'tarball', 'checkout']),
    /** The folder of the sources that it was built from. */
    checkout: z.string().optional(),
});

export type Installed = Omit<z.output<typeof written>, 'way'> & {
    /** `unknown`: it runs where it was built, an older version installed it, or the file is damaged. */
    way: z.output<typeof written>['way'] | 'nix' | 'unknown';
};

export const installedText = (installed: z.output<typeof written>) => `${JSON.stringify(installed)}\n`;

/** @param library the folder that has bin/ and lib/ */
export async function readInstalled(library: string): Promise<Installed> {
    // Nix keeps all packages there, and nothing else: https://nix.dev/manual/nix/2.28/store/store-path
    if (library.startsWith(`${sep}nix${sep}store${sep}`)) return { way: 'nix' };
    const text = await readFile(join(library, installedFile), 'utf8').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
    });
    const { data } = written.safeParse(parsed(text ?? ''));
    return data ?? { way: 'unknown' };
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}
