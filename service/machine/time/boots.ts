import type { Evidence } from '../../model/incident.ts';
import type { queryJournal } from '../../journal/query.ts';
import { fact } from '../evidence.ts';
import { entryFact } from '../../journal/facts.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/** @property time when its start was finished, in microseconds since the Unix epoch */
export type Boot = { time: number; current: boolean; evidence: Evidence };

/** SD_MESSAGE_STARTUP_FINISHED of systemd's sd-messages.h; the system's manager is PID 1, users' have an ID of their own. */
const startupFinished = ['MESSAGE_ID=b07a249cd024414a82dd00cd181378ff', '_PID=1'];

/** When the kernel started, in microseconds since the Unix epoch: `btime` of proc_stat(5). */
export async function readBootTime(machine: Machine): Promise<{ time: number; evidence: Evidence } | null> {
    const seconds = /^btime (\d+)$/m.exec((await readText(machine, '/proc/stat', 1_048_576)) ?? '')?.[1];
    if (seconds === undefined) return null;
    return { time: Number(seconds) * 1_000_000, evidence: fact('file', '/proc/stat', `btime ${seconds}`) };
}

/** Names this run of the computer: proc_sys_kernel(5); empty when that cannot be read. */
export async function readBootId(machine: Machine): Promise<string> {
    return ((await readText(machine, '/proc/sys/kernel/random/boot_id')) ?? '').trim().replaceAll('-', '');
}

/** The finished starts of the computer that the journal knows of, newest first. */
export async function findBoots(
    machine: Machine,
    query: typeof queryJournal,
    bounds: { since?: number; until?: number; lines: number },
    signal: AbortSignal,
): Promise<Boot[]> {
    const id = await readBootId(machine);
    const entries = await query({ matches: startupFinished, reverse: true, signal, ...bounds });
    return entries.map(entry => ({ time: entry.time ?? 0, current: entry.bootId === id, evidence: entryFact(entry) }));
}
