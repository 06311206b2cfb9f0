import { spawn } from 'node:child_process';

import { _ } from '../i18n/i18n.ts';
import { safeText } from '../text/sanitise.ts';
import { SourceUnavailable } from './definition.ts';

/**
 * Runs a program that reports events for as long as it runs, and ends it when `signal` aborts.
 *
 * @param handlers.output gets what it prints
 * @param handlers.complaint gets what it prints as an error
 * @throws SourceUnavailable when there is no such program; Error when it ends by itself, which it should not
 */
export async function followProgram(
    program: string,
    argv: readonly string[],
    handlers: { output: (chunk: Buffer) => void; complaint: (text: string) => void },
    signal: AbortSignal,
): Promise<void> {
    const environment = { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
    const child = spawn(program, argv, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    let lastWords = '';
    child.stdout.on('data', handlers.output);
    child.stderr.on('data', (chunk: Buffer) => {
        lastWords = safeText(chunk.toString().trim(), 200);
        handlers.complaint(lastWords);
    });
    try {
        await new Promise<void>((resolve, reject) => {
            child.once('error', reject);
            child.once('close', () => {
                resolve();
            });
        });
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        throw new SourceUnavailable(_('There is no {program} on this machine', { program }));
    } finally {
        signal.removeEventListener('abort', stop);
    }
    if (!signal.aborted) throw new Error(lastWords || _('{program} ended', { program }));
}
