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
    const end = (signal: NodeJS.Signals) => {
        if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
            process.kill(-child.pid, signal);
    };
    const kill = () => {
        end('SIGKILL');
    };
    const limit = setTimeout(
        () => {
            console.log(`Stopped at the time limit: ${argv.join(' ')}`);
            end('SIGTERM');
            setTimeout(kill, 20_000).unref();
        },
        Math.max(0, deadline - performance.now()),
    );
    process.once('exit', kill);
    const code = await new Promise<number | null>((resolve, reject) => {
        child.once('exit', resolve);
        child.once('error', reject);
    });
    clearTimeout(limit);
    process.off('exit', kill);
    return code === 0;
}
