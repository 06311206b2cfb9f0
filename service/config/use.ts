/** What the settings mean for the parts that follow them. */
import type { Severity } from '../model/incident.ts';
import type { Config, QuietHours } from './schema.ts';

/** How much the user wants announced. It is read again for each incident, because it can change while the service runs. */
export type NoiseBudget = {
    /** Notifications per hour; critical incidents are announced in any case. */
    readonly perHour: number;
    /** Less severe incidents are listed but not announced. */
    readonly minimumSeverity: Severity;
};

/** What to announce at `now`: during quiet hours only what is critical. */
export function noiseBudget({ notifications }: Config, now: Date): NoiseBudget {
    const quiet = notifications.quiet_hours !== null && isWithin(notifications.quiet_hours, now);
    return { perHour: quiet ? 0 : notifications.per_hour, minimumSeverity: notifications.minimum_severity };
}

function isWithin({ from, to }: QuietHours, now: Date): boolean {
    const minute = now.getHours() * 60 + now.getMinutes();
    return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Whether the user wants to hear nothing of this unit. */
export function isIgnoredBy({ watch }: Config, unit: string): boolean {
    return watch.ignore.some(pattern => {
        // The schema lets no other character through that means something in a regular expression.
        const expression = pattern.replaceAll(/[.\\]/g, '\\$&').replaceAll(/\*+/g, '.*');
        return new RegExp(`^${expression}$`).test(unit);
    });
}
