import { ownerOf } from '../owner.ts';
import type { Run } from '../run.ts';
import { safeText } from '../../text/sanitise.ts';

/** A port that a program could not have; the protocol only if that is known. */
export type Port = { number: number; protocol?: 'tcp' | 'udp' };

/**
 * The name of the unit, application or program that listens on a port; null when nothing does, or nobody tells. The kernel
 * names the control group of anybody's socket (INET_DIAG_CGROUP_ID of linux/inet_diag.h), the process only of one's own.
 */
export async function readPortHolder(
    run: Run,
    { number, protocol }: Port,
    signal: AbortSignal,
): Promise<string | null> {
    const protocols = protocol === undefined ? ['-t', '-u'] : [protocol === 'tcp' ? '-t' : '-u'];
    // --cgroup: since iproute2 5.8.
    const argv = ['-H', ...protocols, '-l', '-n', '-p', '--cgroup', `sport = :${number}`];
    return parsePortHolder((await run('ss', argv, { signal })) ?? '');
}

/** @returns null also when several have it, by other protocols or addresses: any of them may be in the way */
export function parsePortHolder(output: string): string | null {
    const lines = output.split('\n').filter(line => line !== '');
    const [name = null, ...others] = new Set(lines.map(holderIn));
    return others.length === 0 ? name : null;
}

function holderIn(line: string): string | null {
    const program = /users:\(\("([^"]{1,64})"/.exec(line)?.[1] ?? '';
    const group = /\bcgroup:(\/\S{1,512})/.exec(line)?.[1] ?? '';
    const { name } = ownerOf(`0::${group}`, program);
    return name === '' ? null : safeText(name, 256);
}
