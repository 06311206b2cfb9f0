import * as z from 'zod';

import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import { listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { readProperties } from '../properties.ts';

export type Hardware = {
    /** Maker and model of the computer; null when unknown, as in most virtual machines and containers. */
    model: string | null;
    processor: string | null;
    /** How many processors the system can run programs on at once. */
    processors: number;
    /** Kernel drivers of the graphics devices, such as "i915", "amdgpu", "nvidia". */
    graphicsDrivers: string[];
    evidence: Evidence[];
};

const hostname1 = 'org.freedesktop.hostname1';
const hostObject = { destination: hostname1, path: '/org/freedesktop/hostname1', interface: hostname1 };
const hostProperties = z.object({ HardwareVendor: z.string(), HardwareModel: z.string() });

export async function readHardware(machine: Machine, signal: AbortSignal): Promise<Hardware> {
    const evidence: Evidence[] = [];
    const cpuinfo = (await readText(machine, '/proc/cpuinfo', 1_048_576)) ?? '';
    const name = /^(?:model name|Model|Hardware)\s*: (.+)$/m.exec(cpuinfo)?.[1];
    const processor = name === undefined ? null : safeText(name.trim(), 128);
    const processors = cpuinfo.match(/^processor\s*:/gm)?.length ?? 0;
    evidence.push(fact('file', '/proc/cpuinfo', `${processor ?? ''} × ${processors}`));
    const model = (await askHostnamed(machine, signal)) ?? (await readDmi(machine));
    if (model !== null) evidence.push(model.evidence);
    const graphicsDrivers = await readGraphicsDrivers(machine);
    if (graphicsDrivers.length > 0)
        evidence.push(fact('file', '/sys/class/drm/card*/device/uevent', `DRIVER=${graphicsDrivers.join(', ')}`));
    return { model: model?.name ?? null, processor, processors, graphicsDrivers, evidence };
}

type Model = { name: string; evidence: Evidence };

async function askHostnamed({ system }: Machine, signal: AbortSignal): Promise<Model | null> {
    // hostnamed runs only while it is asked something.
    const { data } = hostProperties.safeParse(await readProperties(system, hostObject, signal, { start: true }));
    const name = safeText(`${data?.HardwareVendor ?? ''} ${data?.HardwareModel ?? ''}`.trim(), 128);
    return name === '' ? null : { name, evidence: fact('system', hostname1, name) };
}

/** @see Documentation/ABI/testing/sysfs-class-dmi */
async function readDmi(machine: Machine): Promise<Model | null> {
    const read = async (file: string) => (await readText(machine, `/sys/class/dmi/id/${file}`, 4096))?.trim() ?? '';
    const name = safeText(`${await read('sys_vendor')} ${await read('product_name')}`.trim(), 128);
    return name === '' ? null : { name, evidence: fact('file', '/sys/class/dmi/id', name) };
}

async function readGraphicsDrivers(machine: Machine): Promise<string[]> {
    const drivers = new Set<string>();
    for (const card of await listNames(machine, '/sys/class/drm')) {
        if (!/^card\d+$/.test(card)) continue;
        const uevent = await readText(machine, `/sys/class/drm/${card}/device/uevent`, 4096);
        const driver = /^DRIVER=(.+)$/m.exec(uevent ?? '')?.[1];
        if (driver !== undefined) drivers.add(safeText(driver, 64));
    }
    return [...drivers];
}
