import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily } from '../fault.ts';
import { bare } from '../subjects.ts';

/** The words are those of kernel/{hung_task,watchdog}.c, kernel/rcu/tree_stall.h, kernel/workqueue.c and kernel/time in Linux. */
export const runaway: FaultFamily = {
    name: 'runaway',
    title: 'Hanging or runaway program',
    about: 'A program or the kernel hangs, waits for something that does not come, or keeps a processor to itself.',
    harmless: [
        {
            from: 'kernel',
            lines: [
                'hung_task_timeout_secs',
                'NMI watchdog: disabled',
                'Shutting down hard lockup detector',
                'rcu: {}RCU calculated value',
                'rcu: {}Hierarchical RCU implementation',
                'watchdog: Delayed init',
                'Future hung task reports are suppressed',
                'softdog: initialized',
                'Watchdog timer: initialized',
            ],
        },
    ],
    rules: [
        {
            kind: 'hung-task',
            from: 'kernel',
            lines: [
                'INFO: task {program:text}:{pid:number} blocked for more than {seconds:number} seconds',
                'task {program:text}:{pid:number} blocked for more than {seconds:number} seconds',
                'task {program}:{pid:number} blocked in I/O wait for more than',
                'INFO: task {program:text} blocked for more than {seconds:number} seconds',
                'khungtaskd: {}',
                'hung_task: blocked tasks',
            ],
            severity: 'high',
            // The kernel looks at all of them every two minutes.
            oneCause: true,
            // Names of the kernel's own threads have colons, too.
            subject: ({ program = '' }) => bare(program.replace(/:\d{1,10}$/, '')) || 'program',
            title: facts => _('{subject} hangs', facts),
            cause: facts =>
                _('The program {subject} waits for a disk, a network share or the kernel, and gets no answer.', facts),
        },
        {
            kind: 'lockup',
            from: 'kernel',
            lines: [
                'BUG: soft lockup - CPU#{cpu:number} stuck for {seconds}! [{program}',
                'BUG: soft lockup - CPU#{cpu:number} stuck for {seconds}',
                'BUG: soft lockup detected on CPU#{cpu:number}',
                'soft lockup - CPU#{cpu:number} stuck',
                'watchdog: CPU{cpu:number}: Watchdog detected hard LOCKUP',
                'Watchdog detected hard LOCKUP on cpu {cpu:number}',
                'NMI watchdog: {}LOCKUP',
                'NMI Watchdog detected LOCKUP on CPU{cpu:number}',
                'NMI Watchdog detected LOCKUP',
                'hard LOCKUP',
                'rcu: INFO: {} self-detected stall on CPU',
                'rcu: INFO: {} detected stalls on CPUs/tasks',
                'INFO: rcu_{} self-detected stall on CPU',
                'detected stall on CPU',
                'INFO: rcu_{} detected stalls',
                'INFO: rcu_{} detected expedited stalls',
                'self-detected stall on CPU',
                'detected stalls on CPUs',
                'rcu: {}kthread starved for {}',
                'kthread starved for {} jiffies',
                'kthread timer wakeup didn',
                'BUG: workqueue lockup - pool',
                'workqueue: {function} hogged CPU for',
                'CSD: Detected non-responsive CSD lock',
                'sched: RT throttling activated',
                'watchdog: initiating system reboot',
                'watchdog: {}did not stop!',
                'clocksource: timekeeping watchdog on CPU{}: {}hung',
            ],
            unless: ['hogged cpu for', 'rt throttling', 'did not stop'],
            severity: 'high',
            subject: '=processor',
            title: () => _('A processor was stuck'),
            cause: () => _('A part of the kernel kept a processor to itself, so that the computer seemed frozen.'),
        },
    ],
};
