import type { Captures } from '../../detection/linePattern.ts';
export { unlessGrave } from '../shared/signs.ts';
import type { Severity } from '../../model/incident.ts';

/** Whether the graphics processor or a screen stopped answering; whatever else a driver complains about, it goes on. */
const stopped = /\b(?:hang|hung|lockup|wedged|timed[ -]?out|time-?out|stuck|dead)\b/i;

export function severityOfError({ detail = '' }: Captures): Severity {
    return stopped.test(detail) ? 'high' : 'medium';
}
