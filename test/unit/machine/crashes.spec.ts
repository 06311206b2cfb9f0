import type { JournalEntry } from '../../../service/model/journalEntry.ts';
import type { JournalQuery } from '../../../service/journal/query.ts';
import { findBoots } from '../../../service/machine/time/boots.ts';
import { findCrashes, fromCoredump, fromKernel } from '../../../service/machine/processes/crashes.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';

const never = new AbortController().signal;

function entry(change: Partial<JournalEntry>): JournalEntry {
    return {
        cursor: 's=1',
        line: null,
        time: 1_795_234_396_459_938,
        bootId: 'b',
        transport: 'journal',
        priority: 2,
        identifier: null,
        pid: null,
        uid: null,
        command: null,
        unit: null,
        userUnit: null,
        messageId: null,
        message: '',
        fields: {},
        ...change,
    };
}

/** As systemd-coredump 262 logged it in a test desktop; the unit was empty since the program ran in none. */
const dump = entry({
    message: 'Process 715 (sleep) of user 1000 dumped core.',
    unit: 'systemd-coredump@0-31-716_717-0.service',
    fields: {
        COREDUMP_COMM: 'sleep',
        COREDUMP_EXE: '/usr/bin/sleep',
        COREDUMP_PID: '715',
        COREDUMP_SIGNAL_NAME: 'SIGSEGV',
        COREDUMP_UNIT: '',
    },
});

/** What Linux 6.18 printed for programs that were made to crash in each way. */
const kernelLines: [line: string, program: string, signal: string][] = [
    [
        'python3[29203]: segfault at 0 ip 00007fb795b7cad8 sp 00007ffe47523978 error 4 in libc.so.6[167ad8,7fb795a3b000+156000] likely on CPU 1 (core 1, socket 0)',
        'python3',
        'SIGSEGV',
    ],
    [
        'traps: python3[29469] trap invalid opcode ip:7f26e86bf000 sp:7ffcb308ba98 error:0 in dev/zero[0,7f26e86bf000+1000]',
        'python3',
        'SIGILL',
    ],
    [
        'traps: python3[29624] trap divide error ip:7f659ef87002 sp:7ffd52bed4e8 error:0 in dev/zero[2,7f659ef87000+1000]',
        'python3',
        'SIGFPE',
    ],
    [
        'traps: python3[29892] general protection fault ip:7fd7e790a000 sp:7ffcaab54c88 error:0 in dev/zero[0,7fd7e790a000+1000]',
        'python3',
        'SIGSEGV',
    ],
    [
        'traps: gdm3[7550] trap int3 ip:7f08ca77635a sp:7ffe0ef7e250 error:0 in libglib-2.0.so.0.8400.4[6735a,7f08ca72e000+a1000]',
        'gdm3',
        'SIGTRAP',
    ],
];

describe('A crash', () => {
    it('is told by systemd-coredump, with what it ran and how it ended', () => {
        expect(fromCoredump(dump)).toEqual(
            jasmine.objectContaining({
                program: 'sleep',
                executable: '/usr/bin/sleep',
                signal: 'SIGSEGV',
                pid: 715,
                unit: null,
                hasDump: true,
            }),
        );
    });

    it('was when the program crashed, not when its dump was written', () => {
        const logged = dump.time ?? 0;
        const at = (time: number) => fromCoredump({ ...dump, fields: { COREDUMP_TIMESTAMP: String(time) } }).time;
        expect([at(logged - 90_000_000), at(logged + 1)]).toEqual([logged - 90_000_000, logged]);
    });

    for (const [message, program, signal] of kernelLines) {
        it(`is told by the kernel alone: ${signal}, “${message.slice(0, 50)}…”`, () => {
            const crash = fromKernel(entry({ message, transport: 'kernel' }));
            expect([crash?.program, crash?.signal, crash?.hasDump]).toEqual([program, signal, false]);
        });
    }

    it('is not what only looks like one', () => {
        for (const message of ['segfault at 0', 'web[1]: started', 'a program said: x[1]: segfault at 0 ip 0'])
            expect(fromKernel(entry({ message })))
                .withContext(message)
                .toBeNull();
    });
});

describe('Crashes', () => {
    it('are looked for in the kernel’s lines only when no dump reports any, and not for ever', async () => {
        const queries: JournalQuery[] = [];
        const message = kernelLines[0]?.[0] ?? '';
        const found = await findCrashes(
            query => {
                queries.push(query);
                return Promise.resolve(query.grep === undefined ? [] : [entry({ message })]);
            },
            null,
            never,
        );
        expect(found.map(({ program }) => program)).toEqual(['python3']);
        expect(queries.length).toBe(2);
        expect(queries[1]?.since).toBeGreaterThan(0);
        expect((await findCrashes(() => Promise.resolve([dump]), null, never)).map(({ pid }) => pid)).toEqual([715]);
    });
});

describe('Earlier starts of the computer', () => {
    it('are those that systemd finished; the present one is told from the others', async () => {
        const boots = await findBoots(
            { ...recordedMachine(), root: '/' },
            () => Promise.resolve([entry({ bootId: 'another', time: 7 })]),
            { lines: 5 },
            never,
        );
        expect(boots.map(({ time, current }) => [time, current])).toEqual([[7, false]]);
    });
});
