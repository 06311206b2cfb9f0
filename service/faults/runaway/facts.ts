import * as z from 'zod';

import { factReader } from '../../model/facts.ts';
import type { FactsFor } from '../../model/facts.ts';

export const readFacts = factReader(() => {
    const number = z.coerce.number().int();
    return {
        program: z.string(),
        pid: number,
        /** In ticks since the start of the computer; with the number it identifies the process. */
        started: number,
        /** Of a thread, the process and its start. */
        process: number,
        processStarted: number,
        service: z.string(),
        /** The control group that keeps a processor busy. */
        group: z.string(),
        /** How much memory a growing process held, in bytes. */
        size: number,
        /** How often the process that hangs had given up the processor. */
        switches: number,
        waits: z.enum(['server', 'filesystem', 'child', 'disk']),
        /** Where the filesystem that it waits for is mounted. */
        place: z.string(),
        /** What a thread of the kernel works on, and for which device or function. */
        work: z.enum(['memory', 'packets', 'interrupts', 'firmware']),
        of: z.string(),
    };
});

export type WrittenFacts = FactsFor<typeof readFacts>;
