import type { JournalEntry } from '../../model/journalEntry.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import type { Question } from '../answer.ts';

const linesRead = 10;

/**
 * The last lines that a unit's own processes wrote in its latest run, oldest first; what systemd wrote of it is left out.
 * None when the journal may not be read.
 */
export async function lastLines(
    { journal, signal }: Pick<Question, 'journal' | 'signal'>,
    { scope, name, invocationId }: UnitDetails,
): Promise<JournalEntry[]> {
    if ((await journal.access()) === 'none') return [];
    const entries = await journal.query({
        ...(invocationId === null
            ? { [scope === 'system' ? 'unit' : 'userUnit']: name }
            : { invocation: invocationId }),
        lines: linesRead,
        reverse: true,
        signal,
    });
    return entries.filter(({ identifier, message }) => identifier !== 'systemd' && message !== '').reverse();
}
