// Where the tests keep what is slow to make, for every checkout on this machine, and the running desktops.
import { homedir } from 'node:os';
import { join } from 'node:path';

const root = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'reeve-test-desktop');

/** Finished images, `SUITE-HASH`; read-only from then on. */
export const images = join(root, 'images');
/** What our installer makes in alice's home, one folder for each image and build. */
export const installed = join(root, 'installed');
/** Downloaded packages, a folder for each suite. */
export const downloads = join(root, 'downloads');
export const logs = join(root, 'logs');
/** The files that ESLint has found well, each by its contents and those of all that it imports. */
export const lint = join(root, 'lint.json');
/** How long everything took the last time. */
export const durations = join(root, 'durations.json');
/** One folder for each running desktop. */
export const running = join(root, 'running');
