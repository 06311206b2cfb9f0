import { toEvidence } from '../detection/evidence.ts';
import type { OrderedEvidence } from '../detection/recentLines.ts';
import type { OwnLines } from '../faults/unit/rules.ts';
import type { UnitRecord } from '../faults/unit/run.ts';
import { writerOf } from '../detection/writer.ts';
import { isNamedAfter } from '../model/unitName.ts';
import { safeText } from '../text/sanitise.ts';
import type { TextLogEntry } from './textLogEntry.ts';

const linesKept = 16;
const nearLines = 3;

/** Plain text does not name the unit of a line, so the last lines, and some more, are kept for whatever fails next. */
export class ProgramLines implements OwnLines {
    /** Still unread. */
    #entries: TextLogEntry[] = [];

    add(entry: TextLogEntry): void {
        // Not for each line, as removing the first element of an array is expensive.
        if (this.#entries.length >= 4 * linesKept) this.#entries = this.#entries.slice(1 - linesKept);
        this.#entries.push(entry);
    }

    /**
     * The lines that a program probably wrote just before the manager reported its unit: those of a program with a name like
     * the unit's, or otherwise those of the one process that wrote last.
     */
    of({ name, run }: UnitRecord): OrderedEvidence[] {
        const lines = this.#entries.slice(-linesKept).filter(entry => writerOf(entry, null).kind === 'other');
        const named = lines.filter(entry => isNamedAfter(identifierOf(entry), name));
        if (named.length > 0) return named.map(toOrdered);
        const last = lines.at(-1);
        const before = run.managerLines.firstLine;
        const isNear = before !== null && (last?.line ?? 0) >= before - nearLines;
        if (last === undefined || identifierOf(last) === '' || !isNear) return [];
        const other = lines.findLastIndex(entry => !isOfSameProcess(entry, last));
        return lines.slice(other + 1).map(toOrdered);
    }

    /** Lines after the last report about the previous run may belong to this one. */
    begin({ run }: UnitRecord): void {
        const until = run.managerLines.lastLine;
        if (until === null) this.#entries.length = 0;
        else if ((this.#entries[0]?.line ?? Infinity) <= until)
            this.#entries = this.#entries.slice(-linesKept).filter(({ line }) => line > until);
    }
}

function identifierOf(entry: TextLogEntry): string {
    return entry.field('SYSLOG_IDENTIFIER') ?? '';
}

function isOfSameProcess(one: TextLogEntry, other: TextLogEntry): boolean {
    return identifierOf(one) === identifierOf(other) && one.field('SYSLOG_PID') === other.field('SYSLOG_PID');
}

function toOrdered(entry: TextLogEntry): OrderedEvidence {
    return { order: entry.line, evidence: toEvidence(entry, safeText(identifierOf(entry), 256)) };
}
