// Processes by identity, from /proc (proc_pid_stat(5)): a number alone may have been given to another process since.
import { readFile } from 'node:fs/promises';

export type ProcessIdentity = { pid: number; startTime: string };

/** @returns undefined when there is no such process, or only its exit status is left */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) return undefined;
    // The command name, in parentheses, may hold anything; field 3 (state) follows it, field 22 is the start time.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTime = fields[18];
    return state === 'Z' || startTime === undefined ? undefined : { pid, startTime };
}

export async function isAlive({ pid, startTime }: ProcessIdentity): Promise<boolean> {
    return (await identify(pid))?.startTime === startTime;
}

export async function childrenOf(pid: number): Promise<number[]> {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    return children.split(' ').filter(Boolean).map(Number);
}

/** Kills it at once if it still is the same process. */
export async function kill(identity: ProcessIdentity): Promise<void> {
    if (await isAlive(identity)) process.kill(identity.pid, 'SIGKILL');
}
