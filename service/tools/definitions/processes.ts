import * as z from 'zod';

import { duration } from '../figures.ts';
import { fact } from '../evidence.ts';
import { readText } from '../machine.ts';
import { parseStatus, readOwner, readProcesses } from '../processes.ts';
import { bytes } from '../figures.ts';
import { tool } from '../tool.ts';
import { readUptime } from '../uptime.ts';

/** The kernel's unit of process times on every architecture that Linux runs desktops on: USER_HZ, proc_pid_stat(5). */
const ticksPerSecond = 100;

/** States of proc_pid_stat(5) that people ask about. */
const states: Record<string, string> = {
    R: 'running',
    S: 'sleeping',
    D: 'waiting for a disk',
    Z: 'zombie',
    T: 'stopped',
};

export const processes = tool({
    name: 'processes',
    description: 'Processes that run now whose name or application contains a word: number, state, memory, age.',
    parameters: z.object({
        name: z.string().max(64).optional().describe('part of the name; leave out for zombies and stuck processes'),
    }),
    async run({ name }, { machine, signal }, out) {
        const uptime = (await readUptime(machine))?.seconds ?? null;
        const all = await readProcesses(machine, signal);
        const wanted = name?.toLowerCase();
        const rows: string[] = [];
        for (const process of all) {
            const isOdd = process.state === 'D' || process.state === 'Z' || process.state === 'T';
            if (wanted === undefined ? !isOdd : !process.name.toLowerCase().includes(wanted)) {
                if (wanted === undefined) continue;
                const owner = await readOwner(machine, process);
                if (!owner.name.toLowerCase().includes(wanted)) continue;
            }
            const status = await readText(machine, `/proc/${process.pid}/status`, 4096);
            const memory = status === null ? null : parseStatus(status);
            const age =
                uptime === null ? '' : `, since ${duration(Math.max(0, uptime - process.started / ticksPerSecond))}`;
            const size = memory === null ? '' : `, ${bytes(memory.resident)}`;
            rows.push(`${process.name} (pid ${process.pid}): ${states[process.state] ?? process.state}${size}${age}`);
        }
        out.cite(fact('file', '/proc/*/stat', `${all.length} processes read, ${rows.length} fit`));
        out.line(`${all.length} processes run`);
        out.list(
            name === undefined ? 'Zombies, stopped or waiting for a disk' : `Named like ${name}`,
            rows,
            row => row,
            20,
        );
    },
});
