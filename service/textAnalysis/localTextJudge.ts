import { commandOf, programName } from '../detection/programs.ts';
import type { Source } from '../detection/programs.ts';
import type { RuleLine } from '../detection/ruleLines.ts';
import type { LogEntry } from '../journal/logEntry.ts';
import { LocalDetector } from '../localRules/localDetector.ts';
import type { LocalFamily } from '../localRules/localRule.ts';
import { TextJudge } from './textJudge.ts';
import type { TextLogEntry } from './textLogEntry.ts';
import { sourcesOfText } from './textSources.ts';

export function localTextDetector(rules: readonly LocalFamily[]): LocalDetector<TextLogEntry> {
    const detector = new LocalDetector<TextLogEntry>({ uid: null, makeJudge: () => new LocalTextJudge() });
    detector.use(rules);
    return detector;
}

/** Lines of text, for local rules. They do not say which unit wrote them, so a unit in a rule counts as anybody. */
class LocalTextJudge extends TextJudge {
    override readonly sourcesOf = (entry: LogEntry): ReadonlySet<Source> | null => {
        const known = sourcesOfText(entry);
        const identifier = entry.field('SYSLOG_IDENTIFIER');
        return known === null || identifier === null
            ? known
            : new Set([...known, `program ${commandOf(programName(identifier))}` as const]);
    };

    override readonly attribute = () => null;

    override isTrusted(line: RuleLine, sources: ReadonlySet<Source> | null): boolean {
        return line.from.some(source => source.startsWith('unit ')) || super.isTrusted(line, sources);
    }
}
