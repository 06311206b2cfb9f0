import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { countCores, takeSurvey } from '../../../service/modelFiles/survey.ts';
import type { Machine } from '../../../service/machine/machine.ts';
import type { Run } from '../../../service/machine/run.ts';

const signal = new AbortController().signal;
const meminfo = 'MemTotal:       16301856 kB\nMemFree:         1024 kB\nMemAvailable:    8000000 kB\n';

describe('The survey of a computer', () => {
    let root: string;
    let asked: string[][];
    let nvidia: Awaited<ReturnType<Run>>;

    beforeEach(async () => {
        root = await mkdtemp(join(tmpdir(), 'reeve-survey-'));
        asked = [];
        nvidia = null;
        await place({ 'proc/meminfo': meminfo });
    });
    afterEach(() => rm(root, { recursive: true }));

    async function place(files: Record<string, string>): Promise<void> {
        for (const [path, content] of Object.entries(files)) {
            await mkdir(dirname(join(root, path)), { recursive: true });
            await writeFile(join(root, path), content);
        }
    }

    const machine = (): Machine => ({
        root,
        system: null,
        session: null,
        run: (program, argv) => {
            asked.push([program, ...argv]);
            return Promise.resolve(nvidia);
        },
    });
    const survey = () => takeSurvey(machine(), root, signal);

    it('knows memory and the space on the disk', async () => {
        const { memory, memoryAvailable, disk, gpus, cores } = await survey();
        expect(memory).toBe(16_301_856 * 1024);
        expect(memoryAvailable).toBe(8_000_000 * 1024);
        expect(disk).toBeGreaterThan(0);
        expect(gpus).toEqual([]);
        expect(cores).withContext('where the kernel does not tell').toBe(1);
        expect(asked).withContext('without NVIDIA, nobody is asked about it').toEqual([]);
    });

    it('counts cores, not threads, and none that is turned off', async () => {
        const topology = (cpu: number, siblings: string) => ({
            [`sys/devices/system/cpu/cpu${cpu}/topology/core_cpus_list`]: siblings,
        });
        await place({
            ...topology(0, '0,2\n'),
            ...topology(1, '1,3\n'),
            ...topology(2, '0,2\n'),
            ...topology(3, '1,3\n'),
        });
        await place({ 'sys/devices/system/cpu/cpu4/online': '0', 'sys/devices/system/cpu/cpufreq/x': '' });
        expect(await countCores(machine())).toBe(2);
    });

    it('reads the memory of AMD’s cards from the kernel', async () => {
        await place({
            'sys/class/drm/card1/device/uevent': 'DRIVER=amdgpu\nPCI_ID=1002:73BF\n',
            'sys/class/drm/card1/device/vendor': '0x1002\n',
            'sys/class/drm/card1/device/mem_info_vram_total': '17163091968\n',
            'sys/class/drm/card1/device/mem_info_vram_used': '1163091968\n',
            'sys/class/drm/card1-DP-1/status': 'connected\n',
        });
        expect((await survey()).gpus).toEqual([
            { name: 'AMD', driver: 'amdgpu', memory: 17_163_091_968, memoryFree: 16_000_000_000 },
        ]);
    });

    it('asks NVIDIA’s own program about NVIDIA’s cards, and lists others beside them', async () => {
        await place({
            'sys/class/drm/card0/device/uevent': 'DRIVER=i915\n',
            'sys/class/drm/card0/device/vendor': '0x8086\n',
            'sys/class/drm/card1/device/uevent': 'DRIVER=nvidia\n',
        });
        nvidia = 'NVIDIA GeForce RTX 4060 Laptop GPU, 8188, 7807\nnonsense\n';
        expect((await survey()).gpus).toEqual([
            {
                name: 'NVIDIA GeForce RTX 4060 Laptop GPU',
                driver: 'nvidia',
                memory: 8188 * 1_048_576,
                memoryFree: 7807 * 1_048_576,
            },
            { name: 'Intel', driver: 'i915', memory: null, memoryFree: null },
        ]);
        expect(asked).toEqual([
            ['nvidia-smi', '--query-gpu=name,memory.total,memory.free', '--format=csv,noheader,nounits'],
        ]);
    });

    it('knows an NVIDIA card that does not tell its memory, also one that draws no screen', async () => {
        await place({ 'proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: RTX\n' });
        for (const output of [
            null,
            'NVIDIA-SMI has failed because it couldn’t communicate with the NVIDIA driver.\n',
        ]) {
            nvidia = output;
            expect((await survey()).gpus).toEqual([
                { name: 'NVIDIA', driver: 'nvidia', memory: null, memoryFree: null },
            ]);
        }
    });
});
