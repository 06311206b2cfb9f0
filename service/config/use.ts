/** What the settings mean for the parts that follow them. */
import type { NoiseBudget } from '../incidents/incidents.ts';
import type { Config, QuietHours } from './schema.ts';

/** How much to tell the user of at `now`: during quiet hours only what is critical. */
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
