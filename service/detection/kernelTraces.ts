import type { LogEntry } from '../journal/logEntry.ts';
import type { Finding } from '../model/incident.ts';
import { toEvidence } from './evidence.ts';
import { isInBurst, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import { nothing } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** A trace with its registers is shorter. */
const longestTrace = 100;
/** The first functions are where it happened; those below them called them. */
const modulesKept = 3;

/** The module of a function, perhaps with its build ID (printk_stack_address() in Linux), and that of a worker's job. */
const ofModule = /\+0x[\da-f]{1,8}\/0x[\da-f]{1,8} \[(\w{1,56})|^Workqueue: \S{1,64} .{1,128}\[(\w{1,56})\]\s*$/;

/** Where the kernel was when it reported something: the trace after the report names modules, which are drivers and filesystems. */
export class KernelTraces {
    #report: (Moment & { finding: Finding; entries: number; modules: string[] }) | null = null;

    /** @param finding that the entry reports */
    begin(finding: Finding, entry: LogEntry): void {
        this.#report = { finding, entries: 0, modules: [], ...momentOf(entry) };
    }

    /** @returns the same finding with what the next line of its trace adds */
    read(entry: LogEntry, isOfKernel: () => boolean): readonly Verdict[] {
        const report = this.#report;
        if (report === null || !isOfKernel()) return nothing;
        report.entries += 1;
        const { finding, modules } = report;
        const [, ofFunction, ofWork] = ofModule.exec(entry.message()) ?? [];
        const module = ofFunction ?? ofWork;
        const isNew = module !== undefined && !modules.includes(module);
        if (isNew) modules.push(module);
        if (report.entries >= longestTrace || modules.length >= modulesKept || !isInBurst(report, entry))
            this.#report = null;
        if (!isNew) return nothing;
        const facts = { ...finding.facts, modules: modules.join(' ') };
        return [{ finding: { ...finding, facts, evidence: [toEvidence(entry, 'kernel')] } }];
    }
}
