import { getuid } from 'node:process';

import type { Scope } from '../../model/unit.ts';
import { safeText } from '../../text/sanitise.ts';
import { ownerOf } from '../owner.ts';
import { groupOf } from '../processes/controlGroups.ts';
import type { Run } from '../run.ts';

/** A port that a program could not have; the protocol only if that is known. */
export type Port = { number: number; protocol?: 'tcp' | 'udp' };

/** What listens on a port. */
export type PortHolder = {
    /** The name of its unit, application or program. */
    name: string;
    /** null for what no unit of its own holds. */
    unit: { scope: Scope; unit: string } | null;
    /** Its one process, if it is one's own; null also for several. */
    pid: number | null;
};

/**
 * What listens on a port; null when nothing does, or nobody tells. The kernel names the control group of anybody's socket
 * (INET_DIAG_CGROUP_ID of linux/inet_diag.h), the process only of one's own.
 */
export async function readPortHolder(
    run: Run,
    { number, protocol }: Port,
    signal: AbortSignal,
): Promise<PortHolder | null> {
    const protocols = protocol === undefined ? ['-t', '-u'] : [protocol === 'tcp' ? '-t' : '-u'];
    // --cgroup: since iproute2 5.8.
    const argv = ['-H', ...protocols, '-l', '-n', '-p', '--cgroup', `sport = :${number}`];
    return parsePortHolder((await run('ss', argv, { signal })) ?? '', getuid?.() ?? -1);
}

/** The ports on which a process of one's own listens, the lowest first; ten at most. */
export async function readPorts(run: Run, pid: number, signal: AbortSignal): Promise<number[]> {
    const output = (await run('ss', ['-H', '-t', '-u', '-l', '-n', '-p'], { signal })) ?? '';
    const own = output.split('\n').filter(line => new RegExp(`\\bpid=${pid}\\b`).test(line));
    const ports = own.map(line => Number(/:(\d{1,5})\s/.exec(line)?.[1] ?? 0)).filter(port => port > 0);
    return [...new Set(ports)].sort((one, other) => one - other).slice(0, 10);
}

/**
 * @param uid whose manager the units of a user belong to
 * @returns null also when several have it, by other protocols or addresses: any of them may be in the way
 */
export function parsePortHolder(output: string, uid: number): PortHolder | null {
    const lines = output.split('\n').filter(line => line !== '');
    const [holder = null, ...others] = lines.map(line => holderIn(line, uid));
    const isSame = others.every(other => JSON.stringify(other) === JSON.stringify(holder));
    return isSame ? holder : null;
}

function holderIn(line: string, uid: number): PortHolder | null {
    const program = /users:\(\("([^"]{1,64})"/.exec(line)?.[1] ?? '';
    const pids = new Set([...line.matchAll(/\bpid=(\d{1,10})\b/g)].map(([, pid]) => Number(pid)));
    const cgroup = `0::${/\bcgroup:(\/\S{1,512})/.exec(line)?.[1] ?? ''}`;
    const { kind, name } = ownerOf(cgroup, program);
    if (name === '') return null;
    const group = kind === 'unit' ? groupOf(cgroup, uid) : null;
    const [pid = null, ...others] = pids;
    return {
        name: safeText(name, 256),
        unit: group && { scope: group.scope, unit: group.unit },
        pid: others.length === 0 ? pid : null,
    };
}
