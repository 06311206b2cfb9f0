import * as z from 'zod';

import type { Bus } from '../machine.ts';
import { readProperties } from '../properties.ts';

/**
 * The object that manages the clock and the time zone: org.freedesktop.timedate1(5). It runs only while it is asked
 * something.
 */
export const timedate = {
    destination: 'org.freedesktop.timedate1',
    path: '/org/freedesktop/timedate1',
    interface: 'org.freedesktop.timedate1',
};

const properties = z.object({
    Timezone: z.string(),
    LocalRTC: z.boolean(),
    CanNTP: z.boolean(),
    NTP: z.boolean(),
    NTPSynchronized: z.boolean(),
});
export type Timedate = z.infer<typeof properties>;

/** The state of the clock; null where nothing manages it. */
export async function readTimedate(bus: Bus | null, signal: AbortSignal): Promise<Timedate | null> {
    return properties.safeParse(await readProperties(bus, timedate, signal, { start: true })).data ?? null;
}
