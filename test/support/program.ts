// Runs programs as a person would, and keeps what they print.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export type Ran = { code: number | null; signal: string | null; output: string; errors: string };

/** @param options.timeout milliseconds after which it is killed, so that a test ends by itself */
export async function run(
    argv: readonly string[],
    options: { env?: NodeJS.ProcessEnv; input?: string; cwd?: string; timeout?: number } = {},
): Promise<Ran> {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, { env: options.env, cwd: options.cwd, timeout: options.timeout ?? 60_000 });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    const exited = new Promise<[number | null, string | null]>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code, signal) => {
            resolve([code, signal]);
        });
    });
    const [output, errors, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { code, signal, output, errors };
}
