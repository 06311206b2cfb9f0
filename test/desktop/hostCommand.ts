// Runs programs on this machine: an argv, a time limit, all output.
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { whenPassed } from '../support/patience.ts';

/** A program that runs, here (Node's own ChildProcess) or inside a virtual machine. */
export interface Child {
    stdin: Writable;
    stdout: Readable;
    stderr: Readable;
    kill(signal: 'SIGKILL'): boolean;
    once(event: 'error', listener: (error: Error) => void): unknown;
    once(event: 'exit' | 'close', listener: (code: number | null, signal: NodeJS.Signals | null) => void): unknown;
}

export type Output = { code: number; stdout: string; stderr: string };

export type CommandOptions = {
    /** Written to the program's standard input. */
    input?: string | Uint8Array;
    /** Milliseconds until the program is killed, more on a busy machine; 30 s when not given. */
    timeout?: number;
    /** Hand back a failing exit status instead of throwing. */
    mayFail?: boolean;
};

export class CommandFailed extends Error {
    readonly output: Output;

    constructor(argv: readonly string[], reason: string, output: Output) {
        super([`${argv.join(' ')}: ${reason}`, output.stderr.trim(), output.stdout.trim()].filter(Boolean).join('\n'));
        this.name = 'CommandFailed';
        this.output = output;
    }
}

/** Starts a program on this machine. */
export function start([program = '', ...argv]: readonly string[]): Child {
    return spawn(program, argv, { stdio: ['pipe', 'pipe', 'pipe'] });
}

/**
 * Waits for the end of a program.
 *
 * @param argv for the error
 * @throws CommandFailed when the program cannot be started, takes too long or, unless `mayFail`, exits with other than 0
 */
export async function complete(
    child: Child,
    argv: readonly string[],
    { input, timeout = 30_000, mayFail = false }: CommandOptions = {},
): Promise<{ code: number; stdout: Buffer; stderr: string }> {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A program may exit without reading all of its input; only its exit status shows a failure.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);

    const limit = whenPassed(timeout, () => {
        child.kill('SIGKILL');
        // Whatever it started may still hold the pipes open.
        child.stdout.destroy();
        child.stderr.destroy();
    });
    const outcome = await new Promise<number | string>(resolve => {
        child.once('error', error => {
            resolve(error.message);
        });
        child.once('close', (code, signal) => {
            resolve(code ?? `ended by ${signal ?? 'a signal'}, with ${timeout} ms allowed`);
        });
    });
    limit[Symbol.dispose]();

    const result = {
        code: typeof outcome === 'number' ? outcome : -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString(),
    };
    const output = { ...result, stdout: result.stdout.toString() };
    if (typeof outcome === 'string') throw new CommandFailed(argv, outcome, output);
    if (outcome !== 0 && !mayFail) throw new CommandFailed(argv, `exit status ${outcome}`, output);
    return result;
}

/** `complete` for a program of this machine. */
export async function runBinary(
    argv: readonly string[],
    options: CommandOptions = {},
): Promise<{ code: number; stdout: Buffer; stderr: string }> {
    return complete(start(argv), argv, options);
}

/** `runBinary` for text. */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<Output> {
    const { code, stdout, stderr } = await runBinary(argv, options);
    return { code, stdout: stdout.toString(), stderr };
}
