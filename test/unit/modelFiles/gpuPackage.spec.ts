import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { missingGpuPackage } from '../../../service/modelFiles/gpuPackage.ts';
import type { Gpu } from '../../../service/modelFiles/survey.ts';
import { installedFile, installedText } from '../../../service/util/installed.ts';

describe('The package that runs models on a graphics card', () => {
    let library: string;
    beforeEach(() => {
        library = mkdtempSync(join(tmpdir(), 'reeve-gpu-'));
    });
    afterEach(() => {
        rmSync(library, { recursive: true });
    });

    const card = (name: string, driver: string): Gpu => ({ name, driver, memory: null, memoryFree: null });
    const amd = card('AMD', 'amdgpu');
    const nvidia = card('NVIDIA GeForce RTX 4070', 'nvidia');
    const missing = (way: 'deb' | 'rpm' | 'pacman' | 'tarball', ...gpus: Gpu[]) => {
        writeFileSync(join(library, installedFile), installedText({ way }));
        return missingGpuPackage(gpus, library);
    };

    it('is the one for the card, of those that the distribution has', async () => {
        expect(await missing('deb', amd)).toBe('reeve-vulkan');
        expect(await missing('deb', amd, nvidia)).toBe('reeve-cuda');
        expect(await missing('rpm', nvidia)).toBe('reeve-vulkan');
        expect(await missing('pacman', amd)).toBe('reeve-vulkan');
    });

    it('is none without a card that could use it', async () => {
        expect(await missing('deb')).toBe('');
        expect(await missing('deb', card('', 'bochs-drm'))).toBe('');
    });

    it('is none where Reeve was not installed by a package', async () => {
        expect(await missing('tarball', amd)).toBe('');
        rmSync(join(library, installedFile));
        expect(await missingGpuPackage([amd], library)).toBe('');
    });

    it('is none when one is installed', async () => {
        mkdirSync(join(library, 'lib/node_modules/@node-llama-cpp/linux-x64-vulkan'), { recursive: true });
        expect(await missing('deb', nvidia)).toBe('');
    });
});
