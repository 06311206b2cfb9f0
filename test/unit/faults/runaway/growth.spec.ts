import { faultOfChange } from '../../../../service/faults/index.ts';
import { growthSource } from '../../../../service/faults/runaway/watch/growth.ts';
import { groups, pids, RecordedProcesses, uid, type Group } from '../../../support/recordedProcesses.ts';
import { SourceBed } from '../../../support/sourceRun.ts';

const quarter = 900_000;
/** Shares are of a machine with so much memory, half of which is in use. */
const total = 16_000_000;

describe('The source of what grows', () => {
    let bed: SourceBed;
    let processes: RecordedProcesses;
    beforeEach(() => {
        bed = new SourceBed();
        processes = new RecordedProcesses(bed.root);
        available(0.5);
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    const source = growthSource(uid);
    const available = (share: number) => {
        processes.write('/proc/meminfo', `MemTotal: ${total} kB\nMemAvailable: ${Math.round(total * share)} kB\n`);
    };
    const hold = (group: Group, share: number) => {
        const kilobytes = Math.round(total * share);
        processes.edit(`/proc/${pids[group]}/status`, [/^RssAnon:.*$/m, () => `RssAnon:\t${kilobytes} kB`]);
        const reserved = (_all: string, before = '') => `${before}${kilobytes * 1024 + 4096}`;
        processes.edit(`/proc/${pids[group]}/stat`, [/^(\d+ \(.*\) (?:\S+ ){20})\d+/, reserved]);
        processes.write(`/proc/${pids[group]}/cgroup`, `0::${groups[group]}\n`);
        processes.write(`/sys/fs/cgroup${groups[group]}/memory.stat`, `anon ${kilobytes * 1024}\nfile 4096\n`);
    };
    /** A poll after each quarter of an hour, at the end of which the group holds that share of the memory. */
    const watch = async (group: Group, shares: number[], between: (poll: number) => void = () => undefined) => {
        await using run = await bed.start(source);
        for (const [poll, share] of shares.entries()) {
            between(poll);
            hold(group, share);
            await bed.poll(quarter);
        }
        return [...run.entries];
    };

    it('reports a service that holds much and grew steadily for three quarters of an hour, once', async () => {
        const entries = await watch('indexer', [0.1, 0.16, 0.22, 0.28, 0.34, 0.4]);
        expect(entries.map(({ event, subject, summary, detail }) => [event, subject, summary, detail])).toEqual([
            [
                'grew',
                'indexer.service',
                'indexer.service uses more and more memory, 4588 MB so far',
                'sh (process 1049): from 1638 MB to 4588 MB in 45 minutes',
            ],
        ]);
        const [entry] = entries;
        expect(entry && faultOfChange(entry)).toEqual(
            jasmine.objectContaining({ family: 'runaway', kind: 'memory-leak', severity: 'low', scope: 'system' }),
        );
        expect(entry?.facts).toEqual(jasmine.objectContaining({ service: 'indexer.service', pid: '1049' }));
    });

    it('reports it again when its incident closed and it grew as steadily after that', async () => {
        const shares = [0.1, 0.16, 0.22, 0.28, 0.34, 0.4, 0.46, 0.52];
        const entries = await watch('indexer', shares, poll => {
            if (poll === 4) bed.recover();
        });
        expect(entries.map(({ facts }) => facts.size)).toEqual(['4587520000', '8519680000']);
    });

    it('asks the groups which hold much, where they know', async () => {
        processes.write('/sys/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory pids\n');
        const [entry, ...more] = await watch('application', [0.1, 0.16, 0.22, 0.28]);
        expect([entry?.subject, entry?.facts.service, entry?.facts.scope, ...more]).toEqual([
            'org.example.Editor',
            undefined,
            'user',
        ]);
        processes.write(`/sys/fs/cgroup${groups.indexer}/memory.stat`, 'anon 4096\n');
        processes.edit(`/proc/${pids.indexer}/status`, [/^RssAnon:.*$/m, () => `RssAnon:\t${total} kB`]);
        expect(await watch('application', [0.28])).toEqual([]);
    });

    it('lets be what warms up, fills a cache, rests in between, or holds little', async () => {
        expect(await watch('indexer', [0.1, 0.25, 0.33, 0.36, 0.37, 0.375])).toEqual([]);
        expect(await watch('indexer', [0.1, 0.2, 0.2, 0.3, 0.3, 0.4])).toEqual([]);
        expect(await watch('indexer', [0.06, 0.1, 0.14, 0.18])).toEqual([]);
        expect(await watch('indexer', [0.2, 0.3, 0.4, 0.3, 0.4, 0.5])).toEqual([]);
    });

    it('does not take one process for another with its number', async () => {
        await using run = await bed.start(source);
        for (const [index, share] of [0.1, 0.16, 0.22, 0.28].entries()) {
            hold('indexer', share);
            if (index === 2) {
                const started = (_all: string, before = '') => `${before}9999999`;
                processes.edit(`/proc/${pids.indexer}/stat`, [/^(\d+ \(.*\) (?:\S+ ){19})\d+/, started]);
            }
            await bed.poll(quarter);
        }
        expect(run.entries).toEqual([]);
    });

    it('examines no process as long as nearly all memory is there', async () => {
        available(0.97);
        expect(await watch('indexer', [0.1, 0.16, 0.22, 0.28])).toEqual([]);
    });
});
