import type { Evidence } from '../../model/incident.ts';
import type { JournalEntry } from '../../model/journalEntry.ts';
import type { queryJournal } from '../../journal/query.ts';
import { entryFact } from '../../journal/facts.ts';

export type Crash = {
    /** The program's name as the kernel has it. */
    program: string;
    executable: string | null;
    /** Such as "SIGSEGV". */
    signal: string | null;
    pid: number | null;
    unit: string | null;
    /** Microseconds since the Unix epoch. */
    time: number;
    /** Whether systemd-coredump keeps its memory; it may have been cleaned up since. */
    hasDump: boolean;
    evidence: Evidence;
};

/** SD_MESSAGE_COREDUMP of systemd's sd-messages.h, logged by systemd-coredump. */
const coredumpMessage = 'fc2e22bc6ee647b6b90729ab34a250b1';

const entriesRead = 20;
const kernelPattern = '(segfault at|general protection|trap ).* ip';
/** A week, in microseconds. */
const kernelLinesSearched = 604_800_000_000;

/** Traps that the kernel names, and the signal that it sends for them: arch/x86/kernel/traps.c. */
const trapSignals: Record<string, string> = {
    'trap invalid opcode': 'SIGILL',
    'trap divide error': 'SIGFPE',
    'trap int3': 'SIGTRAP',
};

/**
 * Programs that crashed, the last one first: those that systemd-coredump logged, and on systems without it those that
 * the kernel logged.
 *
 * @param window microseconds since the Unix epoch; null for all that the journal has
 */
export async function findCrashes(
    query: typeof queryJournal,
    window: { since: number; until: number } | null,
    signal: AbortSignal,
): Promise<Crash[]> {
    const bounds = { lines: entriesRead, reverse: true, signal, ...window };
    const dumps = await query({ matches: [`MESSAGE_ID=${coredumpMessage}`, '_COMM=systemd-coredum'], ...bounds });
    // Anybody may write such an entry, with any process name; only the unit is attested by journald.
    const isOfCoredump = ({ unit, userUnit }: JournalEntry) =>
        userUnit === null && unit?.startsWith('systemd-coredump@') === true;
    const found = dumps.filter(isOfCoredump).map(fromCoredump);
    if (found.length === 0) {
        // Searching the text of every kernel line there is could take minutes.
        const since = window?.since ?? Date.now() * 1000 - kernelLinesSearched;
        const lines = await query({ ...bounds, matches: ['_TRANSPORT=kernel'], grep: kernelPattern, since });
        found.push(...lines.flatMap(entry => fromKernel(entry) ?? []));
    }
    return found.sort((a, b) => b.time - a.time);
}

/** Whether it is a crash of a program that goes by one of these names, in lower case; of any, when there are none. */
export function isOfNamed({ program }: Crash, names: readonly string[]): boolean {
    return names.length === 0 || names.some(name => program.toLowerCase().includes(name));
}

/** Fields of systemd.journal-fields(7) and coredumpctl(1). */
export function fromCoredump(entry: JournalEntry): Crash {
    const { fields } = entry;
    const executable = fields.COREDUMP_EXE ?? null;
    return {
        program: fields.COREDUMP_COMM ?? executable?.split('/').at(-1) ?? entry.command ?? '?',
        executable,
        signal: fields.COREDUMP_SIGNAL_NAME ?? null,
        pid: Number(fields.COREDUMP_PID) || null,
        unit: fields.COREDUMP_USER_UNIT || fields.COREDUMP_UNIT || null,
        // The dump is logged once it has been written, which takes a while.
        time: Math.min(Number(fields.COREDUMP_TIMESTAMP) || Infinity, entry.time ?? 0),
        hasDump: true,
        evidence: { ...entryFact(entry), origin: fields.COREDUMP_UNIT || 'systemd-coredump' },
    };
}

/** What arch/x86/mm/fault.c and arch/x86/kernel/traps.c print: "NAME[PID]: segfault at …", "traps: NAME[PID] trap …". */
export function fromKernel(entry: JournalEntry): Crash | null {
    const match =
        /^(?:traps: )?(\S.{0,15}?)\[(\d+)\]:? (segfault at|general protection|trap (?:invalid opcode|divide error|int3))/.exec(
            entry.message,
        );
    if (match === null) return null;
    const [, program = '?', pid, how = ''] = match;
    return {
        program,
        executable: null,
        signal: trapSignals[how.trim()] ?? 'SIGSEGV',
        pid: Number(pid),
        unit: null,
        time: entry.time ?? 0,
        hasDump: false,
        evidence: entryFact(entry),
    };
}
