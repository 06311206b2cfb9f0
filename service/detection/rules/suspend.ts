import { _ } from '../../i18n/i18n.ts';
import { parseTimespan } from '../../text/timespan.ts';
import type { FaultFamily } from '../fault.ts';
import { bare } from '../subjects.ts';

/** As long as the service manager waits for what does not come (DefaultTimeoutStartSec= of systemd-system.conf(5)). Seconds. */
const slowStart = 90;

/** The words are those of kernel/power, drivers/base/power/main.c and drivers/acpi/sleep.c in Linux, and systemd's src/sleep and src/login. */
export const suspend: FaultFamily = {
    name: 'suspend',
    title: 'Suspend, resume, shutdown',
    about: 'The computer does not go to sleep, does not wake up well, or takes too long to start or stop.',
    harmless: [
        {
            from: 'kernel',
            lines: [
                'Freezing user space processes ... (elapsed',
                'Freezing remaining freezable tasks',
                'PM: hibernation: Registered nosave memory',
            ],
            unless: ['failed'],
        },
        {
            from: 'kernel',
            lines: [
                'PM: suspend entry',
                'PM: suspend exit',
                'PM: hibernation: hibernation entry',
                'PM: hibernation: hibernation exit',
                // Before Linux 4.17.
                'PM: Syncing filesystems',
                'PM: Preparing system for',
                'PM: Finishing wakeup',
            ],
            unless: ['failed'],
            tells: 'sleep',
        },
    ],
    rules: [
        {
            kind: 'failed',
            oneSubject: true,
            from: 'kernel',
            lines: [
                'PM: Some devices failed to suspend, or early wake event detected',
                'Some devices failed to suspend',
                'PM: Some devices failed to power down',
                'PM: Device {device} failed to suspend: error {error}',
                'PM: Device {device} failed to suspend async: error',
                'PM: Device {device} failed to resume: error',
                'PM: Device {device} failed to resume async: error',
                'PM: Device {device} failed to freeze: error',
                'PM: Device {device} failed to thaw: error',
                'PM: Device {device} failed to restore: error',
                'Device {device} failed to resume: error',
                'PM: failed to suspend: error',
                '{device}: PM: failed to suspend: error',
                '{device}: PM: failed to suspend async: error',
                '{device}: PM: failed to suspend late: error',
                '{device}: PM: failed to suspend noirq: error',
                '{device}: PM: failed to resume async: error',
                '{device}: PM: failed to resume: error',
                '{device}: PM: failed to resume early: error',
                '{device}: PM: pci_pm_suspend(): {} returns -{}',
                'Freezing of tasks failed after {}',
                'Freezing user space processes failed after',
                'Freezing remaining freezable tasks failed',
                'tasks refusing to freeze',
                'PM: suspend of devices failed',
                'PM: hibernation: Image mismatch',
                'PM: Image mismatch',
                'PM: hibernation: {}failed',
                'PM: Cannot find swap device',
                'PM: hibernation: Not enough free memory',
                'ACPI: {}Failed to enter sleep state',
                '**** DPM device timeout ****',
                'unrecoverable failure of device suspend',
                'PM: resume of devices complete after {milliseconds:number}',
                'Failed to put system to sleep',
            ],
            unless: ['complete after'],
            severity: 'medium',
            subject: ({ device = '' }) => bare(device) || 'suspend',
            title: () => _('The computer could not go to sleep or wake up as it should'),
            cause: facts => (facts.device === undefined ? '' : _('The device {device} refused or failed.', facts)),
        },
        {
            // dpm_run_callback() of drivers/base/power/main.c tells of each device, of which the first is to blame.
            kind: 'failed',
            oneSubject: true,
            from: 'kernel',
            lines: [
                // Of a hint's words names of functions are no part.
                'PM: {}(): {} returns -',
                'PM: suspend of devices aborted',
                'PM: Cannot get swap writer',
            ],
            isHint: true,
            atStart: true,
            severity: 'low',
            subject: '=suspend',
            title: () => _('The computer could not go to sleep or wake up as it should'),
        },
        {
            kind: 'failed',
            oneSubject: true,
            from: ['sleep', 'manager'],
            lines: [
                'Failed to put system to sleep. System resumed again: {reason:text}',
                'Failed to put system to sleep',
                'Failed to suspend system',
                'Failed to start Suspend',
                'Failed to hibernate system',
                'Not enough suitable swap space for hibernation',
                'Suspend failed',
                'Hibernate failed',
                'Error during inhibitor-delayed operation',
                'Failed to find swap location',
            ],
            severity: 'medium',
            subject: '=suspend',
            title: () => _('The computer could not go to sleep or wake up as it should'),
        },
        {
            // manager_inhibit_timeout_handler() of src/login/logind-dbus.c in systemd.
            kind: 'inhibitor',
            from: 'sleep',
            lines: [
                'Delay lock is active (UID {uid:number}/{user}, PID {pid:number}/{program:text}) but inhibitor timeout is reached',
            ],
            // Once is a program that was busy.
            repeat: { times: 3, within: 86_400 },
            severity: 'low',
            subject: ({ program = '' }) => bare(program),
            title: facts => _('{subject} delays each sleep and shutdown', facts),
            cause: () => _('It asks for time to prepare for it, and does not say when it is done.'),
        },
        {
            // manager_notify_finished() of src/core/manager.c in systemd.
            kind: 'slow-start',
            from: 'manager',
            lines: ['Startup finished in {}(kernel) + {taken:text} (userspace) = {}'],
            when: ({ taken = '' }) => parseTimespan(taken.slice(taken.lastIndexOf('+') + 1)) >= slowStart,
            severity: 'low',
            subject: '=start',
            title: () => _('The computer took very long to start'),
            cause: () => _('A service or device was waited for that did not get ready.'),
        },
        {
            kind: 'shutdown',
            from: ['sleep', 'manager'],
            lines: [
                'Failed to unmount {path}: {reason:text}',
                'Could not unmount {path}',
                'Failed to finalize file systems',
                'Failed to wait for process',
                'Forcibly rebooting',
                'Waiting for process: {program}',
                'Syncing filesystems and block devices - timed out',
                'Unable to finalize remaining',
            ],
            unless: ['waiting for process', 'device or resource busy', '/oldroot', '/run'],
            severity: 'low',
            subject: ({ path = '' }) => bare(path) || 'shutdown',
            title: () => _('The computer did not shut down cleanly'),
        },
    ],
};
