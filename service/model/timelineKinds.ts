/** Kinds of entries in the timeline, also for the command line, which need not load a parser to know them. */
export const timelineKinds = [
    'incident',
    'action',
    'unit',
    'package',
    'boot',
    'suspend',
    'file',
    'device',
    'link',
    'address',
    'network',
    'power',
    'storage',
    'session',
    'setting',
    'time',
    'crash',
    'program',
    'reeve',
] as const;
export type TimelineKind = (typeof timelineKinds)[number];
