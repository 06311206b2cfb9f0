// A local backend on a machine that seems to have a graphics card. What is to run there runs on the processor.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRig, type Rig, type RigOptions } from './support.ts';

/** @returns the root of a file system with an AMD GPU and a Vulkan driver */
export async function withGpu(rig: Rig): Promise<string> {
    const root = join(rig.folder, 'root');
    const device = join(root, 'sys/class/drm/card0/device');
    await mkdir(device, { recursive: true });
    await writeFile(join(device, 'vendor'), '0x1002\n');
    await writeFile(join(device, 'device'), '0x73bf\n');
    await mkdir(join(root, 'usr/share/vulkan/icd.d'), { recursive: true });
    await writeFile(join(root, 'usr/share/vulkan/icd.d/radeon_icd.json'), '{}');
    return root;
}

/** @param fault as faultyWorker.ts has it; "none" for one that works */
export async function openGpuRig(
    fault: string,
    options: RigOptions = {},
): Promise<AsyncDisposable & { rig: Rig; root: string }> {
    const outer = await openRig();
    const root = await withGpu(outer);
    const rig = await openRig({ fault, root, accelerator: 'auto', ...options });
    const close = async () => {
        await rig[Symbol.asyncDispose]();
        await outer[Symbol.asyncDispose]();
    };
    return { rig, root, [Symbol.asyncDispose]: close };
}

/** A computer that was suspended for so many seconds since it was started: only its uptime counts them. */
export async function pretendSleep(root: string, seconds: number): Promise<void> {
    await mkdir(join(root, 'proc'), { recursive: true });
    await writeFile(join(root, 'proc/uptime'), `${Number(process.hrtime.bigint()) / 1e9 + seconds} 0.00\n`);
}
