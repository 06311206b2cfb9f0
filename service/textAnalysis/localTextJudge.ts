import { commandOf, programName } from '../detection/programs.ts';
import type { Source } from '../detection/programs.ts';
import type { RuleLine } from '../detection/ruleLines.ts';
import { TextJudge } from './textJudge.ts';
import type { LogEntry } from '../journal/logEntry.ts';
import { sourcesOfText } from './textSources.ts';

/** Lines of text, for local rules. They do not say which unit wrote them, so a unit in a rule counts as anybody. */
export class LocalTextJudge extends TextJudge {
    override readonly sourcesOf = (entry: LogEntry): ReadonlySet<Source> | null => {
        const known = sourcesOfText(entry);
        const identifier = entry.field('SYSLOG_IDENTIFIER');
        return known === null || identifier === null
            ? known
            : new Set([...known, `program ${commandOf(programName(identifier))}` as const]);
    };

    override readonly attribute = () => null;

    override isBelieved(line: RuleLine, sources: ReadonlySet<Source> | null): boolean {
        return line.from.some(source => source.startsWith('unit ')) || super.isBelieved(line, sources);
    }
}
