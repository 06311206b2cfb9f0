import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily, UnitOfProcess } from '../fault.ts';
import { bare } from '../subjects.ts';
import type { Captures } from '../linePattern.ts';

/** The words are those of mm/oom_kill.c and mm/page_alloc.c in Linux, src/oom in systemd, and earlyoom's kill.c. */
export const memory: FaultFamily = {
    name: 'memory',
    title: 'Out of memory',
    about: 'Memory ran out, and a program was ended or did not get what it asked for.',
    harmless: [
        {
            from: 'kernel',
            lines: [
                'Memory: {}available',
                'Out of memory: Reserved',
                'oom_reaper: reaped process',
                'Swap cache stats:',
                'Committing memory',
                'enabled, oom_score_adj',
                'vm.overcommit_memory',
                'oom_score_adj to',
                'systemd-oomd',
            ],
            unless: ['killed'],
        },
        { from: 'memory', lines: ['Swap is currently not detected', 'mem avail:', 'Monitoring {}'], unless: ['kill'] },
    ],
    rules: [
        {
            kind: 'panic',
            from: 'kernel',
            lines: [
                'Out of memory and no killable processes',
                'System is deadlocked on memory',
                'Out of memory: compulsory panic_on_oom is enabled',
            ],
            severity: 'critical',
            subject: '=memory',
            title: () => _('Memory ran out, and the computer stopped'),
        },
        {
            kind: 'killed-in-group',
            from: 'kernel',
            lines: [
                'Memory cgroup out of memory: Killed process {pid:number} ({program:text}) total-vm',
                'Memory cgroup out of memory: Killed process {pid:number} ({program:text})',
                'Memory cgroup out of memory: Kill process {pid:number} ({program:text}) score',
                'oom-kill:constraint=CONSTRAINT_MEMCG,{}task_memcg={group},task={program:text},pid={pid:number},',
            ],
            ofUnit: 'reason',
            unit: unitOf,
            severity: 'medium',
            subject: 'program',
            title: facts => _('{subject} was ended because it used all the memory that its group may use', facts),
            cause: () => _('The service or container that it belongs to has a limit on memory, and reached it.'),
        },
        {
            kind: 'killed',
            from: 'kernel',
            lines: [
                'Out of memory: Killed process {pid:number} ({program:text}) total-vm',
                'Out of memory: Killed process {pid:number} ({program:text})',
                'Out of memory: Killed process {pid:number} {program}',
                'Out of memory: Kill process {pid:number} ({program:text}) score',
                'Out of memory (oom_kill_allocating_task): Killed process {pid:number} ({program:text})',
                'Out of memory: kill process {pid:number} ({program:text})',
                '^Killed process {pid:number} ({program:text}) total-vm',
                '^Killed process {pid:number}, UID {}, ({program:text}) total-vm',
                '^Killed process {pid:number} ({program:text}) vsz',
                '^Killed process {pid:number} ({program:text})',
                'oom-kill:{}task_memcg={group},task={program:text},pid={pid:number},',
                'oom-kill:{}task={program},pid={pid:number}',
                'VM: killing process {program}',
            ],
            ofUnit: 'cause',
            unit: unitOf,
            severity: 'high',
            subject: ({ program = '' }) => bare(program),
            title: facts => _('{subject} was ended because memory ran out', facts),
            cause: facts =>
                _('The computer had no memory left, and the kernel ended {subject}, which used the most.', facts),
        },
        {
            kind: 'killed-by-daemon',
            from: ['memory', 'manager'],
            lines: [
                'Killed {unit} due to memory used ({}',
                'Killed {unit} due to memory pressure for',
                'Marked {unit} for killing',
                'sending SIGTERM to process {pid:number} uid {} "{program:text}"',
                'sending SIGKILL to process {pid:number} uid {} "{program:text}"',
                'sending SIGTERM to process {pid:number} "{program:text}"',
            ],
            severity: 'high',
            subject: ({ unit = '', program = '' }) => program || unit.slice(unit.lastIndexOf('/') + 1),
            title: facts => _('{subject} was ended because memory ran out', facts),
            cause: facts =>
                _('Memory was so short that the computer became slow, and {subject} was ended to free some.', facts),
        },
        {
            kind: 'leads-up',
            from: 'kernel',
            lines: [
                '{program} invoked oom-killer: {}',
                '{program:text} invoked oom-killer',
                'oom-killer: gfp_mask=',
                'memory: usage {}, limit {}, failcnt',
                'killed as a result of limit of',
                'Kill process {pid:number} ({program:text}) score {} or sacrifice child',
                'Out of Memory: {}',
            ],
            leadsUp: true,
            severity: 'high',
            subject: 'program',
            title: () => _('Memory ran out'),
        },
        {
            kind: 'allocation-failed',
            from: 'kernel',
            lines: [
                '{program:text}: page allocation failure: order:{order:number}',
                '{program:text}: page allocation failure. order:{order:number}',
                '{program:text}: page allocation stalls for {}',
                '__alloc_pages: {}-order allocation failed',
                'SLUB: Unable to allocate memory on node',
                'SLAB: Unable to allocate memory on node',
                'vmap allocation for size {} failed',
                'fork: Cannot allocate memory',
                'Unable to allocate memory for',
                'swiotlb buffer is full',
                'out of vmalloc space',
                'swap_free: {}swap file entry',
                'Unused swap offset entry',
                'Bad swap offset entry',
                'Bad swap file entry',
                'Swap area shorter than signature indicates',
                'VM: do_try_to_free_pages failed',
                'vmap allocation failed',
                '{program:text}: vmalloc: allocation failure',
                'vmalloc error: size {}',
                'Unable to find swap-space signature',
                'failed to allocate memory',
                'could not allocate memory',
                'Cannot allocate memory',
                'Out of memory{}',
            ],
            unless: ['nvrm', '-fs error', 'aborting transaction'],
            severity: 'medium',
            subject: ({ program = '' }) => bare(program.split(' ').at(-1) ?? '') || 'memory',
            title: () => _('The kernel did not get memory that it needed'),
        },
    ],
};

/**
 * By the control group that mem_cgroup_print_oom_context() of mm/memcontrol.c names: those of systemd's own units are below slices, those of a
 * user's manager below user@UID.service (systemd.slice(5), user@.service(5)). What is deeper is the unit's own affair.
 */
function unitOf({ group = '' }: Captures): UnitOfProcess | null {
    const [user, uid, inner] = /^\/user\.slice\/user-\d+\.slice\/user@(\d+)\.service\/(.*)$/.exec(group) ?? [];
    const parts = (user === undefined ? group.slice(1) : (inner ?? '')).split('/');
    const name = parts.find(part => !part.endsWith('.slice'));
    if (name === undefined) return null;
    return user === undefined ? { scope: 'system', name } : { scope: 'user', name, uid: Number(uid) };
}
