import { execFile } from 'node:child_process';

import type * as z from 'zod';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';

/**
 * @param timeout in milliseconds; @param limit of the output in bytes
 * @param complaints append standard error to the output
 * @param onlyFailing append standard error to the output, and return nothing on success
 * @param silentIsError treat a failure with only standard error as an error
 */
export type RunOptions = {
    signal: AbortSignal;
    timeout?: number;
    limit?: number;
    complaints?: boolean;
    onlyFailing?: boolean;
    silentIsError?: boolean;
};

type Result = { error: Error | null; output: string; isAnswer: boolean };

export type Run = (program: string, argv: readonly string[], options: RunOptions) => Promise<string | null>;

/**
 * The output of a program that only reads, or null when this computer does not have the program. Its exit status is not
 * an error by itself: some report "nothing found" with it.
 *
 * Throws the signal's reason when aborted; `Unavailable` when the program took too long, printed too much or could not
 * run, or as `silentIsError` says.
 */
export const run: Run = async (program, argv, options) => {
    const { signal, timeout = 10_000, limit = 1_048_576, complaints = false } = options;
    const { onlyFailing = false, silentIsError = false } = options;
    signal.throwIfAborted();
    const { error, output, isAnswer } = await new Promise<Result>(resolve => {
        const environment = { ...process.env, LC_ALL: 'C.UTF-8' };
        execFile(
            program,
            argv,
            { signal, timeout, maxBuffer: limit, env: environment, killSignal: 'SIGKILL' },
            (failure, stdout, stderr) => {
                const isAnswer = !silentIsError || stdout !== '' || stderr === '';
                resolve({ error: failure, output: complaints || onlyFailing ? stdout + stderr : stdout, isAnswer });
            },
        );
    });
    signal.throwIfAborted();
    if (error === null) return onlyFailing ? '' : output;
    const { code, killed } = error as NodeJS.ErrnoException & { killed?: boolean };
    if (code === 'ENOENT') return null;
    if (typeof code === 'number' && killed !== true && isAnswer) return output;
    throw unexpected(program, error);
};

/** A program's output as JSON; no text at all is an empty list. Throws `Unavailable` when it does not fit `schema`. */
export function parseJson<Schema extends z.ZodType>(program: string, schema: Schema, output: string): z.output<Schema> {
    try {
        return schema.parse(JSON.parse(output.trim() || '[]'));
    } catch (error) {
        throw unexpected(program, error);
    }
}

function unexpected(program: string, cause: unknown): ReeveError {
    return new ReeveError('Unavailable', _('{program} did not answer as expected.', { program }), { cause });
}
