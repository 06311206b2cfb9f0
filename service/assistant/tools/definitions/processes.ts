import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { fact } from '../../../machine/evidence.ts';
import { readText } from '../../../machine/machine.ts';
import { millisecondsPerTick, parseStatus, readOwner, readProcesses } from '../../../machine/processes/processes.ts';
import type { Process } from '../../../machine/processes/processes.ts';
import { bytes, duration } from '../figures.ts';
import { tool } from '../tool.ts';
import { readUptime } from '../../../machine/time/uptime.ts';

/** States of proc_pid_stat(5) that people ask about. */
const states: Record<string, string> = {
    R: 'running',
    S: 'sleeping',
    D: 'waiting for a disk',
    Z: 'zombie',
    T: 'stopped',
};

/** Those in which a process should not be for long. */
const odd = new Set(['D', 'Z', 'T']);

export const processes = tool({
    name: 'processes',
    description: 'Running processes whose name or application contains a word: PID, state, memory, age.',
    parameters: z.object({
        name: z.string().max(64).optional().describe('part of the name; leave out for zombies and stuck processes'),
    }),
    asked: {
        phrases: {
            en: [
                '(how many|which) {name} processes (are there|are running|run)',
                '(what|which) (pid|process id|process number) does {name} have',
                '[what is the] pid of {name}',
                'is {name} [still] running',
                'since when is {name} running',
                '[are there] [any] zombie processes',
                'which (processes|programs) are (stuck|hanging|zombies)',
            ],
            de: [
                'welche (pid|prozessnummer) hat {name}',
                'wie viele {name} prozesse (gibt es|laufen)',
                'läuft {name} [noch]',
                'seit wann läuft {name}',
                '[gibt es] zombie prozesse',
                'welche prozesse hängen',
            ],
            ar: ['ما رقم عملية {name}', 'هل {name} يعمل', 'هل توجد عمليات عالقة'],
        },
        named: 'may',
        example: () => _('Which process ID does {program} have?', { program: 'firefox' }),
        values: ({ name }) => (name === undefined ? {} : { name }),
    },
    async run({ name }, { machine, signal }, out) {
        const uptime = (await readUptime(machine))?.seconds ?? null;
        const all = await readProcesses(machine, signal);
        const wanted = name?.toLowerCase();
        const isWanted = async (process: Process) => {
            if (wanted === undefined) return odd.has(process.state);
            if (process.name.toLowerCase().includes(wanted)) return true;
            return (await readOwner(machine, process)).name.toLowerCase().includes(wanted);
        };
        const rows: string[] = [];
        for (const process of all) {
            if (!(await isWanted(process))) continue;
            const status = await readText(machine, `/proc/${process.pid}/status`, 4096);
            const memory = status === null ? null : parseStatus(status);
            const started = (process.started * millisecondsPerTick) / 1000;
            const age = uptime === null ? '' : `, for ${duration(Math.max(0, uptime - started))}`;
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
