import type { Finding } from '../model/incident.ts';
import { scope } from '../model/incident.ts';
import type { Facts } from '../model/facts.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import type { Scope } from '../model/unit.ts';

/** A change that is a fault in itself. Its own summary is the title. */
export type ReportedFault<Kind extends string = string> = Pick<Finding, 'severity'> & {
    kind: Kind;
    /** The scope if the entry does not name one; by default the system's. */
    scope?: Scope;
    /** Without facts it documents the fault. */
    cause: (facts: Facts) => string;
    /** The subject under which log lines report the same fault; by default the entry's own subject. */
    subject?: (entry: TimelineEntry) => string;
    /** Subject of the fault that it is part of, if there is one. */
    rootCause?: (entry: TimelineEntry) => string | null;
};

/** The changes that are faults of a family, by source and event, such as "zone zone-missing". */
export type ReportedFaults<Kind extends string = string> = Readonly<Record<`${string} ${string}`, ReportedFault<Kind>>>;

export type FaultOfChange = (entry: TimelineEntry) => Finding | null;

/** Finds the fault that a timeline entry reports; null for an ordinary change. */
export function faultsOfChanges(
    families: readonly { readonly name: string; readonly changes?: ReportedFaults }[],
): FaultOfChange {
    const faults = new Map(
        families.flatMap(({ name, changes = {} }) =>
            Object.entries(changes).map(([key, fault]) => [key, { ...fault, family: name }] as const),
        ),
    );
    return entry => {
        const fault = faults.get(`${entry.source} ${entry.event}`);
        if (fault === undefined) return null;
        const { id, time, subject, summary, detail, facts } = entry;
        const { family, kind, severity } = fault;
        const message = detail === '' ? summary : `${summary}\n${detail}`.slice(0, 2048);
        return {
            family,
            kind,
            severity,
            scope: scope.safeParse(facts.scope).data ?? fault.scope ?? 'system',
            subject: fault.subject?.(entry) ?? subject,
            title: summary,
            cause: fault.cause(facts),
            time,
            occurrence: `timeline ${id}`,
            evidence: [{ source: 'system', time, origin: subject, message, cursor: null, line: null }],
            rootCause: fault.rootCause?.(entry) ?? null,
            facts,
        };
    };
}
