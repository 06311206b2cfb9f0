import * as z from 'zod';

import type { Evidence } from '../../model/incident.ts';
import { manager } from './systemd.ts';
import { safeText } from '../../text/sanitise.ts';
import { parseTimespan } from '../../text/timespan.ts';
import { fact } from '../evidence.ts';
import type { Machine } from '../machine.ts';
import { readProperties } from '../properties.ts';

/** Where the time of the last start went, in seconds; null for what there was none of, or nobody counted. */
export type Startup = {
    firmware: number | null;
    loader: number | null;
    kernel: number | null;
    initrd: number | null;
    services: number;
    /** From the kernel on. */
    total: number;
    evidence: Evidence;
};

/** Microseconds; 0 for what has not happened, or not here. @see org.freedesktop.systemd1(5) */
const startTimes = z.object({
    KernelTimestamp: z.number(),
    FirmwareTimestampMonotonic: z.number().default(0),
    LoaderTimestampMonotonic: z.number().default(0),
    InitRDTimestampMonotonic: z.number().default(0),
    UserspaceTimestampMonotonic: z.number(),
    FinishTimestampMonotonic: z.number(),
    SoftRebootStartTimestampMonotonic: z.number().default(0),
});

/** What systemd counted while it started the computer; null without systemd, “unfinished” while it is not done. */
export async function readStartup(machine: Machine, signal: AbortSignal): Promise<Startup | 'unfinished' | null> {
    const { data: times } = startTimes.safeParse(await readProperties(machine.system, manager, signal));
    if (times === undefined) return null;
    if (times.FinishTimestampMonotonic === 0) return 'unfinished';
    // The clock starts with the kernel. That of a container is its host's, and after a soft reboot it has long been running:
    // then only what came after counts, as in systemd's analyze-time-data.c.
    const { SoftRebootStartTimestampMonotonic: softReboot } = times;
    const hasKernel = times.KernelTimestamp !== 0 && softReboot === 0;
    const seconds = (from: number, to: number) => Math.max(0, to - from) / 1_000_000;
    // Firmware and boot loader are counted backwards from the start of the kernel.
    const { FirmwareTimestampMonotonic: firmware, LoaderTimestampMonotonic: loader } = times;
    const { InitRDTimestampMonotonic: initrd, UserspaceTimestampMonotonic: services } = times;
    return {
        firmware: hasKernel && firmware > 0 ? seconds(loader, firmware) : null,
        loader: hasKernel && loader > 0 ? seconds(0, loader) : null,
        kernel: hasKernel ? seconds(0, initrd > 0 ? initrd : services) : null,
        initrd: hasKernel && initrd > 0 ? seconds(initrd, services) : null,
        services: seconds(services, times.FinishTimestampMonotonic),
        total: seconds(hasKernel ? 0 : softReboot || services, times.FinishTimestampMonotonic),
        evidence: fact('systemd', manager.destination, JSON.stringify(times)),
    };
}

/** A unit, and how long it took to start, in seconds. */
type Held = { unit: string; seconds: number };

/** "└─NAME @WHEN +TOOK" */
const link = /([\w@:.\\-]+\.[a-z]+) @([\d.a-z ]+?) \+([\d.a-z ]+)$/;

/**
 * The units that the start waited for one after the other, slowest first: systemd-analyze(1), "critical-chain". Units that
 * take long beside it, as “blame” lists them, hold nothing up. Null where there is no systemd to ask.
 */
export async function readHoldUps(
    machine: Machine,
    startup: Startup,
    signal: AbortSignal,
): Promise<{ units: Held[]; evidence: Evidence } | null> {
    const output = await machine.run('systemd-analyze', ['critical-chain', '--no-pager'], { signal });
    if (output === null) return null;
    const units = output.split('\n').flatMap((line): Held[] => {
        const [, unit = '', when = '', took = ''] = link.exec(line) ?? [];
        // What was started again later stands there with its last start.
        const isPart = unit !== '' && parseTimespan(when) <= startup.services;
        const seconds = parseTimespan(took);
        return isPart && !Number.isNaN(seconds) ? [{ unit, seconds }] : [];
    });
    if (units.length === 0) return null;
    units.sort((one, other) => other.seconds - one.seconds);
    const shown = units.slice(0, 8).map(({ unit, seconds }) => `${unit} ${Math.round(seconds * 1000)} ms`);
    return { units, evidence: fact('system', 'systemd-analyze critical-chain', safeText(shown.join('; '), 600)) };
}
