/** Reads input that must not appear on the screen, or in the history of a shell. */
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';

/** A line typed without echo, or the input from a pipe; null for Ctrl+C, the end of input, and an empty pipe. */
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
