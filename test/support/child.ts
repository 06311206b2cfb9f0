// Runs a program of the tests to its end, or ends it together with all that it started: at the time limit, and with us.
import { spawn } from 'node:child_process';
import { whenPassed } from './patience.ts';
import type { Progress } from './runSpecs.ts';

export type ChildOptions = {
    /** Milliseconds, more on a busy machine; what runs longer is stopped. */
    limit: number;
    /** A file descriptor for what it writes. */
    output: number;
    /** Another one for what it writes as errors; absent when they go with the rest. */
    errors?: number;
    /** Beside our own. */
    environment?: Record<string, string> | undefined;
};

export type Ended = {
    /** False when it failed, crashed or had to be stopped. */
    well: boolean;
    stopped: boolean;
    /** The spec that was under way, for a program of specs. */
    during: string | null;
};

export async function runChild(argv: string[], options: ChildOptions): Promise<Ended> {
    const { limit, output, errors = output, environment } = options;
    const [command = '', ...rest] = argv;
    const child = spawn(command, rest, {
        stdio: ['ignore', output, errors, 'ipc'],
        env: { ...process.env, ...environment },
        // A process group of its own, so that all of it can be ended.
        detached: true,
    });
    let during: string | null = null;
    child.on('message', message => {
        during = (message as Progress).spec;
    });
    const kill = () => {
        endGroup(child.pid, 'SIGKILL');
    };
    let stopped = false;
    let lastResort: NodeJS.Timeout | undefined;
    const watch = whenPassed(limit, () => {
        stopped = true;
        endGroup(child.pid, 'SIGTERM');
        lastResort = setTimeout(kill, 20_000);
    });
    process.once('exit', kill);
    try {
        const code = await new Promise<number | null>((resolve, reject) => {
            child.once('exit', resolve);
            child.once('error', reject);
        });
        return { well: code === 0, stopped, during };
    } finally {
        watch[Symbol.dispose]();
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
