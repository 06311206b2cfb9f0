import { faultOfChange } from '../../../../service/faults/index.ts';
import { processorSource } from '../../../../service/faults/runaway/watch/processor.ts';
import { groups, RecordedProcesses, uid, type Group } from '../../../support/recordedProcesses.ts';
import { SourceBed } from '../../../support/sourceRun.ts';

const quarter = 900_000;

describe('The processor source', () => {
    let bed: SourceBed;
    let processes: RecordedProcesses;
    beforeEach(() => {
        bed = new SourceBed();
        processes = new RecordedProcesses(bed.root);
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    const source = processorSource(uid);
    /** A first look, then one after each quarter of an hour, in which `group` had these shares of a processor. */
    const watch = async (
        group: Group,
        shares: number[],
        ofProcess = shares,
        between: (poll: number) => void = () => undefined,
    ) => {
        bed.recover();
        await using run = await bed.start(source);
        await bed.poll(quarter);
        for (const [index, share] of shares.entries()) {
            between(index);
            processes.compute(group, share * quarter, (ofProcess[index] ?? 0) * quarter);
            await bed.poll(quarter);
        }
        return [...run.entries];
    };

    it('reports a service that used a whole processor between three polls, once', async () => {
        expect(await watch('indexer', [0.97])).toEqual([]);
        const entries = await watch('indexer', [0.97, 0.99, 1, 1, 0.99]);
        expect(entries.map(({ event, subject, summary, detail }) => [event, subject, summary, detail])).toEqual([
            [
                'busy',
                'indexer.service',
                'indexer.service has used a whole processor for the last 30 minutes',
                'sh (process 1049): 99 % of a processor since the last check',
            ],
        ]);
        expect(entries[0]?.facts).toEqual({
            group: groups.indexer,
            scope: 'system',
            program: 'sh',
            pid: '1049',
            started: '6244620',
            service: 'indexer.service',
        });
    });

    it('reports it again only once it was over, and says how many processors', async () => {
        const shares = [1, 1, 0.7, 1, 1, 0.1, 1, 1, 0.1, 2, 3];
        const [first, second, ...more] = await watch('pipewire', shares, shares, poll => {
            if (poll === 9) bed.recover();
        });
        expect([first?.summary, second?.summary, ...more]).toEqual([
            'pipewire.service has used a whole processor for the last 30 minutes',
            'pipewire.service has used 3 processors for the last 30 minutes',
        ]);
        expect(second?.facts).toEqual(jasmine.objectContaining({ scope: 'user', service: 'pipewire.service' }));
    });

    it('reports it again, on the same proof, when its incident closed at a quiet moment between two polls', async () => {
        const shares = [1, 1, 1, 1, 1];
        const closeAt =
            (closing: number, state?: 'dismissed') =>
            (poll: number): void => {
                if (poll === closing) bed.recover(state);
            };
        expect(await watch('pipewire', shares, shares, closeAt(2))).toHaveSize(2);
        expect(await watch('pipewire', shares.slice(0, 3), shares, closeAt(2))).toHaveSize(1);
        expect(bed.incidents.list().map(({ state }) => state)).toEqual(['recovered']);
        expect(await watch('indexer', shares, shares, closeAt(2, 'dismissed'))).toHaveSize(1);
    });

    it('reports nothing twice that was reported before the service was started again', async () => {
        await using before = await bed.start(source);
        const compute = async () => {
            for (let poll = 0; poll < 4; poll += 1) {
                processes.compute('indexer', quarter);
                await bed.poll(quarter);
            }
        };
        await compute();
        expect(before.entries).toHaveSize(1);
        await before[Symbol.asyncDispose]();
        await using after = await bed.start(source);
        await compute();
        expect(after.entries).toEqual([]);
        expect(bed.incidents.list().map(({ state, count }) => `${state} ${count}`)).toEqual(['open 1']);
    });

    it('does not report what was dismissed, over starts of the service, until it was calm or the computer was started', async () => {
        const boot = (id: string) => {
            processes.write('/proc/sys/kernel/random/boot_id', `${id}\n`);
        };
        const computing = async (work: number[], started: () => void = () => undefined) => {
            await using run = await bed.start(source);
            started();
            for (const share of work) {
                processes.compute('indexer', share * quarter);
                await bed.poll(quarter);
            }
            return run.entries.length;
        };
        const busy = [1, 1, 1, 1];
        boot('79b2a8d6-6a64-4a9f-8f3e-4a0c4f2f6b11');
        expect(await computing(busy)).toBe(1);
        // Dismissed after the next start, before it was proven again.
        const dismiss = () => {
            bed.recover('dismissed');
        };
        expect(await computing(busy, dismiss)).toBe(0);
        expect(bed.incidents.list().map(({ state }) => state)).toEqual(['dismissed']);
        expect(await computing(busy)).toBe(0);
        expect(await computing(busy)).toBe(0);
        expect(await computing([1, 1, 0.1, ...busy])).toBe(1);
        bed.recover('dismissed');
        expect(await computing(busy)).toBe(0);
        boot('0c3cbb5c-2f1e-4a7b-9f35-d2b6cf0f6f30');
        expect(await computing(busy)).toBe(1);
    });

    it('starts over when what it remembers cannot be read', async () => {
        for (const text of ['{', '{"boot":1}']) {
            bed.database.setState('told processor', text);
            expect(await watch('indexer', [1, 1]))
                .withContext(text)
                .toHaveSize(1);
        }
    });

    it('lets a burst pass, however often it comes', async () => {
        expect(await watch('indexer', [1, 0.8, 1, 0.3, 1])).toEqual([]);
    });

    it('reports an application only when one process of it loops', async () => {
        const [loop, ...more] = await watch('application', [0.99, 1]);
        expect([loop?.subject, loop?.facts.service, ...more]).toEqual(['org.example.Editor', undefined]);
        expect(await watch('application', [1, 2.5])).toEqual([]);
        expect(await watch('application', [0.92, 0.93])).toEqual([]);
        expect(await watch('application', [1, 1], [0.5, 0.5])).toEqual([]);
    });

    it('reports a service that would use a whole processor where others leave it less', async () => {
        const watchWaiting = async (group: Group, used: number, awake: number) => {
            bed.recover();
            await using run = await bed.start(source);
            processes.wait(group, 0, 0);
            await bed.poll(quarter);
            for (let poll = 0; poll < 3; poll += 1) {
                processes.compute(group, used * quarter);
                processes.wait(group, (0.99 - used) * quarter, awake * quarter);
                await bed.poll(quarter);
            }
            return run.entries.map(({ summary }) => summary);
        };
        expect(await watchWaiting('indexer', 0.2, 0.99)).toEqual([
            'indexer.service has been computing without a break for the last 30 minutes',
        ]);
        expect(await watchWaiting('pipewire', 0.2, 0.5)).toEqual([]);
        expect(await watchWaiting('pipewire', 0.02, 0.99)).toEqual([]);
        // What a process did before it was first looked at does not count.
        processes.compute('network', 0, 1_000_000_000);
        expect(await watchWaiting('network', 0.2, 0.5)).toEqual([]);
        expect(await watchWaiting('application', 0.3, 0.99)).toHaveSize(1);
    });

    it('lets people compute what they want, and those compute whose work it is', async () => {
        for (const group of ['terminal', 'login', 'reeve'] as const) expect(await watch(group, [1, 1, 1])).toEqual([]);
    });

    it('is not led astray by a unit that ends, starts over or counts from the beginning', async () => {
        await using run = await bed.start(source);
        await bed.poll(quarter);
        processes.compute('indexer', quarter);
        await bed.poll(quarter);
        processes.edit(`/sys/fs/cgroup${groups.indexer}/cpu.stat`, [/usage_usec \d+/, () => 'usage_usec 7']);
        await bed.poll(quarter);
        processes.compute('indexer', quarter);
        processes.end('network');
        await bed.poll(quarter);
        processes.end('indexer');
        await bed.poll(quarter);
        expect(run.entries).toEqual([]);
    });

    it('is a hint that names the process, and whose unit it is', async () => {
        const [entry] = await watch('pipewire', [1, 1]);
        if (entry === undefined) throw new Error('nothing was told');
        expect(faultOfChange(entry)).toEqual(
            jasmine.objectContaining({
                family: 'runaway',
                kind: 'busy',
                severity: 'low',
                scope: 'user',
                subject: 'pipewire.service',
                cause: 'Its process pipewire keeps a processor busy, which uses power and slows down everything else.',
            }),
        );
    });

    it('says when there is nothing to go by', async () => {
        await using bare = new AsyncDisposableStack();
        const other = bare.use(new SourceBed());
        const run = bare.use(await other.start(source));
        expect(run.source.status.state).toBe('unavailable');
    });
});
