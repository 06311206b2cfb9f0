import { _ } from '../../i18n/i18n.ts';
import { applicationName } from '../../machine/desktop/applicationName.ts';
import { readMemoryUsers } from '../../machine/processes/memoryUsers.ts';
import type { MemoryUser } from '../../machine/processes/memoryUsers.ts';
import type { Owner } from '../../machine/owner.ts';
import type { ProcessorUse } from '../../machine/processes/processor.ts';
import { wordsOf } from '../../machine/processes/programs.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Question } from '../answer.ts';
import { code } from '../markup.ts';
import { programsNamed } from '../understanding.ts';
import { ownerName, withProcesses } from './owners.ts';

const shown = 3;

/**
 * The memory of the program that the question names and, where it was measured, its processor time. Empty when the
 * question names none.
 */
export async function* describeNamedProgram(
    question: Question,
    use: ProcessorUse | null = null,
): AsyncGenerator<string, void> {
    const { machine, signal, format, understanding, cite } = question;
    const names = programsNamed(understanding);
    if (names.length === 0) return;
    const { users, evidence } = await readMemoryUsers(machine, signal);
    cite(evidence);
    const found = await findNamed(question, users, names);
    if (found.length === 0) {
        const name = code(safeText(names.join(' '), 64));
        yield `${_('No running program is called {name}.', { name })}\n\n`;
        return;
    }
    for (const { owner, processes, resident } of found.slice(0, shown)) {
        const name = withProcesses(question, await ownerName(question, owner), processes);
        const used = use?.users.find(user => isSame(user.owner, owner))?.share ?? 0;
        const values = { name, size: format.size(resident), share: format.percent(used) };
        yield use === null
            ? `${_('{name} uses {size} of memory.', values)}\n`
            : `${_('{name} uses {share} of one processor and {size} of memory.', values)}\n`;
    }
    yield '\n';
}

const isSame = (one: Owner, other: Owner) => one.kind === other.kind && one.name === other.name;

/** Programs that have all the words in their name, or in the name that people know them by; else those that have one of them. */
async function findNamed({ machine, format }: Question, users: readonly MemoryUser[], names: readonly string[]) {
    const named = await Promise.all(
        users.map(async user => {
            const { kind, name } = user.owner;
            const title = kind === 'application' ? await applicationName(machine, name, format.languages) : null;
            const words = new Set([...wordsOf(name), ...wordsOf(title ?? '')]);
            return { user, has: names.filter(word => words.has(word)).length };
        }),
    );
    const most = Math.max(0, ...named.map(({ has }) => has));
    return most === 0 ? [] : named.filter(({ has }) => has === most).map(({ user }) => user);
}
