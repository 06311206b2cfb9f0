import { readFile, readlink, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The facts of a running process in /proc, see proc_pid_stat(5) and proc_pid_exe(5). */
export type ProcessIdentity = {
    /** Clock ticks since boot at which it started: with the PID it names one process for ever. */
    startTime: string;
    /** Device number of the controlling terminal, 0 when there is none. */
    terminal: number;
    /** "device:inode" of the program, which stays true when its file is replaced. */
    executable: string;
    argv: string[];
    workingDirectory: string;
};

/** @returns null when the process has ended or /proc denies us access */
export async function processIdentity(pid: number): Promise<ProcessIdentity | null> {
    const directory = `/proc/${pid}`;
    try {
        const before = await readStat(directory);
        const [executable, argv, workingDirectory] = await Promise.all([
            fileIdentity(`${directory}/exe`),
            readFile(`${directory}/cmdline`, 'utf8'),
            readlink(`${directory}/cwd`),
        ]);
        const after = await readStat(directory);
        // Another process took over the PID while we read: the data mixes the two.
        if (after.startTime !== before.startTime) return null;
        return { ...before, executable, argv: argv.split('\0').slice(0, -1), workingDirectory };
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return null;
        throw error;
    }
}

/** @returns "device:inode" of the file that `path` leads to */
export async function fileIdentity(path: string): Promise<string> {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
}

/** The options that the launcher of `reeve` gives to Node. Others can load other code, as --import and --eval do. */
const harmlessOption = '--disable-warning=';

/**
 * The script that a Node process runs; null when there is none, or when Node was started with any other code as well.
 */
export function scriptOf({
    argv,
    workingDirectory,
}: Pick<ProcessIdentity, 'argv' | 'workingDirectory'>): string | null {
    const script = argv.slice(1).find(argument => !argument.startsWith(harmlessOption));
    return script === undefined || script.startsWith('-') ? null : resolve(workingDirectory, script);
}

async function readStat(directory: string): Promise<Pick<ProcessIdentity, 'startTime' | 'terminal'>> {
    const text = await readFile(`${directory}/stat`, 'utf8');
    // The second field is the command in parentheses and may itself hold spaces and parentheses; fields are counted after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [terminal, startTime] = [fields[7 - 3], fields[22 - 3]];
    if (terminal === undefined || startTime === undefined)
        throw new Error(`${directory}/stat has an unexpected format`);
    return { terminal: Number(terminal), startTime };
}
