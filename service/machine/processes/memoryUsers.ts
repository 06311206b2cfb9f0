import type { Evidence } from '../../model/incident.ts';
import { fact } from '../evidence.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import type { Owner } from '../owner.ts';
import { eachProcess, parseStat, parseStatus, readOwner } from './processes.ts';

/** Private memory of a program's processes, in bytes. */
export type MemoryUser = { owner: Owner; processes: number; resident: number; swapped: number };

/** @returns the largest first; programs without private memory, such as kernel threads, are left out */
export async function readMemoryUsers(
    machine: Machine,
    signal: AbortSignal,
): Promise<{ users: MemoryUser[]; evidence: Evidence }> {
    const users = new Map<string, MemoryUser>();
    let read = 0;
    const measured = await eachProcess(machine, signal, async directory => {
        const status = await readText(machine, `${directory}/status`, 4096);
        const memory = status === null ? null : parseStatus(status);
        const stat = memory === null ? null : await readText(machine, `${directory}/stat`, 4096);
        const process = stat === null ? null : parseStat(stat);
        if (memory === null || process === null) return null;
        return { ...memory, owner: await readOwner(machine, process) };
    });
    for (const { owner, resident, swapped } of measured) {
        read += 1;
        const key = `${owner.kind} ${owner.name}`;
        const user = users.get(key) ?? { owner, processes: 0, resident: 0, swapped: 0 };
        user.processes += 1;
        user.resident += resident;
        user.swapped += swapped;
        users.set(key, user);
    }
    const sorted = [...users.values()].sort((a, b) => b.resident + b.swapped - (a.resident + a.swapped));
    const top = sorted
        .slice(0, 5)
        .map(user => `${user.owner.name} RssAnon ${user.resident} B VmSwap ${user.swapped} B`);
    return { users: sorted, evidence: fact('file', '/proc/*/status', `${read} processes read; ${top.join('; ')}`) };
}
