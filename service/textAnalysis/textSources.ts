import { auditOnly, none, programName, sourcesNamed, sourcesOfKernel } from '../detection/programs.ts';
import type { Source } from '../detection/programs.ts';
import type { LogEntry } from '../journal/logEntry.ts';

/** Names of the kernel in the logs of klogd, syslog-ng and other systems. */
const kernelNames = new Set(['kernel', 'kern', 'klogd', 'vmunix', 'unix', 'printk']);

/** The sources that a line of text may be attributed to; null when it does not say, and may be from any. */
export function sourcesOfText(entry: LogEntry): ReadonlySet<Source> | null {
    const identifier = entry.field('SYSLOG_IDENTIFIER');
    // A line of audit.log begins with its kind.
    if (identifier === null) return /^type=[A-Z_\d]{2,32} msg=audit\(/.test(entry.message()) ? auditOnly : null;
    const name = programName(identifier);
    return kernelNames.has(name) ? sourcesOfKernel(entry) : (sourcesNamed(name) ?? none);
}

/** Whether the program in a line of text is unknown, so that only rules for anybody apply to it. */
export function isStranger(identifier: string): boolean {
    const name = programName(identifier);
    return !kernelNames.has(name) && sourcesNamed(name) === null;
}
