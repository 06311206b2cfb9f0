import { _ } from '../../../i18n/i18n.ts';
import type { Change } from '../../../model/timelineEntry.ts';
import { span } from '../../../text/span.ts';
import { kernelWork, readKernelThreads, seesKernelThreads } from '../../../machine/processes/kernelThreads.ts';
import type { KernelWork } from '../../../machine/processes/kernelThreads.ts';
import { filesOf, readText } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { millisecondsPerTick } from '../../../machine/processes/processes.ts';
import type { Process } from '../../../machine/processes/processes.ts';
import { parseProcessorTime } from '../../../machine/processes/processor.ts';
import { SourceUnavailable } from '../../../sources/definition.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';
import { poll } from '../../../sources/poll.ts';
import { ReportOnce } from '../../../sources/reportOnce.ts';
import type { WrittenFacts } from '../facts.ts';

/** A share of one processor, between two polls, if the kernel was as busy in the interval before. */
const busyShare = 0.9;
/** Below this it has calmed down, and is reported again the next time. */
const calmShare = 0.5;

/** Threads of the kernel that keep a processor busy. */
export const kernelThreads: SourceDefinition = {
    name: 'kernel-threads',
    async run(surroundings, outlet, signal) {
        const machine = filesOf(surroundings.root);
        if (!(await seesKernelThreads(machine)))
            throw new SourceUnavailable(_('The kernel threads are not visible here'));
        const reports = await ReportOnce.open('kernel-threads', surroundings, outlet);
        let inKernel = await timeInKernel(machine);
        /** By thread, the processor time that it had used at the last poll. Milliseconds. */
        let known: ReadonlyMap<string, number> = new Map();
        await poll(surroundings, outlet, signal, async elapsed => {
            const next = new Map<string, number>();
            const before = inKernel;
            inKernel = await timeInKernel(machine);
            // Theirs is only a part of that, so each of them seldom has to be checked.
            const threads = inKernel - before >= busyShare * elapsed ? await readKernelThreads(machine, signal) : [];
            for (const thread of threads) {
                const work = kernelWork(thread.name);
                if (work === null) continue;
                const key = `${thread.pid} ${thread.started}`;
                const used = thread.ticks * millisecondsPerTick;
                const share = (used - (known.get(key) ?? used)) / elapsed;
                const state = reports.state(key);
                if (state === 'over' || (known.has(key) && share < calmShare)) reports.forget(key);
                if (state === 'unreported' && share >= busyShare) reports.report(key, toChange(thread, work, elapsed));
                next.set(key, used);
            }
            reports.keepOnly(next);
            known = next;
        });
    },
};

/** Of all processors, in milliseconds: in the kernel for programs, for its own threads and for interrupts. */
async function timeInKernel(machine: Machine): Promise<number> {
    const time = parseProcessorTime((await readText(machine, '/proc/stat', 262_144)) ?? '');
    return (time?.inKernel ?? 0) * millisecondsPerTick;
}

function toChange({ pid, started, name: thread }: Process, { name, kind, of }: KernelWork, busyFor: number): Change {
    const time = span(busyFor * 1000);
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'kernel-busy',
        subject: name,
        summary: _('The kernel has used a whole processor for the last {time}', { time }),
        detail: _('Its thread {thread} ({pid}) keeps running', { thread, pid }),
        facts: {
            program: thread,
            pid: String(pid),
            started: String(started),
            work: kind,
            ...(of !== undefined && { of }),
        } satisfies WrittenFacts,
    };
}
