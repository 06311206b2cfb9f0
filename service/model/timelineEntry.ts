import * as z from 'zod';

import { timelineKinds } from './timelineKinds.ts';

export const timelineKind = z.enum(timelineKinds);

/** A change, and its time. Texts are safe to keep and show. */
export const timelineEntry = z.object({
    id: z.int().positive(),
    /** Microseconds since the Unix epoch. */
    time: z.int().nonnegative(),
    kind: timelineKind,
    /**
     * The change, within the kind: a stable word such as "edited", "upgraded", "carrier-lost". Empty when it has none.
     */
    event: z.string(),
    /** Its subject: a path, a package, a unit, an interface, a device. */
    subject: z.string(),
    /** The source that reported it; empty for what Reeve itself noticed. */
    source: z.string(),
    summary: z.string(),
    /** More, of several lines at most: the difference of a file, for example. */
    detail: z.string(),
    /** For programs: versions, hashes of contents, reason codes. docs/sources.md lists the names. */
    facts: z.record(z.string(), z.string()),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

/** What a source reports: an entry before it is stored. */
export const change = timelineEntry.omit({ id: true, source: true });
export type Change = z.infer<typeof change>;

/** What `Timeline.add` takes. */
export type NewTimelineEntry = Omit<Change, 'event' | 'facts'> &
    Partial<Pick<TimelineEntry, 'event' | 'facts' | 'source'>>;
