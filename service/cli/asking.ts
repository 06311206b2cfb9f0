/** Questions that a person answers on a terminal. */
import { createInterface } from 'node:readline/promises';

import { _ } from '../i18n/i18n.ts';

/** Ctrl+C and the end of input are an empty answer. */
export async function ask(question: string): Promise<string> {
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    const interrupt = new AbortController();
    reader.once('SIGINT', () => {
        interrupt.abort();
    });
    reader.once('close', () => {
        interrupt.abort();
    });
    try {
        return (await reader.question(`${question} `, { signal: interrupt.signal })).trim();
    } catch (error) {
        if (!interrupt.signal.aborted) throw error;
        process.stderr.write('\n');
        return '';
    } finally {
        reader.close();
    }
}

/** Whether a person says yes. */
export async function agrees(question: string): Promise<boolean> {
    const yes = [_('y'), _('yes'), 'y', 'yes'];
    return yes.includes((await ask(`${question} [${_('y/N')}]`)).toLowerCase());
}
