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
    return watch.ignore.some(pattern => {
        // The schema rejects all other characters with a meaning in a regular expression.
        const expression = pattern.replaceAll(/[.\\]/g, '\\$&').replaceAll(/\*+/g, '.*');
        return new RegExp(`^${expression}$`).test(unit);
    });
}
