import type { Evidence } from '../../model/incident.ts';
import { fact } from '../evidence.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/** In bytes. */
export type Memory = {
    total: number;
    /** What programs can still get without swapping: free memory and caches that can be dropped (MemAvailable). */
    available: number;
    swapTotal: number;
    swapFree: number;
    evidence: Evidence;
};

/** With a tenth of the memory at hand, which is what the kernel itself likes to keep, a computer is not short of it. */
const enough = 0.1;

export function hasEnough({ total, available }: Pick<Memory, 'total' | 'available'>): boolean {
    return available / total > enough;
}

/** /proc/meminfo, as proc_meminfo(5) describes it; null where there is none. */
export async function readMemory(machine: Machine): Promise<Memory | null> {
    const text = await readText(machine, '/proc/meminfo');
    return text === null ? null : parseMemory(text);
}

export function parseMemory(text: string): Memory | null {
    const kilobytes = new Map(
        Array.from(text.matchAll(/^(\w+):\s+(\d+) kB$/gm), ([, name = '', value]) => [name, Number(value)]),
    );
    const bytes = (name: string) => (kilobytes.get(name) ?? 0) * 1024;
    if (!kilobytes.has('MemTotal') || !kilobytes.has('MemAvailable')) return null;
    const cited = ['MemTotal', 'MemAvailable', 'SwapTotal', 'SwapFree'];
    const message = cited.map(name => `${name}: ${kilobytes.get(name) ?? 0} kB`).join(', ');
    return {
        total: bytes('MemTotal'),
        available: bytes('MemAvailable'),
        swapTotal: bytes('SwapTotal'),
        swapFree: bytes('SwapFree'),
        evidence: fact('file', '/proc/meminfo', message),
    };
}
