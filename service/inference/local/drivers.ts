/** The hardware of this machine that could compute, and its drivers. This starts and queries nothing. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';

/** PCI vendors of GPUs. */
const vendors: Readonly<Record<string, string>> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel' };

/**
 * Where the Vulkan loader searches for drivers on Linux (Vulkan-Loader, docs/LoaderDriverInterface.md), and NixOS'
 * place.
 */
const vulkanFolders = [
    '/etc/vulkan/icd.d',
    '/usr/local/etc/vulkan/icd.d',
    '/usr/local/share/vulkan/icd.d',
    '/usr/share/vulkan/icd.d',
    '/run/opengl-driver/share/vulkan/icd.d',
];

export type Drivers = {
    /** "AMD", "Intel", "NVIDIA": of each GPU. */
    gpus: string[];
    /** Whether any Vulkan driver is installed. */
    hasVulkan: boolean;
    /** Whether NVIDIA's own kernel driver is loaded; CUDA runs on no other. */
    hasNvidiaDriver: boolean;
    /** Changes with each version of a driver, the kernel and the hardware. */
    fingerprint: string;
};

/** @param root of the file system, `/` but in tests */
export async function readDrivers(root = '/'): Promise<Drivers> {
    const cards = await readCards(root);
    const nvidia = await readText(join(root, 'proc/driver/nvidia/version'));
    const vulkan = await readVulkanDrivers(root);
    const facts = [release(), cards, nvidia, vulkan];
    return {
        gpus: cards.flatMap(({ vendor }) => vendors[vendor] ?? []),
        hasVulkan: vulkan.length > 0 || process.env.VK_DRIVER_FILES !== undefined,
        hasNvidiaDriver: nvidia !== '',
        fingerprint: createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16),
    };
}

async function readCards(root: string): Promise<{ vendor: string; device: string }[]> {
    const folder = join(root, 'sys/class/drm');
    const names = (await list(folder)).filter(name => /^card\d+$/.test(name));
    return await Promise.all(
        names.map(async name => ({
            vendor: (await readText(join(folder, name, 'device/vendor'))).trim(),
            device: (await readText(join(folder, name, 'device/device'))).trim(),
        })),
    );
}

/** A package manager that updates a driver rewrites its manifest, although the text stays. */
async function readVulkanDrivers(root: string): Promise<string[]> {
    const found: string[] = [];
    for (const folder of vulkanFolders) {
        for (const name of await list(join(root, folder))) {
            const { mtimeMs, size } = await stat(join(root, folder, name));
            if (name.endsWith('.json')) found.push(`${folder}/${name} ${size} ${mtimeMs}`);
        }
    }
    return found;
}

async function list(folder: string): Promise<string[]> {
    return (await readdir(folder).catch(() => [])).sort();
}

async function readText(file: string): Promise<string> {
    return await readFile(file, 'utf8').catch(() => '');
}

/**
 * Seconds that this machine has been suspended since it was started: /proc/uptime counts them (CLOCK_BOOTTIME, fs/proc/uptime.c
 * of Linux), the monotonic clock does not (clock_gettime(2)).
 *
 * @param root of the file system, `/` but in tests
 */
export async function suspendedSeconds(root = '/'): Promise<number> {
    const uptime = Number((await readText(join(root, 'proc/uptime'))).split(' ')[0]);
    return Number.isFinite(uptime) ? Math.max(0, Math.round(uptime - Number(process.hrtime.bigint()) / 1e9)) : 0;
}
