/** Questions that a person answers on a terminal. */
import { createInterface } from 'node:readline/promises';

import { _ } from '../i18n/i18n.ts';
import { CommandError, exit } from './exit.ts';

/**
 * The end of input is an empty answer.
 *
 * @throws CommandError interrupted at Ctrl+C
 */
export async function ask(question: string): Promise<string> {
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    const ended = new AbortController();
    const interrupted = new CommandError(exit.interrupted, 'Cancelled', _('Cancelled.'));
    reader.once('SIGINT', () => {
        ended.abort(interrupted);
    });
    reader.once('close', () => {
        ended.abort();
    });
    try {
        return (await reader.question(`${question} `, { signal: ended.signal })).trim();
    } catch (error) {
        if (!ended.signal.aborted) throw error;
        process.stderr.write('\n');
        if (ended.signal.reason === interrupted) throw interrupted;
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
