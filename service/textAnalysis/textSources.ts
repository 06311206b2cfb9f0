import { auditOnly, none, programName, sourcesNamed, sourcesOfKernel } from '../detection/programs.ts';
import type { Source } from '../detection/programs.ts';
import type { LogEntry } from '../journal/logEntry.ts';

/** What the kernel is called in the logs of klogd, syslog-ng and other systems. */
const kernelNames = new Set(['kernel', 'kern', 'klogd', 'vmunix', 'unix', 'printk']);

/** The sources that a line of text may be taken to come from; null when it does not say, and may be of any. */
export function sourcesOfText(entry: LogEntry): ReadonlySet<Source> | null {
    const identifier = entry.field('SYSLOG_IDENTIFIER');
    // A line of audit.log begins with its kind.
    if (identifier === null) return /^type=[A-Z_\d]{2,32} msg=audit\(/.test(entry.message()) ? auditOnly : null;
    const name = programName(identifier);
    return kernelNames.has(name) ? sourcesOfKernel(entry) : (sourcesNamed(name) ?? none);
}

/** Whether nothing is known of a program that a line of text names, so that nothing is believed of it but what anybody may say. */
export function isStranger(identifier: string): boolean {
    const name = programName(identifier);
    return !kernelNames.has(name) && sourcesNamed(name) === null;
}
