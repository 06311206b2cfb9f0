// Runs programs as a person would, and keeps what they print.
import { spawn, type ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { whenPassed } from './patience.ts';

export type Ran = { code: number | null; signal: string | null; output: string; errors: string };

type Options = {
    env?: NodeJS.ProcessEnv;
    input?: string;
    cwd?: string;
    /** Milliseconds, more on a busy machine, after which it is killed, so that a test ends by itself. */
    timeout?: number;
};

export async function run(argv: readonly string[], options: Options = {}): Promise<Ran> {
    return startProgram(argv, options).ended;
}

export function startProgram(
    [program = '', ...args]: readonly string[],
    { env, input = '', cwd, timeout = 60_000 }: Options = {},
): { child: ChildProcess; ended: Promise<Ran> } {
    const child = spawn(program, args, { env, cwd });
    const limit = whenPassed(timeout, () => child.kill());
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const exited = new Promise<[number | null, string | null]>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code, signal) => {
            resolve([code, signal]);
        });
    }).finally(() => {
        limit[Symbol.dispose]();
    });
    const ended = Promise.all([text(child.stdout), text(child.stderr), exited]).then(
        ([output, errors, [code, signal]]) => ({ code, signal, output, errors }),
    );
    return { child, ended };
}
