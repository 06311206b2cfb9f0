import { faultOfChange } from '../../../../service/faults/index.ts';
import { hangingSource } from '../../../../service/faults/runaway/watch/hanging.ts';
import { groups, pids, RecordedProcesses, uid } from '../../../support/recordedProcesses.ts';
import { SourceBed } from '../../../support/sourceRun.ts';

const quarter = 900_000;
const { waits } = pids;

describe('The source of what hangs', () => {
    let bed: SourceBed;
    let processes: RecordedProcesses;
    beforeEach(() => {
        bed = new SourceBed();
        processes = new RecordedProcesses(bed.root);
        load(1.02);
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    /** Over one, five and fifteen minutes. */
    const load = (...averages: number[]) => {
        const text = [averages[0] ?? 0, averages[1] ?? 1, averages[2] ?? 0.7]
            .map(average => average.toFixed(2))
            .join(' ');
        processes.write('/proc/loadavg', `${text} 1/1053 1072\n`);
    };
    const waitIn = (name: string) => {
        processes.write(`/proc/${waits}/wchan`, name);
    };
    const watch = async (polls: number, between: (poll: number) => void = () => undefined, pause = quarter) => {
        bed.recover();
        await using run = await bed.start(hangingSource(uid));
        for (let poll = 0; poll < polls; poll += 1) {
            between(poll);
            await bed.poll(pause);
        }
        return [...run.entries];
    };

    it('reports once a process that waited in the kernel from one poll to the next', async () => {
        expect(await watch(1)).toEqual([]);
        const [entry, ...more] = await watch(4);
        expect([entry?.event, entry?.subject, entry?.summary, entry?.detail, ...more]).toEqual([
            'hung',
            'python3',
            'python3 is not responding',
            'Process 1058 is waiting in kernel_clone() of the kernel',
        ]);
        expect(entry?.facts).toEqual(jasmine.objectContaining({ pid: '1058', waits: 'child' }));
        expect(entry && faultOfChange(entry)).toEqual(
            jasmine.objectContaining({
                family: 'runaway',
                kind: 'hung-task',
                // As the kernel's own word of it, with which it is one incident.
                scope: 'system',
                subject: 'python3',
                severity: 'medium',
                cause: 'It is waiting for a program that it has started and that has not begun its work.',
            }),
        );
    });

    it('names the service that would be restarted, unless the session hangs on it or it is somebody else’s', async () => {
        const service = async (group: string) => {
            processes.write(`/proc/${waits}/cgroup`, `0::${group}\n`);
            const { facts = {} } = (await watch(2))[0] ?? {};
            return [facts.service, facts.serviceScope];
        };
        const system = '/system.slice/indexer.service';
        expect(await service(groups.waits)).toEqual(['waits.service', 'user']);
        expect(await service(system)).toEqual(['indexer.service', 'system']);
        const none = [groups.pipewire, groups.application, groups.terminal, groups.waits.replaceAll('1000', '1001')];
        none.push('/system.slice/dbus-broker.service', '/system.slice/systemd-logind.service');
        for (const group of none)
            expect(await service(group))
                .withContext(group)
                .toEqual([undefined, undefined]);
    });

    it('does not report what was dismissed, over starts of the service, for as long as that process hangs', async () => {
        processes.write('/proc/sys/kernel/random/boot_id', '79b2a8d6-6a64-4a9f-8f3e-4a0c4f2f6b11\n');
        const polls = async (each: () => void = () => undefined) => {
            await using run = await bed.start(hangingSource(uid));
            for (let poll = 0; poll < 3; poll += 1) {
                await bed.poll(quarter);
                if (poll === 0) each();
            }
            return run.entries.length;
        };
        expect(await polls()).toBe(1);
        bed.recover('dismissed');
        expect(await polls()).toBe(0);
        expect(await polls()).toBe(0);
        const goOn = () => {
            processes.edit(`/proc/${waits}/status`, [
                /^voluntary_ctxt_switches:.*$/m,
                () => 'voluntary_ctxt_switches:\t999',
            ]);
        };
        expect(await polls(goOn)).toBe(1);
    });

    it('reports it again when its incident closed too early, or it hangs once more', async () => {
        const closeEarly = (poll: number) => {
            if (poll === 2) bed.recover();
        };
        expect(await watch(5, closeEarly)).toHaveSize(2);
        const hangAgain = (poll: number) => {
            if (poll !== 2) return;
            bed.recover();
            processes.edit(`/proc/${waits}/status`, [
                /^voluntary_ctxt_switches:.*$/m,
                () => 'voluntary_ctxt_switches:\t999',
            ]);
        };
        expect((await watch(5, hangAgain)).map(({ facts }) => facts.switches)).toEqual(['28', '1004']);
    });

    it('names the network share when it is the only one of its kind', async () => {
        const mounts = processes.read('/proc/self/mountinfo');
        const nfs = '99 28 0:99 / /home/shared rw shared:9 - nfs4 server.example:/shared rw\n';
        const causeIn = async (name: string) => {
            waitIn(name);
            const [entry] = await watch(2);
            return entry && faultOfChange(entry)?.cause;
        };
        processes.write('/proc/self/mountinfo', mounts + nfs);
        expect(await causeIn('rpc_wait_bit_killable')).toBe(
            'It is waiting for the network share at /home/shared, whose server does not answer.',
        );
        processes.write('/proc/self/mountinfo', mounts + nfs + nfs.replace('/home', '/srv'));
        expect(await causeIn('nfs_wait_bit_killable')).toBe(
            'It is waiting for a network share whose server does not answer.',
        );
        expect(await causeIn('folio_wait_bit_common')).toBe('It is waiting for a disk that does not answer.');
        const unknown = 'The program python3 is waiting for a disk, a network share or the kernel, and gets no answer.';
        expect(await causeIn('0')).toBe(unknown);
        expect(await causeIn('msleep')).toBe(unknown);
    });

    it('lets be what did something in between, however it is found', async () => {
        const work = (poll: number) => {
            const count = () => `voluntary_ctxt_switches:\t${100 + poll}`;
            processes.edit(`/proc/${waits}/status`, [/^voluntary_ctxt_switches:.*$/m, count]);
        };
        expect(await watch(4, work)).toEqual([]);
        const restart = (poll: number) => {
            const started = (_all: string, before = '') => `${before}${poll}`;
            processes.edit(`/proc/${waits}/stat`, [/^(\d+ \(.*\) (?:\S+ ){19})\d+/, started]);
        };
        expect(await watch(4, restart)).toEqual([]);
    });

    it('checks the threads of a process whose first goes on', async () => {
        const thread = 1099;
        const stat = processes.read(`/proc/${waits}/stat`);
        const status = processes.read(`/proc/${waits}/status`);
        for (const folder of [`/proc/${thread}`, `/proc/${waits}/task/${thread}`]) {
            processes.write(`${folder}/stat`, stat.replace(/^\d+ \(.*?\)/, `${thread} (fetcher)`));
            processes.write(`${folder}/status`, status);
            processes.write(`${folder}/wchan`, 'folio_wait_bit_common');
        }
        // Here, unlike in /proc, the thread is listed as a process as well, and comes behind.
        processes.edit(`/proc/${waits}/stat`, [/\) D ((?:\S+ ){16})1 /, (_all, before = '') => `) S ${before}2 `]);
        const listed = await watch(3);
        const [entry, ...more] = listed.filter(({ facts }) => facts.process !== undefined);
        expect([entry?.subject, entry?.summary, entry?.facts.pid, entry?.facts.process, ...more]).toEqual([
            'fetcher',
            'python3 is not responding',
            '1099',
            '1058',
        ]);
        expect(entry && faultOfChange(entry)?.cause).toBe('It is waiting for a disk that does not answer.');
    });

    it('is not misled by a thread of the same process that waits now and then', async () => {
        const [busy, stuck] = [1098, 1099];
        const stat = processes.read(`/proc/${waits}/stat`);
        const status = processes.read(`/proc/${waits}/status`);
        for (const thread of [busy, stuck]) {
            for (const folder of [`/proc/${thread}`, `/proc/${waits}/task/${thread}`]) {
                processes.write(`${folder}/stat`, stat.replace(/^\d+ \(.*?\)/, `${thread} (pool-${thread})`));
                processes.write(`${folder}/status`, status);
            }
        }
        processes.edit(`/proc/${waits}/stat`, [/\) D ((?:\S+ ){16})1 /, (_all, before = '') => `) S ${before}3 `]);
        const works = (poll: number) => {
            const count = () => `voluntary_ctxt_switches:\t${100 + poll}`;
            for (const folder of [`/proc/${busy}`, `/proc/${waits}/task/${busy}`])
                processes.edit(`${folder}/status`, [/^voluntary_ctxt_switches:.*$/m, count]);
        };
        const listed = (await watch(3, works)).filter(({ facts }) => facts.process !== undefined);
        expect(listed.map(({ facts }) => facts.pid)).toEqual([String(stuck)]);
    });

    it('lets threads of the kernel be, of which some wait like that all their life', async () => {
        processes.edit(`/proc/${waits}/status`, [/^VmSize:.*\n/m, () => '']);
        expect(await watch(3)).toEqual([]);
    });

    it('examines no process when the load says that none can have hung', async () => {
        load(0.85);
        expect(await watch(3)).toEqual([]);
        // Programs had much to do just now, and less before.
        load(4, 1.1, 0.4);
        expect(await watch(3)).toEqual([]);
        // The load has not yet risen to one.
        load(0.85, 0.2, 0.1);
        expect(await watch(3, () => undefined, 60_000)).toHaveSize(1);
    });
});
