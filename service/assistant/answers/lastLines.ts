import type { JournalEntry } from '../../model/journalEntry.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import type { Question } from '../answer.ts';

const linesRead = 10;

/**
 * The last lines of a unit's own processes in its latest run, oldest first, without systemd's. None when the journal is
 * not readable.
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
