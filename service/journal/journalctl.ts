import { spawn } from 'node:child_process';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { safeText } from '../text/sanitise.ts';

/** Which journal to read: this machine's, the journals in a folder, or one file. */
export type JournalPlace = { kind: 'machine' } | { kind: 'directory'; path: string } | { kind: 'file'; path: string };

export function placeArguments(place: JournalPlace): string[] {
    switch (place.kind) {
        case 'machine':
            return [];
        case 'directory':
            return [`--directory=${place.path}`];
        case 'file':
            return [`--file=${place.path}`];
    }
}

/** None of the user's settings may change what journalctl prints. */
function environment(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', SYSTEMD_COLORS: '0' };
}

const errorLimit = 2048;

export type JournalctlResult = { code: number | null; errors: string };

/**
 * Runs journalctl(1) and hands on what it prints, piece by piece. A piece is handed on only after the call for the one before
 * it has returned, so a slow reader slows journalctl down instead of filling memory.
 *
 * @returns its exit code, null when a signal ended it, and what it complained about
 * @throws ReeveError Unavailable when there is no journalctl; whatever `onOutput` throws
 */
export async function runJournalctl(
    args: readonly string[],
    onOutput: (chunk: Buffer) => void,
    signal?: AbortSignal,
): Promise<JournalctlResult> {
    signal?.throwIfAborted();
    const child = spawn('journalctl', ['--no-pager', '--quiet', ...args], {
        env: environment(),
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
    });
    // Observed at once, as it may reject while the output is still being read.
    ended.catch(() => undefined);
    // With --follow it handles SIGTERM only once it has printed everything, which in a storm of messages may be never (show()
    // and on_signal() in systemd's src/journal/journalctl-show.c; 23 s seen). It writes nothing that could be corrupted.
    const stop = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', stop, { once: true });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
        if (errors.length < errorLimit) errors += chunk.toString('utf8', 0, errorLimit);
    });
    try {
        for await (const chunk of child.stdout as AsyncIterable<Buffer>) onOutput(chunk);
        const code = await ended;
        return { code, errors: safeText(errors.trim(), errorLimit, { multiline: true }) };
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
            throw new ReeveError('Unavailable', _('There is no journalctl on this computer'), { cause: error });
        }
        throw error;
    } finally {
        signal?.removeEventListener('abort', stop);
        if (child.exitCode === null) stop();
    }
}
