import * as z from 'zod';

import type { Evidence } from '../model/incident.ts';
import { fact } from './evidence.ts';
import { readText } from './machine.ts';
import type { Machine } from './machine.ts';

/** @property first time of the boot's first journal entry, and `last` of its last, in microseconds since the Unix epoch */
export type Boot = { first: number; last: number; current: boolean };

/** When the kernel started, in microseconds since the Unix epoch: `btime` of proc_stat(5). */
export async function readBootTime(machine: Machine): Promise<{ time: number; evidence: Evidence } | null> {
    const seconds = /^btime (\d+)$/m.exec((await readText(machine, '/proc/stat', 1_048_576)) ?? '')?.[1];
    if (seconds === undefined) return null;
    return { time: Number(seconds) * 1_000_000, evidence: fact('file', '/proc/stat', `btime ${seconds}`) };
}

const bootList = z.array(z.object({ index: z.number(), first_entry: z.number(), last_entry: z.number() }));

/**
 * The boots that the journal knows of, newest first; null when it knows none or its journalctl cannot say so in JSON.
 */
export async function listBoots(
    { run }: Machine,
    signal: AbortSignal,
): Promise<{ boots: Boot[]; evidence: Evidence } | null> {
    const argv = ['--list-boots', '--output=json', '--no-pager', '--quiet'];
    const output = await run('journalctl', argv, { signal });
    const boots = output === null ? null : parseBoots(output);
    if (boots === null || boots.length === 0) return null;
    return { boots, evidence: fact('system', 'journalctl --list-boots', `${boots.length} boots`) };
}

/** @see journalctl(1), "--list-boots" */
export function parseBoots(output: string): Boot[] | null {
    let json: unknown;
    try {
        json = JSON.parse(output);
    } catch {
        return null;
    }
    const { data } = bootList.safeParse(json);
    if (data === undefined) return null;
    return data
        .map(boot => ({ first: boot.first_entry, last: boot.last_entry, current: boot.index === 0 }))
        .sort((a, b) => b.first - a.first);
}
