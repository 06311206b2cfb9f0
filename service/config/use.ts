/** The settings as the parts that follow them need them. */
import type { Severity } from '../model/incident.ts';
import type { Config, QuietHours } from './schema.ts';

/**
 * How many notifications the user wants. It is read again for each incident, because it can change while the service
 * runs.
 */
export type NoiseBudget = {
    /** Notifications per hour; critical incidents are announced in any case. */
    readonly perHour: number;
    /** Less severe incidents are listed but not announced. */
    readonly minimumSeverity: Severity;
};

/** What to announce at `now`: only critical incidents during quiet hours. */
export function noiseBudget({ notifications }: Config, now: Date): NoiseBudget {
    const quiet = notifications.quiet_hours !== null && isWithin(notifications.quiet_hours, now);
    return { perHour: quiet ? 0 : notifications.per_hour, minimumSeverity: notifications.minimum_severity };
}

function isWithin({ from, to }: QuietHours, now: Date): boolean {
    const minute = now.getHours() * 60 + now.getMinutes();
    return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Whether the user has excluded this unit. */
export function isIgnoredBy({ watch }: Config, unit: string): boolean {
    return watch.ignore.some(pattern => matches(pattern, unit));
}

/** Each part between asterisks is taken where it comes first, so that the time is in proportion to the length of both. */
function matches(pattern: string, unit: string): boolean {
    const [first = '', ...parts] = pattern.split('*');
    const last = parts.pop();
    if (last === undefined) return unit === first;
    if (!unit.startsWith(first)) return false;
    let position = first.length;
    for (const part of parts) {
        const found = unit.indexOf(part, position);
        if (found < 0) return false;
        position = found + part.length;
    }
    return unit.length - last.length >= position && unit.endsWith(last);
}

/** The server that may answer questions, by its address where it is one that is declared; without an address when there is none. */
export function serverOf({ server, services }: Config): Config['server'] {
    if (server.url === '' || server.url.includes(':')) return server;
    return { ...server, url: services.find(({ name }) => name === server.url)?.url ?? '' };
}
