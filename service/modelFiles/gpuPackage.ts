import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { readInstalled } from '../util/installed.ts';
import type { Gpu } from './survey.ts';

/** Which packages of Reeve run models on a GPU, by what its distribution's packages are: packaging/packageTexts.ts. */
const made: Readonly<Record<string, readonly string[]>> = {
    deb: ['vulkan', 'cuda'],
    rpm: ['vulkan'],
    pacman: ['vulkan'],
};

/**
 * @param library the folder that has bin/ and lib/
 * @returns the package that would run models on a GPU of this computer, which has none of them; empty where none would help
 */
export async function missingGpuPackage(gpus: readonly Gpu[], library: string): Promise<string> {
    const { way } = await readInstalled(library);
    const kinds = made[way] ?? [];
    const names = await readdir(join(library, 'lib', 'node_modules', '@node-llama-cpp')).catch(() => []);
    const hasOne = names.some(name => /-(?:vulkan|cuda)/.test(name));
    // Of no known maker are the cards of virtual machines and of consoles.
    if (kinds.length === 0 || hasOne || !gpus.some(({ name }) => name !== '')) return '';
    const hasNvidia = gpus.some(({ driver }) => driver === 'nvidia');
    return hasNvidia && kinds.includes('cuda') ? 'reeve-cuda' : 'reeve-vulkan';
}
