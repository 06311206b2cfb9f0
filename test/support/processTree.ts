// The processes below a process, from /proc: any of them may end, or not have been executed yet, while it is read.
import { readFileSync } from 'node:fs';

/** proc_pid_cmdline(5); empty once the process has ended. */
function argumentsOf(pid: number): string[] {
    try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    } catch {
        return [];
    }
}

/** proc_tid_children(5). */
function childrenOf(pid: number): number[] {
    try {
        return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    } catch {
        return [];
    }
}

export const isRunning = (pid: number) => argumentsOf(pid).length > 0;

export const withDescendants = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(withDescendants)];

/**
 * The processes from `pid` down that have this argument, such as the script that they run. Below one of them is not looked:
 * whatever it starts shows the same arguments between fork(2) and execve(2).
 */
export function running(argument: string, pid: number): number[] {
    return argumentsOf(pid).includes(argument) ? [pid] : childrenOf(pid).flatMap(child => running(argument, child));
}
