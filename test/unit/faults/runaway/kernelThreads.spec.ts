import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { faultOfChange } from '../../../../service/faults/index.ts';
import { kernelThreads } from '../../../../service/faults/runaway/watch/kernelThreads.ts';
import { SourceBed } from '../../../support/sourceRun.ts';

const quarter = 900_000;

/** As Linux 6.18 wrote them; only what they have used so far, the pid and the name are filled in. */
const stat = (pid: number, name: string, ticks: number) =>
    `${pid} (${name}) R 2 0 0 0 -1 69238880 0 0 0 0 0 ${ticks} 0 0 20 0 1 0 8564809 0 0 18446744073709551615 0 0 0 0 0 0 0 ` +
    '2147483647 0 1 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n';

describe('The source of threads of the kernel', () => {
    let bed: SourceBed;
    /** By pid, name and clock ticks. */
    let threads: Map<number, { name: string; ticks: number }>;
    beforeEach(() => {
        bed = new SourceBed();
        threads = new Map([
            [14, { name: 'ksoftirqd/0', ticks: 6704 }],
            [45, { name: 'kswapd0', ticks: 0 }],
            [50, { name: 'irq/24-ACPI:Ged', ticks: 0 }],
            [2419, { name: 'kworker/0:0-events', ticks: 39 }],
            [2457, { name: 'kworker/u8:1-iou_exit', ticks: 46 }],
        ]);
        bed.write('/proc/2/stat', stat(2, 'kthreadd', 10));
        play(2_790_436);
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    const play = (system: number) => {
        bed.write('/proc/stat', `cpu  8038853 239423 ${system} 5968494 84250 0 33262 17606 0 0\n`);
        bed.write('/proc/2/task/2/children', `${[...threads.keys()].join(' ')} `);
        for (const [pid, { name, ticks }] of threads) bed.write(`/proc/${pid}/stat`, stat(pid, name, ticks));
    };
    /** A look after each quarter of an hour, in which one of them, called so by then, had this share of a processor. */
    const watch = async (
        pid: number,
        polls: readonly (number | { share: number; name: string })[],
        between: (poll: number) => void = () => undefined,
    ) => {
        bed.recover();
        let system = 2_790_436;
        play(system);
        await using run = await bed.start(kernelThreads);
        for (const [index, poll] of polls.entries()) {
            between(index);
            const thread = threads.get(pid) ?? { name: '', ticks: 0 };
            const { share, name } = typeof poll === 'number' ? { share: poll, name: thread.name } : poll;
            const ticks = (share * quarter) / 10;
            threads.set(pid, { name, ticks: thread.ticks + ticks });
            play((system += ticks));
            await bed.poll(quarter);
        }
        return [...run.entries];
    };

    it('reports, as a hint and once, one that kept a processor busy from one poll to the next', async () => {
        expect(await watch(2419, [0.97])).toEqual([]);
        const name = 'kworker/0:0+kacpid';
        const [entry, ...more] = await watch(2419, [{ share: 0.97, name }, 0.98, 1, 0.97]);
        expect([entry?.event, entry?.subject, entry?.summary, entry?.detail, ...more]).toEqual([
            'kernel-busy',
            'kworker kacpid',
            'The kernel has used a whole processor for the last 15 minutes',
            'Its thread kworker/0:0+kacpid (2419) keeps running',
        ]);
        expect(entry && faultOfChange(entry)).toEqual(
            jasmine.objectContaining({
                family: 'runaway',
                kind: 'kernel-thread',
                scope: 'system',
                severity: 'low',
                cause: 'The firmware constantly reports events (ACPI): a device, a button or the firmware is faulty.',
            }),
        );
    });

    it('goes by what a thread does, not by its number or processor', async () => {
        const told = async (pid: number, name: string) => {
            const [entry] = await watch(pid, [{ share: 1, name }, 1]);
            return [entry?.subject, entry && faultOfChange(entry)?.cause];
        };
        expect(await told(14, 'ksoftirqd/11')).toEqual([
            'ksoftirqd',
            'It processes data from devices, mostly the network: there is too much of it, or a driver is faulty.',
        ]);
        expect(await told(50, 'irq/126-iwlwifi:queue_1')).toEqual([
            'irq iwlwifi:queue_1',
            'It handles the device iwlwifi:queue_1, which constantly raises interrupts: the device or its driver is faulty.',
        ]);
        expect(await told(2419, 'kworker/u9:12H-i915')).toEqual([
            'kworker i915',
            'It keeps running work that drivers have deferred (i915): one of them, or its device, is faulty.',
        ]);
        expect(await told(2419, 'kworker/3:1')).toEqual([
            'kworker',
            'It keeps running work that drivers have deferred: one of them, or its device, is faulty.',
        ]);
    });

    it('is one incident with the want of memory that has kswapd search', async () => {
        const { timeline, incidents } = bed;
        const short = { time: Date.now() * 1000, kind: 'program' as const, event: 'memory-short', subject: 'memory' };
        const tellOfMemory = (poll: number) => {
            if (poll === 1) timeline.add({ ...short, source: 'pressure', summary: 'Memory is short', detail: '' });
        };
        const [entry] = await watch(45, [1, 1, 1], tellOfMemory);
        expect(entry && faultOfChange(entry)?.cause).toBe(
            'It is looking for memory to free and finds too little: memory is short.',
        );
        expect(incidents.list().map(({ family, kind, affected }) => [family, kind, affected])).toEqual([
            ['memory', 'pressure', ['kswapd']],
        ]);
    });

    it('lets be what moves the data of programs, what rests, and what it knows nothing of', async () => {
        for (const name of [
            'kworker/u8:2+kcryptd/254:0',
            'kworker/u8:2+flush-259:0',
            'kworker/u33:1-btrfs-endio-write',
            'kworker/R-nvme-wq',
            'kdamond.0',
            'md127_resync',
            'rcu_preempt',
        ])
            expect(await watch(2419, [{ share: 1, name }, 1, 1]))
                .withContext(name)
                .toEqual([]);
        expect(await watch(14, [0.8, 0.85, 0.85])).toEqual([]);
        // It was another one before.
        const isReplaced = (poll: number) => {
            if (poll === 2) threads.set(14, { name: 'kworker/1:2+events', ticks: 0 });
        };
        expect(await watch(14, [0.4, 0.4, 0.8], isReplaced)).toEqual([]);
    });

    it('reports it again when it was calm in between, or its incident closed', async () => {
        expect(await watch(14, [1, 1, 0.3, 1, 1])).toHaveSize(1);
        const recoverCalm = (poll: number) => {
            if (poll === 3) bed.recover();
        };
        expect(await watch(14, [1, 1, 0.3, 1, 1], recoverCalm)).toHaveSize(2);
        const recover = (poll: number) => {
            if (poll === 2) bed.recover();
        };
        expect(await watch(14, [1, 1, 1, 1], recover)).toHaveSize(2);
    });

    it('says when they cannot be seen, as in a container', async () => {
        rmSync(join(bed.root, '/proc/2'), { recursive: true });
        await using run = await bed.start(kernelThreads);
        expect(run.source.status.state).toBe('unavailable');
    });
});
