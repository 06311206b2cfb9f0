import type { Evidence } from '../../model/incident.ts';
import { fact } from '../evidence.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/** Seconds since boot, time asleep included. @see proc_uptime(5) */
export async function readUptime(machine: Machine): Promise<{ seconds: number; evidence: Evidence } | null> {
    const text = await readText(machine, '/proc/uptime');
    const seconds = Number(/^[\d.]+/.exec(text ?? '')?.[0] ?? NaN);
    return Number.isNaN(seconds) ? null : { seconds, evidence: fact('file', '/proc/uptime', `${seconds} s`) };
}
