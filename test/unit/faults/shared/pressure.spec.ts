import { faultOfChange } from '../../../../service/faults/index.ts';
import { pressureSource } from '../../../../service/faults/shared/pressure/pressure.ts';
import { groups, RecordedProcesses, uid } from '../../../support/recordedProcesses.ts';
import { SourceBed } from '../../../support/sourceRun.ts';

const quarter = 900_000;

describe('The pressure source', () => {
    let bed: SourceBed;
    let processes: RecordedProcesses;
    beforeEach(() => {
        bed = new SourceBed();
        processes = new RecordedProcesses(bed.root);
        available(800_000);
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    const source = pressureSource(uid);
    const available = (kilobytes: number) => {
        processes.write('/proc/meminfo', `MemTotal: 16000000 kB\nMemAvailable: ${kilobytes} kB\n`);
    };
    /** @param full of the last five minutes, in per cent; @param minute of the last one */
    const press = (path: string, full: number, minute = full) => {
        const averages = (who: string, share: number) =>
            `${who} avg10=0.00 avg60=${minute.toFixed(2)} avg300=${share.toFixed(2)} total=69973\n`;
        processes.write(path, averages('some', Math.min(100, full * 1.2)) + averages('full', full));
    };
    const watch = async (resource: 'memory' | 'io', fulls: number[], closings: number[] = []) => {
        bed.recover();
        await using run = await bed.start(source);
        for (const [poll, full] of fulls.entries()) {
            if (closings.includes(poll)) bed.recover();
            press(`/proc/pressure/${resource}`, full);
            await bed.poll(quarter);
        }
        return [...run.entries];
    };

    it('reports once when everything waits for memory, and what holds the most', async () => {
        processes.write(`/sys/fs/cgroup${groups.indexer}/memory.stat`, 'anon 3000000000\n');
        processes.write(`/sys/fs/cgroup${groups.application}/memory.stat`, 'anon 7000000000\n');
        const entries = await watch('memory', [0, 4, 12, 30, 7, 30, 2, 30, 2, 11], [9]);
        expect(entries.map(({ event, detail }) => `${event}: ${detail}`)).toEqual([
            'memory-short: Everything waited for memory for 12 % of the last five minutes',
            'memory-short: Everything waited for memory for 11 % of the last five minutes',
        ]);
        const [entry] = entries;
        expect(entry && faultOfChange(entry)).toEqual(
            jasmine.objectContaining({
                family: 'memory',
                kind: 'pressure',
                subject: 'memory',
                severity: 'medium',
                cause: 'Programs need more memory than there is. org.example.Editor uses the most, 7000 MB.',
            }),
        );
    });

    it('reports it again when the incident closed and it lasts', async () => {
        expect(await watch('memory', [12, 30, 30], [1])).toHaveSize(2);
        press('/proc/pressure/memory', 0);
        expect(await watch('io', [70, 80, 90, 90], [2])).toHaveSize(2);
    });

    it('says the same without a name where units do not know what they hold', async () => {
        const [entry] = await watch('memory', [15]);
        expect(entry && faultOfChange(entry)?.cause).toBe('Programs need more memory than there is.');
    });

    describe('of a computer that has memory at hand', () => {
        const limit = ({ held, high = 'max', max = 'max' }: { held: number; high?: string; max?: string }) => {
            processes.write(`/sys/fs/cgroup${groups.indexer}/memory.current`, `${held}\n`);
            processes.write(`/sys/fs/cgroup${groups.indexer}/memory.high`, `${high}\n`);
            processes.write(`/sys/fs/cgroup${groups.indexer}/memory.max`, `${max}\n`);
        };
        beforeEach(() => {
            available(8_000_000);
            press(`/sys/fs/cgroup${groups.indexer}/memory.pressure`, 90);
            limit({ held: 23_900_000, high: '24000000' });
        });

        it('reports the unit that waits because it may not use more', async () => {
            const [entry, ...more] = await watch('memory', [60, 60]);
            expect([entry?.subject, entry?.summary, entry?.detail, ...more]).toEqual([
                'indexer.service',
                'indexer.service is stalled because it has reached its memory limit',
                'It waited for memory for 90 % of the last five minutes',
            ]);
            expect(entry && faultOfChange(entry)).toEqual(
                jasmine.objectContaining({
                    family: 'memory',
                    kind: 'limit-reached',
                    scope: 'system',
                    subject: 'indexer.service',
                    severity: 'medium',
                    cause: 'It needs more than its memory limit of 24 MB, so the kernel makes it wait.',
                }),
            );
            expect(entry?.facts.service).toBe('indexer.service');
        });

        it('still reports when the computer itself becomes short of memory', async () => {
            bed.recover();
            await using run = await bed.start(source);
            press('/proc/pressure/memory', 60);
            await bed.poll(quarter);
            available(800_000);
            await bed.poll(quarter);
            expect(run.entries.map(({ event }) => event)).toEqual(['memory-limited', 'memory-short']);
        });

        it('goes by the limit that is reached first', async () => {
            limit({ held: 39_000_000, high: '80000000', max: '40000000' });
            const [entry] = await watch('memory', [60]);
            expect(entry?.facts.limit).toBe('40');
        });

        it('does not blame what waits for other reasons, nor a want of memory that there is not', async () => {
            const events = async () => (await watch('memory', [60])).map(({ event }) => event);
            expect(await events())
                .withContext('at its limit')
                .toEqual(['memory-limited']);
            limit({ held: 12_000_000, high: '24000000' });
            expect(await events())
                .withContext('far below its limit')
                .toEqual([]);
            limit({ held: 23_900_000 });
            expect(await events())
                .withContext('without a limit')
                .toEqual([]);
            limit({ held: 23_900_000, high: '24000000' });
            press(`/sys/fs/cgroup${groups.indexer}/memory.pressure`, 5);
            expect(await events())
                .withContext('that hardly waits')
                .toEqual([]);
            press(`/sys/fs/cgroup${groups.indexer}/memory.pressure`, 90);
            available(800_000);
            expect(await events())
                .withContext('while all others wait too')
                .toEqual(['memory-short']);
        });

        it('says nothing more of what is over, which five minutes still remember', async () => {
            bed.recover();
            await using run = await bed.start(source);
            press('/proc/pressure/memory', 60, 0);
            await bed.poll(quarter);
            available(800_000);
            await bed.poll(quarter);
            expect(run.entries).toEqual([]);
        });
    });

    it('reports a disk only when it lasts, as a hint about what waits the most', async () => {
        press(`/sys/fs/cgroup${groups.network}/io.pressure`, 50);
        expect(await watch('io', [70, 20, 70, 50, 70])).toEqual([]);
        const [entry, ...more] = await watch('io', [70, 80, 90]);
        expect([entry?.event, entry?.subject, entry?.summary, ...more]).toEqual([
            'disk-busy',
            'NetworkManager.service',
            'NetworkManager.service spends nearly all of its time waiting for a disk',
        ]);
        expect(entry && faultOfChange(entry)?.severity).toBe('low');
    });

    it('says when the kernel does not count', async () => {
        processes.write('/proc/pressure/memory', '');
        const run = await bed.start(source);
        expect(run.source.status.state).toBe('unavailable');
        await run[Symbol.asyncDispose]();
    });
});
