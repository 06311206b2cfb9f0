import type { Evidence } from '../model/incident.ts';
import { ownText } from '../text/ownText.ts';

/** A fact as it was read, and its source: a path, a program or a D-Bus name. */
export function fact(source: 'file' | 'system' | 'systemd', origin: string, message: string): Evidence {
    return { source, time: Date.now() * 1000, origin, message: ownText(message), cursor: null, line: null };
}
