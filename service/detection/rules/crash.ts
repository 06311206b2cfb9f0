import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily, FaultRule } from '../fault.ts';
import { programSeverity } from '../severity.ts';
import { bare, baseName } from '../subjects.ts';
import type { Captures } from '../linePattern.ts';

/**
 * Microseconds. The kernel gives whole seconds, %t of core(5), to which systemd-coredump appends zeros; the kernel's own line of
 * the same crash is later than that, and would seem to tell of what came after.
 */
const wholeSecond = 999_999;

/** What the kernel takes note of and goes on. */
const oddity = {
    kind: 'kernel-warning',
    from: 'kernel',
    severity: 'low',
    subject: '=kernel',
    title: () => _('The kernel noticed something odd'),
} satisfies Omit<FaultRule, 'lines'>;

/**
 * The words are those of src/coredump in systemd, arch/x86/mm/fault.c and arch/x86/kernel/traps.c (signals of programs),
 * kernel/panic.c, lib/bug.c, arch/x86/kernel/dumpstack.c and mm/{slub,kasan} in Linux, and of abrt.
 */
export const crash: FaultFamily = {
    name: 'crash',
    title: 'Crashed program or kernel',
    about: 'A program was ended by its own fault and left a core dump, or the kernel itself came upon a defect.',
    harmless: [
        {
            from: 'kernel',
            lines: [
                'kernel BUG reporting',
                'panic=',
                'crashkernel',
                'Crash kernel',
                'kdump',
                'Kernel Offset',
                'oops=panic',
                'Kprobes globally',
                'KFENCE: initialized',
                'panic_on_',
                'Spectre',
                'WARNING: Spectre',
                'MDS CPU bug',
                'CPU bug present',
                'floating point alignment exceptions',
                'alignment exceptions',
                'general protection fault ip', // logged beside the signal of an emulator that handles it
                'generating core.{}',
                'generated {} core files',
            ],
            unless: ['not syncing', 'segfault', 'bug:', 'oops:', 'traps:'],
        },
        {
            // What a virtual machine tells of its processors (build_sched_domain() in kernel/sched/topology.c), and where lockdep
            // gives up, as kernels for debugging do (kernel/locking/lockdep.c).
            from: 'kernel',
            lines: ['BUG: arch topology borken', 'domain not a subset of the', '^BUG: MAX_{} too low!'],
        },
        { from: 'kernel', lines: ['ramoops: '] },
        {
            from: 'coredump',
            lines: ['Removed old coredump', 'Resource limits disable core dumping', 'Not writing core dump'],
        },
    ],
    rules: [
        {
            kind: 'program',
            from: 'coredump',
            lines: [
                'Process {pid:number} ({program:text}) of user {uid:number} dumped core{}Stack trace of thread {thread:number}',
                'Process {pid:number} ({program:text}) of user {uid:number} dumped core',
                'Process {pid:number} ({program:text}) of user {uid:number} terminated abnormally',
                'Process {pid:number} ({program:text}) of user {uid:number} killed by',
                'Process {pid:number} ({program}) crashed in',
                'Process {pid:number} ({program:text}) of user {uid:number} encountered an uncaught {detail:text} exception',
                'saved core dump of pid {pid:number} ({program}) to',
                'executable: {program}',
                'apport: called for pid {pid:number}, signal {signal:number}',
                'called for pid {pid:number}, signal {signal:number}, core limit',
            ],
            // coredump_context_build_iovw() and coredump_submit() in systemd's src/coredump. The names are the program's own
            // choice. Older ones do not know COREDUMP_TID; of the threads in the message the first is the one that crashed.
            fields: {
                pid: 'COREDUMP_PID',
                thread: 'COREDUMP_TID',
                crashed: 'COREDUMP_TIMESTAMP',
                uid: 'COREDUMP_UID',
                program: 'COREDUMP_COMM',
                executable: 'COREDUMP_EXE',
                signalName: 'COREDUMP_SIGNAL_NAME',
                systemUnit: 'COREDUMP_UNIT',
                userUnit: 'COREDUMP_USER_UNIT',
                package: 'COREDUMP_PACKAGE_NAME',
                version: 'COREDUMP_PACKAGE_VERSION',
            },
            each: true,
            ofUnit: 'reason',
            unit: ({ systemUnit = '', userUnit = '', uid }) =>
                userUnit === ''
                    ? { scope: 'system', name: systemUnit }
                    : { scope: 'user', name: userUnit, uid: Number(uid) },
            severity: captures => programSeverity(nameOfDumped(captures)),
            happened: ({ crashed = '' }) => Number(crashed) + wholeSecond,
            subject: nameOfDumped,
            title: facts => _('{subject} crashed', withFullName(facts)),
            cause: causeOfSignal,
        },
        {
            kind: 'program',
            from: ['kernel', 'audit'],
            lines: [
                '^{program:text}[{pid:number}]: segfault at {address} ip',
                '^{program:text}[{pid:number}]: segfault at {address}',
                '{program}[{pid:number}]: segfault at {address} {}ip',
                '{program}[{pid:number}]: segfault at {address}',
                '{program}[{pid:number}] trap {trap:text} ip:',
                'traps: {program:text}[{pid:number}] trap {trap:text} ip:',
                'traps: {program:text}[{pid:number}] general protection',
                '{program}[{pid:number}] general protection ip:',
                '{program}[{pid:number}] general protection rip:',
                '{program}[{pid:number}]: unhandled signal {signal:number}',
                '{program}[{pid:number}]: segfault ({signal}) at',
                '{program}({pid:number}): unaligned access to',
                '{program}[{pid:number}]: undefined instruction: pc=',
                'potentially unexpected fatal signal {signal:number}',
                'type=1701 {}comm="{program}" {}sig={signal:number}',
                'ANOM_ABEND {}comm="{program}" {}sig={signal:number}',
                '{program}[{pid:number}]: bad frame in',
                'pid {pid:number} ({program}), uid {}: exited on signal {signal:number}',
                'pid {pid:number} ({program}), jid {}, uid {}: exited on signal {signal:number}',
                '{program} cause: {}segfault',
                'program interrupt: {}',
            ],
            unless: ['unaligned access', 'program interrupt:'],
            severity: ({ program = '' }) => programSeverity(baseName(bare(program))),
            subject: ({ program = '' }) => baseName(bare(program)) || 'program',
            title: facts => _('{subject} crashed', facts),
            cause: facts =>
                _('The program {subject} made a mistake that it could not go on from, and was ended.', facts),
        },
        {
            kind: 'program',
            from: 'webServer',
            lines: ['child pid {pid:number} exit signal {signal:text} ('],
            unless: ['terminated', 'hangup', 'killed'],
            severity: 'medium',
            subject: '=httpd',
            title: facts => _('{subject} crashed', facts),
        },
        {
            kind: 'panic',
            from: 'kernel',
            lines: [
                'Kernel panic - not syncing: {reason:text}',
                'Kernel panic: {reason:text}',
                'kernel panic',
                'Attempted to kill init!',
                '^(XEN) Panic on CPU {}:',
                'VFS: Unable to mount root fs on {device}',
                'not syncing: {reason:text}',
                '---[ end Kernel panic',
                'Fatal exception in interrupt',
                'Fatal exception',
            ],
            unless: ['panic_on', 'rebooting in', 'on kernel panic', 'achine check', 'adapter kernel panic'],
            severity: 'critical',
            subject: '=kernel',
            title: () => _('The kernel stopped the computer'),
            cause: () => _('The kernel came upon something that it could not go on from.'),
        },
        {
            ...oddity,
            lines: [
                // Of lockdep and RCU (kernel/locking/lockdep.c), which say what might go wrong, and of UBSAN.
                'possible circular locking dependency detected',
                'INFO: possible recursive locking detected',
                '^[ BUG: {detail:text}',
                '^BUG: key {} has not been registered',
                'suspicious RCU usage',
                'suspicious rcu_dereference_check() usage',
                'Voluntary context switch within RCU read-side critical section',
                'inconsistent lock state',
                'lock inversion dependency detected',
                'bad unlock balance detected',
                'lock order detected',
                'DEBUG_LOCKS_WARN_ON',
                'UBSAN: {detail:text}',
                // Of lib/debugobjects.c, lib/refcount.c, fs/sysfs/dir.c, lib/kobject.c and ASSERT_RTNL() of net/core.
                'ODEBUG: {}',
                'refcount_t: {detail:text}; leaking memory',
                'sysfs: cannot create duplicate filename',
                'kobject_add_internal failed for {name}',
                'RTNL: assertion failed at {place}',
                'memcpy: detected field-spanning write',
            ],
            unless: ['odebug: out of memory', 'selftest'],
        },
        {
            kind: 'kernel',
            from: 'kernel',
            lines: [
                'BUG: unable to handle kernel {detail:text}',
                'BUG: unable to handle page fault for address: {address}',
                'BUG: kernel NULL pointer dereference, address: {address}',
                'Unable to handle kernel NULL pointer dereference {detail:text}',
                'Unable to handle kernel paging request {detail:text}',
                'Unable to handle kernel {detail:text}',
                'Internal error: Oops',
                'Internal error: {detail:text} [#{number}]',
                'kernel BUG at {place}',
                'scheduling while atomic',
                'Bad page state',
                'Bad pte = ',
                'slab error in ',
                'double free detected in',
                'cache_from_obj: Wrong slab cache',
                '^CFI failure {detail:text}',
                'skb_over_panic: ',
                'skb_under_panic: ',
                'brelse: Trying to free free buffer',
                'Scheduling in interrupt',
                "Can't free all objects",
                'kfree_debugcheck: bad ptr',
                'invalid operand: ',
                'do_IRQ: stack overflow',
                'kernel stack overflow',
                'BUG: scheduling while atomic: {program}',
                'BUG: sleeping function called from invalid context',
                'BUG: Bad page state in process {program}',
                'BUG: Bad page map in process {program}',
                'BUG: Bad rss-counter state',
                'Bad page state in process',
                'Bad page map in process',
                'BUG: KASAN: {detail:text}',
                'BUG: KFENCE: {detail:text}',
                'BUG: KCSAN',
                'BUG: corrupted list',
                'Unhandled fault: {detail:text}',
                'kernel tried to execute {} page',
                'BUG: Kernel NULL pointer dereference',
                'PANIC: double fault',
                'BUG: spinlock {detail:text}',
                'BUG: using smp_processor_id() in preemptible',
                'BUG: workqueue leaked lock',
                'BUG: {}stack guard page was hit',
                'BUG {cache} ({}): {detail:text}',
                'Oops: {code:number} [#{number}]',
                'Oops[#{number}]',
                '^Oops: {detail:text}',
                ' Oops: {detail:text}',
                'general protection fault: {code:number} [#',
                'general protection fault, {detail:text}',
                'general protection fault: {detail:text}',
                'invalid opcode: {code:number} [#',
                'double fault: {code:number}',
                'divide error: {code:number} [#',
                'stack segment: {code:number} [#',
                'stack-protector: Kernel stack is corrupted',
                'list_add corruption',
                'list_del corruption',
                'slab error in {detail:text}',
                'refcount_t: {}underflow; use-after-free',
                'refcount_t: {detail:text}; use-after-free',
                'usercopy: Kernel memory {detail:text} attempt detected',
                'Badness in {place}',
                'Badness at {place}',
                'Assertion failure in {place}',
                'kernel assertion failed',
                'ASSERTION({detail:text}) failed',
                'assertion failed',
                'hit ASSERT condition',
                'LBUG',
                'kernel unaligned access',
                'Kernel bug detected',
                'Machine restart requested by panic',
                'Eeek! page_mapcount(page) went negative',
                'Aiee, killing interrupt handler',
                'Insufficient stack space to handle exception',
                'Fixing recursive fault but reboot is needed',
                '^BUG: {detail:text}',
                'BUG {}: Objects remaining',
                '^PANIC at {place}',
                '^PANIC: {detail:text}',
                // Of ZFS.
                ...['0', '3', '3U', '3S', '3P', '3B'].map(which => `^VERIFY${which}({detail:text}) failed`),
            ],
            unless: [
                'no debug',
                'never ',
                'lustreerror: dumping',
                'nvrm',
                'panic: zfs',
                // Of the family “runaway”.
                'bug: soft lockup',
                'bug: workqueue lockup',
            ],
            severity: 'high',
            subject: '=kernel',
            title: () => _('The kernel made a mistake and may be unstable'),
            cause: () =>
                _(
                    'Save your work and restart. If it comes back, an update of the kernel or a driver is at fault, or the memory.',
                ),
        },
        {
            ...oddity,
            lines: [
                'WARNING: CPU: {cpu:number} PID: {pid:number} at {place}',
                'WARNING: at {place}',
                'WARNING: {place} at {function}',
            ],
        },
    ],
};

