import { _ } from '../../i18n/i18n.ts';
import { programMessages } from '../../model/incident.ts';
import type { Finding } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import type { UnitKind } from './finding.ts';
import { recognise } from './knownLines.ts';

/** Failures for which the log has the program's own words as the best account. */
const spokenOf: ReadonlySet<string> = new Set<UnitKind>([
    'exit-code',
    'failed',
    'start-limit',
    'protocol',
    'resources',
]);

/**
 * Why a unit failed, only from what detection kept of the log: the program's last words if they are well known, and otherwise
 * systemd's. For a log of another machine there is nothing else; on this machine it is the first answer.
 */
export function causeFromLog({ kind, cause, evidence }: Pick<Finding, 'kind' | 'cause' | 'evidence'>): string {
    if (!spokenOf.has(kind)) return cause;
    const known = recognise(programMessages(evidence).map(({ message }) => message));
    if (known === null) return cause;
    return _('{reason} Its message: “{line}”', { reason: known.text, line: safeText(known.line, 160) });
}
