import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily } from '../fault.ts';

/** The words are those of fs/file_table.c, kernel/cgroup/pids.c, net/core/neighbour.c and net/netfilter in Linux, and of strerror(3). */
export const limits: FaultFamily = {
    name: 'limits',
    title: 'A limit of the system was reached',
    about: 'Too many files, watches, processes or connections for what the system allows.',
    harmless: [],
    rules: [
        {
            // EMFILE of inotify_init(2): what ran out are the instances, not the watches, nor as a rule the open files.
            kind: 'inotify-instances',
            from: 'anybody',
            lines: [
                'Unable to create inotify {}: Too many',
                'Failed to allocate directory watch: Too many open files',
                'EMFILE: too many open files, watch',
            ],
            severity: 'low',
            subject: '=file watches',
            title: () => _('No more files can be watched for changes'),
            cause: () => _('The limit on programs that watch files (fs.inotify.max_user_instances) is reached.'),
        },
        {
            kind: 'open-files',
            from: ['kernel', 'anybody'],
            lines: [
                'VFS: file-max limit {limit:number} reached',
                'too many open files',
                'file-max limit {limit:number} reached',
                'accept4: too many open files',
            ],
            severity: 'medium',
            subject: '=open files',
            title: () => _('Too many files are open'),
            cause: () => _('A program, or all of them together, reached the limit on open files.'),
        },
        {
            kind: 'inotify',
            from: 'anybody',
            lines: [
                'inotify watch limit reached',
                'user limit on the total number of inotify watches was reached',
                'Failed to add {}watch for {}: No space left on device',
                'inotify_add_watch({}) failed: No space left on device',
                'Inotify watch limit',
            ],
            severity: 'low',
            subject: '=file watches',
            title: () => _('No more files can be watched for changes'),
            cause: () => _('The limit on watched files (fs.inotify.max_user_watches) is reached.'),
        },
        {
            kind: 'processes',
            from: ['kernel', 'anybody'],
            lines: [
                'cgroup: fork rejected by pids controller in {group}',
                'fork: Resource temporarily unavailable',
                'fork: retry: Resource temporarily unavailable',
                'pthread_create failed: Resource temporarily unavailable',
                'Cannot fork: Resource temporarily unavailable',
                'Maximum number of threads reached',
            ],
            severity: 'medium',
            subject: ({ group = '' }) => group || 'processes',
            title: () => _('No more processes may be started'),
            cause: () => _('A service or user reached the limit on processes.'),
        },
        {
            kind: 'connections',
            from: 'kernel',
            lines: [
                'nf_conntrack: table full, dropping packet',
                'ip_conntrack: table full, dropping packet',
                'nf_conntrack: nf_conntrack: table full',
                'neighbour: {} neighbor table overflow',
                'Neighbour table overflow',
                'TCP: out of memory',
                'TCP: too many orphaned sockets',
                'TCP: too many of orphaned sockets',
                'Out of socket memory',
                'possible SYN flooding on port {port:number}',
                'request_sock_TCP: Possible SYN flooding on port {port}',
                'TCP: time wait bucket table overflow',
            ],
            severity: 'medium',
            subject: '=connections',
            title: () => _('Too many network connections'),
            cause: () => _('The table of network connections is full, so new ones are dropped.'),
        },
    ],
};