/** Programs that run others, which are called by what they run. */
const interpreter = /^(?:python|perl|ruby|node|lua|php|java|mono|gjs|wine|electron|[bdz]?a?sh$)/;

/** What the kernel calls it in its own line of the same crash, unless that is the name of a thread, such as "GeckoMain". */
function nameOfDumped({ program = '', executable = '' }: Captures): string {
    const name = baseName(bare(program)) || 'program';
    const file = baseName(executable);
    return file === '' || file.startsWith(name) || interpreter.test(file) ? name : file;
}

/** The kernel keeps the beginning of a program's name only (TASK_COMM_LEN in include/linux/sched.h). */
function withFullName(facts: Captures): Captures {
    const name = baseName(facts.executable ?? '');
    return facts.subject !== undefined && name.startsWith(facts.subject) ? { ...facts, subject: name } : facts;
}

function causeOfSignal(facts: Captures): string {
    const values = withFullName(facts);
    const { signalName = '' } = facts;
    switch (signalName) {
        case 'SIGSEGV':
        case 'SIGBUS':
            return _('{subject} used memory that is not its own, and was ended ({signalName}).', values);
        case 'SIGABRT':
        case 'SIGTRAP':
            return _('{subject} found that something was wrong with itself, and gave up ({signalName}).', values);
        default:
            return _('The program {subject} made a mistake that it could not go on from, and was ended.', values);
    }
}
