import type { Evidence } from '../model/incident.ts';
import { redact } from '../text/redact.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';

/** As Incident.Evidence has it. */
export function evidenceDictionary(evidence: Evidence): Dictionary {
    return {
        source: variant('s', evidence.source),
        time: variant('t', evidence.time ?? 0),
        origin: variant('s', evidence.origin),
        message: variant('s', redact(evidence.message)),
        cursor: variant('s', (evidence.source === 'journal' && evidence.cursor) || ''),
    };
}
