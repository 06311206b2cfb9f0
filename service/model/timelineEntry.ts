import * as z from 'zod';

export const timelineKind = z.enum(['incident', 'action', 'unit', 'package', 'boot', 'suspend', 'file', 'reeve']);

/** Something that changed, and when. `time` in microseconds since the Unix epoch. */
export const timelineEntry = z.object({
    id: z.int().positive(),
    time: z.int().nonnegative(),
    kind: timelineKind,
    subject: z.string(),
    summary: z.string(),
    detail: z.string(),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;
