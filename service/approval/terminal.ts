import { readFile } from 'node:fs/promises';

/**
 * Whether a process says that it runs this script, and has a terminal. Both can be read of a process that the kernel lets nobody look
 * into, so they ask nothing of the service's own sandbox; and a program that runs as the user can claim both (docs/security.md).
 *
 * @returns false also for a process that has ended
 */
export async function isScriptOnTerminal(pid: number, script: string): Promise<boolean> {
    try {
        const [status, commandLine] = await Promise.all(
            ['stat', 'cmdline'].map(file => readFile(`/proc/${pid}/${file}`, 'utf8')),
        );
        const [, first] = commandLine?.split('\0').filter(word => !word.startsWith('-')) ?? [];
        return terminalOf(status ?? '') !== 0 && first === script;
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return false;
        throw error;
    }
}

/** The device number of the controlling terminal, 0 for none: tty_nr, the seventh field of proc_pid_stat(5). */
export function terminalOf(status: string): number {
    // The second field is the command in parentheses and may itself hold spaces and parentheses; fields are counted after it.
    const field = status.slice(status.lastIndexOf(')') + 2).split(' ')[7 - 3];
    if (field === undefined) throw new Error(`${status} is no status of a process`);
    return Number(field);
}
