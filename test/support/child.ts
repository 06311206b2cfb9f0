// Runs a program of the tests to its end, or ends it together with all that it started: at the time limit, and with us.
import { spawn } from 'node:child_process';

export type ChildOptions = {
    /** Of performance.now(); what runs longer is stopped. */
    deadline: number;
    /** A file descriptor for what it writes. */
    output?: number | 'inherit';
    /** Beside our own. */
    environment?: Record<string, string> | undefined;
};

/** @returns whether it ended well; false when it failed, crashed or had to be stopped */
export async function runChild(argv: string[], options: ChildOptions): Promise<boolean> {
    const { deadline, output = 'inherit', environment } = options;
    const [command = '', ...rest] = argv;
    const child = spawn(command, rest, {
        stdio: ['inherit', output, output],
        env: { ...process.env, ...environment },
        // A process group of its own, so that all of it can be ended.
        detached: true,
    });
    const kill = () => {
        endGroup(child.pid, 'SIGKILL');
    };
    let lastResort: NodeJS.Timeout | undefined;
    const limit = setTimeout(
        () => {
            console.log(`Stopped at the time limit: ${argv.join(' ')}`);
            endGroup(child.pid, 'SIGTERM');
            lastResort = setTimeout(kill, 20_000);
        },
        Math.max(0, deadline - performance.now()),
    );
    process.once('exit', kill);
    try {
        const code = await new Promise<number | null>((resolve, reject) => {
            child.once('exit', resolve);
            child.once('error', reject);
        });
        return code === 0;
    } finally {
        clearTimeout(limit);
        clearTimeout(lastResort);
        process.off('exit', kill);
        // It may be gone while what it started is not.
        kill();
    }
}

function endGroup(leader: number | undefined, signal: NodeJS.Signals): void {
    if (leader === undefined) return;
    try {
        process.kill(-leader, signal);
    } catch (error) {
        // All of it has ended.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}
