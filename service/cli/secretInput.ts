/** What nobody is to read over a shoulder, or in the history of a shell. */
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';

/**
 * A line that is typed without being shown, or what comes through a pipe; null for Ctrl+C, the end of input, and a pipe from a
 * program that had nothing to say.
 */
export async function readSecret(question: string): Promise<string | null> {
    const { stdin, stderr } = process;
    if (!stdin.isTTY) return (await text(stdin)).trim() || null;
    stderr.write(`${question} `);
    const unseen = new Writable({
        write: (_chunk, _encoding, done) => {
            done();
        },
    });
    const reader = createInterface({ input: stdin, output: unseen, terminal: true });
    const interrupt = new AbortController();
    const stop = () => {
        interrupt.abort();
    };
    reader.once('SIGINT', stop).once('close', stop);
    try {
        return (await reader.question('', { signal: interrupt.signal })).trim();
    } catch (error) {
        if (!interrupt.signal.aborted) throw error;
        return null;
    } finally {
        reader.close();
        stderr.write('\n');
    }
}
