/** The resources of this computer for a model. */
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { readMemory } from '../machine/processes/memory.ts';
import { listNames, readText, type Machine } from '../machine/machine.ts';
import { safeText } from '../text/sanitise.ts';

/** Sizes are bytes. */
export type Gpu = {
    /** Its maker, or the whole name where a driver gives one. */
    name: string;
    /** The kernel's driver, such as "amdgpu". */
    driver: string;
    /** Memory of its own; null when unknown. */
    memory: number | null;
    memoryFree: number | null;
};

export type Survey = {
    gpus: readonly Gpu[];
    /** Of the whole computer, and the part that programs could get at this moment. */
    memory: number;
    memoryAvailable: number;
    /** Free space on the disk with the models. */
    disk: number;
    /** Cores, not hardware threads: two threads of a core compute no faster than one. */
    cores: number;
};

/** @param directory where models are kept, or the nearest folder above it that is there */
export async function takeSurvey(machine: Machine, directory: string, signal: AbortSignal): Promise<Survey> {
    const [memory, gpus, cores, filesystem] = await Promise.all([
        readMemory(machine),
        readGpus(machine, signal),
        countCores(machine),
        statfs(await nearest(directory)),
    ]);
    return {
        gpus,
        memory: memory?.total ?? 0,
        memoryAvailable: memory?.available ?? 0,
        disk: filesystem.bavail * filesystem.bsize,
        cores,
    };
}

async function nearest(directory: string): Promise<string> {
    try {
        await access(directory);
        return directory;
    } catch {
        const above = dirname(directory);
        return above === directory ? directory : nearest(above);
    }
}

/** @see Documentation/ABI/stable/sysfs-devices-system-cpu: threads of one core list the same processors */
export async function countCores(machine: Machine): Promise<number> {
    const folder = '/sys/devices/system/cpu';
    const names = (await listNames(machine, folder)).filter(name => /^cpu\d+$/.test(name));
    const siblings = await Promise.all(
        names.map(async name => {
            const topology = `${folder}/${name}/topology`;
            const list = (await readText(machine, `${topology}/core_cpus_list`, 4096)) ?? '';
            // The name in kernels before 5.3.
            return list || ((await readText(machine, `${topology}/thread_siblings_list`, 4096)) ?? '');
        }),
    );
    // A processor that is switched off has no topology.
    return Math.max(1, new Set(siblings.filter(list => list !== '')).size);
}

const makers: Readonly<Record<string, string>> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel' };

async function readGpus(machine: Machine, signal: AbortSignal): Promise<Gpu[]> {
    const cards = (await listNames(machine, '/sys/class/drm')).filter(name => /^card\d+$/.test(name));
    const read = await Promise.all(cards.map(card => readGpu(machine, `/sys/class/drm/${card}/device`)));
    const nvidia = read.some(gpu => gpu?.driver === 'nvidia') || (await hasNvidiaDriver(machine));
    const known = read.filter(gpu => gpu !== null && gpu.driver !== 'nvidia');
    return [...(nvidia ? await askNvidia(machine, signal) : []), ...known.filter(gpu => gpu !== null)];
}

/** @see Documentation/gpu/amdgpu/driver-misc.rst for mem_info_vram_total and mem_info_vram_used */
async function readGpu(machine: Machine, device: string): Promise<Gpu | null> {
    const read = async (file: string) => (await readText(machine, `${device}/${file}`, 4096))?.trim() ?? '';
    const driver = /^DRIVER=(.+)$/m.exec(await read('uevent'))?.[1];
    if (driver === undefined) return null;
    const total = bytes(await read('mem_info_vram_total'));
    const used = bytes(await read('mem_info_vram_used'));
    const maker = makers[await read('vendor')] ?? '';
    const product = safeText(await read('product_name'), 64);
    return {
        name: product === '' ? maker : `${maker} ${product}`.trim(),
        driver: safeText(driver, 64),
        memory: total,
        memoryFree: total === null || used === null ? null : Math.max(0, total - used),
    };
}

/** NVIDIA's module may be loaded without drawing the screen. */
async function hasNvidiaDriver(machine: Machine): Promise<boolean> {
    return (await listNames(machine, '/proc/driver/nvidia/gpus')).length > 0;
}

/** NVIDIA's driver reports the size of its memory to its own program alone; nvidia-smi(1), in MiB. */
async function askNvidia(machine: Machine, signal: AbortSignal): Promise<Gpu[]> {
    const argv = ['--query-gpu=name,memory.total,memory.free', '--format=csv,noheader,nounits'];
    const output = await machine.run('nvidia-smi', argv, { signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        // A driver that does not answer its own program will not answer a model either.
        if (error instanceof Error) return '';
        throw error;
    });
    const lines = (output ?? '').split('\n').map(line => /^(.+), (\d+), (\d+)$/.exec(line.trim()));
    const gpus = lines
        .filter(match => match !== null)
        .map(([, name = '', total, free]) => ({
            name: safeText(name, 64),
            driver: 'nvidia',
            memory: Number(total) * 1_048_576,
            memoryFree: Number(free) * 1_048_576,
        }));
    return gpus.length > 0 ? gpus : [{ name: 'NVIDIA', driver: 'nvidia', memory: null, memoryFree: null }];
}

function bytes(text: string): number | null {
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
