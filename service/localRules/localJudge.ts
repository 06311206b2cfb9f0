import { JournalJudge } from '../detection/journalJudge.ts';
import { isContainerOutput, sourcesOf } from '../detection/programs.ts';
import type { Source } from '../detection/programs.ts';
import type { Writer } from '../detection/writer.ts';
import type { LogEntry } from '../journal/logEntry.ts';

/**
 * Who wrote an entry, for local rules. In addition to the writers that Reeve knows, it accepts the unit by the name that
 * journald has for it, and the program if it belongs to root or to the user. Another program of the same user can take such a
 * name, but would gain only that the user is notified.
 */
export class LocalJudge extends JournalJudge {
    readonly #uid: number | null;

    constructor(uid: number | null) {
        super();
        this.#uid = uid;
    }

    override readonly sourcesOf = (entry: LogEntry, writer: Writer): ReadonlySet<Source> => {
        const known = sourcesOf(entry, writer);
        const transport = entry.field('_TRANSPORT');
        const isProgram = writer.kind === 'unit' || writer.kind === 'other';
        if (!isProgram || transport === 'audit' || isContainerOutput(entry)) return known;
        const sources = new Set(known);
        if (writer.kind === 'unit') for (const name of namesOf(writer.unit)) sources.add(`unit ${name}`);
        const user = entry.field('_UID');
        const command = entry.field('_COMM')?.toLowerCase();
        const isOwn = user === '0' || this.#uid === null || user === String(this.#uid);
        if (command !== undefined && isOwn) sources.add(`program ${command}`);
        return sources;
    };
}

/** Also that of the template, for any instance: `backup@.service` of `backup@home.service`. */
function namesOf(unit: string): string[] {
    const [name = '', instance] = unit.split('@', 2);
    return instance === undefined ? [unit] : [unit, `${name}@${instance.slice(instance.lastIndexOf('.'))}`];
}
