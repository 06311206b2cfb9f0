import { ownerOf } from '../owner.ts';
import type { Run } from '../run.ts';
import { safeText } from '../../text/sanitise.ts';

/**
 * The name of the unit, application or program that listens on a port; null when nothing does, or nobody tells. The kernel
 * names the control group of anybody's socket (INET_DIAG_CGROUP_ID of linux/inet_diag.h), the process only of one's own.
 */
export async function readPortHolder(run: Run, port: number, signal: AbortSignal): Promise<string | null> {
    // --cgroup: since iproute2 5.8.
    const argv = ['-H', '-t', '-u', '-l', '-n', '-p', '--cgroup', `sport = :${port}`];
    return parsePortHolder((await run('ss', argv, { signal })) ?? '');
}

export function parsePortHolder(output: string): string | null {
    const [line = ''] = output.split('\n');
    const program = /users:\(\("([^"]{1,64})"/.exec(line)?.[1] ?? '';
    const group = /\bcgroup:(\/\S{1,512})/.exec(line)?.[1] ?? '';
    const { name } = ownerOf(`0::${group}`, program);
    return name === '' ? null : safeText(name, 256);
}
