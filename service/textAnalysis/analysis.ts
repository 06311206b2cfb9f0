import { burstWindow } from '../detection/moment.ts';
import { programName } from '../detection/programs.ts';
import type { Assessment, Clearing, Verdict } from '../detection/verdict.ts';
import { unitPlacement } from '../faults/unit/placement.ts';
import { PossibleCauses, relationOf, reportSameFile } from '../incidents/causes.ts';
import { unitsOf } from '../incidents/family.ts';
import { openIncident, placeFinding, withEvidenceOf, withoutOccurrences } from '../incidents/merge.ts';
import type { IncidentDraft, Lookup } from '../incidents/merge.ts';
import type { LogEntry } from '../journal/logEntry.ts';
import { isLocal, severities } from '../model/incident.ts';
import { isNamedAfter } from '../model/unitName.ts';
import { isExcerpt } from './excerpt.ts';
import { FoundIncidents, keyOf } from './foundIncidents.ts';

/** Of a log without times: a burst has this many lines at most (service/detection/moment.ts). Microseconds. */
const timePerLine = 250_000;
/** What is before this is no date, but counts from the boot or the first line: 1973, in microseconds. */
const firstDate = 1e14;

/** Kinds of failures of a unit that a restart does not make good: its data may be lost. */
const isLasting: ReadonlySet<string> = new Set(['core-dump', 'signal', 'oom-kill', 'watchdog', 'start-limit']);

/** `Detector` or `TextDetector`, or one of local rules. */
export interface EntryDetector<Entry> {
    feed(entry: Entry): readonly Verdict[];
    /** The meaning of the last entry. */
    readonly assessment: Assessment | null;
}

/**
 * Finds the incidents in a finished log: the detection and merging of the live service, without its memory. A fault that went
 * away later in the log is an incident all the same.
 */
export class Analysis<Entry extends LogEntry> {
    /** How many entries were analysed. */
    entries = 0;
    /** How many of them sound like a fault, and what the last one says. */
    #reports = 0;
    #lastReport: string | null = null;
    readonly #detector: EntryDetector<Entry>;
    readonly #incidents = new FoundIncidents();
    /** What only signs report: evidence for others. */
    readonly #signs = new Map<string, IncidentDraft>();
    /** Units that systemd restarted after their last failure. */
    readonly #restarted = new Set<string>();
    /** The keys of those that more than hints report. */
    readonly #certain = new Set<string>();
    readonly #lookup: Lookup<IncidentDraft> = {
        ...unitsOf([unitPlacement]),
        root: (scope, subject) => this.#incidents.about(scope, subject),
        affecting: (scope, subject) => this.#incidents.affecting(scope, subject),
        latest: subject => this.#incidents.get(subject),
        process: (family, pids) => this.#incidents.ofProcess(family, pids),
        reportedBy: (scope, unit) => this.#incidents.reportedBy(scope, unit),
        // Nothing is known of changes.
        blamedOn: () => undefined,
        near: (since, until) => this.#incidents.near(since, until),
        possibleCauses: new PossibleCauses(),
    };
    /** The time of the last entry that has one, by the log's own clock. */
    #clock: number | null = null;

    constructor(detector: EntryDetector<Entry>) {
        this.#detector = detector;
    }

    feed(entry: Entry): void {
        this.entries += 1;
        const verdicts = this.#detector.feed(entry);
        const { assessment } = this.#detector;
        if (assessment?.actionable) this.#countReport(entry.message());
        if (assessment?.ordinary !== undefined) {
            this.#withdraw(new Set(assessment.ordinary.map(({ occurrence }) => occurrence)));
            this.#withdrawSigns(new Set(assessment.ordinary.map(({ line }) => line)));
        }
        for (const verdict of verdicts) {
            if ('cleared' in verdict) this.#clear(verdict.cleared);
            else this.#restarted.delete(keyOf(verdict.finding));
            // Nothing can be confirmed for a finished log.
            if (!('finding' in verdict) || verdict.isUnconfirmed) continue;
            const now = this.#momentOf(entry);
            const placement = placeFinding(verdict.finding, this.#lookup, now, verdict);
            if (placement === null) {
                if (verdict.isSign) this.#keepSign(openIncident(verdict.finding, now));
                continue;
            }
            const { before, after, absorbed = [] } = placement;
            for (const part of absorbed) this.#incidents.delete(part);
            if (before !== null && keyOf(before) !== keyOf(after)) this.#incidents.delete(before);
            this.#incidents.set(after);
            if (verdict.finding.facts.hint === undefined) this.#certain.add(keyOf(after));
        }
    }

    #countReport(message: string): void {
        if (message !== this.#lastReport) this.#reports += 1;
        this.#lastReport = message;
    }

    #clear({ family, scope, subject, restarted }: Clearing): void {
        if (restarted) this.#restarted.add(keyOf({ family, scope, subject }));
    }

    #keepSign(sign: IncidentDraft): void {
        const known = this.#signs.get(keyOf(sign));
        this.#signs.set(keyOf(sign), known === undefined ? sign : withEvidenceOf(known, sign));
    }

    /** Stands in for the time of a finding without one, so that it can be told what is near. */
    #momentOf(entry: Entry): number {
        this.#clock = entry.clock() ?? this.#clock;
        return this.#clock ?? (entry.line ?? 0) * timePerLine;
    }

    /** Removes occurrences that turned out to be no fault. */
    #withdraw(ordinary: ReadonlySet<string>): void {
        for (const [, incident] of this.#incidents.entries()) {
            if (isLocal(incident)) continue;
            const after = withoutOccurrences(incident, ordinary);
            if (after === null) this.#incidents.delete(incident);
            else if (after !== incident) this.#incidents.set(after);
        }
    }

    #withdrawSigns(lines: ReadonlySet<number | null>): void {
        for (const [name, sign] of this.#signs) {
            const evidence = sign.evidence.filter(({ line }) => !lines.has(line));
            if (evidence.length === 0) this.#signs.delete(name);
            else this.#signs.set(name, { ...sign, evidence });
        }
    }

    /** The most severe first, and among those the first that began. Times that no entry has are 0. */
    incidents(): IncidentDraft[] {
        const known = (time: number) => (time < firstDate ? 0 : time);
        return mostSevereFirst(this.#joined()).map(incident => ({
            ...incident,
            firstSeen: known(incident.firstSeen),
            lastSeen: known(incident.lastSeen),
        }));
    }

    /** What only hints or common words report belongs to a fault that a rule knows, if there is one about the same or at once. */
    #joined(): IncidentDraft[] {
        const joined = new Map(this.#incidents.entries());
        for (const [name, vague] of this.#incidents.entries()) {
            if (this.#certain.has(name) && !isVague(vague)) continue;
            if (this.#join(vague, name, joined)) joined.delete(name);
        }
        const doSignsCount = isExcerpt(this.#reports, this.entries);
        if (!doSignsCount)
            for (const [name, incident] of joined)
                if (this.#restarted.has(name) && isRestartEnough(incident)) joined.delete(name);
        for (const [name, sign] of this.#signs) {
            const known = joined.get(name);
            if (known !== undefined) joined.set(name, withEvidenceOf(known, sign));
            else if (!this.#join(sign, name, joined) && doSignsCount) joined.set(name, sign);
        }
        return Array.from(joined.values());
    }

    #isExplained(vague: IncidentDraft, incident: IncidentDraft): boolean {
        const after = vague.firstSeen - incident.lastSeen;
        return relationOf(incident, vague, { unitFamily: this.#lookup.unitFamily, after }) !== null;
    }

    /** @returns whether there is a fault that it belongs to */
    #join(vague: IncidentDraft, name: string, joined: Map<string, IncidentDraft>): boolean {
        const others = Array.from(joined).filter(([other, incident]) => other !== name && !isVague(incident));
        const isSame = ([, incident]: [string, IncidentDraft]) => reportSameFile(incident, vague);
        const known =
            others.find(isSame) ??
            others.find(([other, incident]) => {
                if ([incident.subject, ...incident.affected].includes(vague.subject)) return true;
                if (this.#isExplained(vague, incident)) return true;
                return (this.#certain.has(other) || isFirst(incident, vague)) && belongsTo(vague, incident);
            });
        if (known === undefined) return false;
        joined.set(known[0], withEvidenceOf(known[1], vague));
        return true;
    }
}

/** Whether a hint is about what another incident reports at that time: in the same words, of that family, or of that program. */
function belongsTo(hint: IncidentDraft, { family, subject, evidence, firstSeen, lastSeen }: IncidentDraft): boolean {
    const lines = new Set(evidence.map(({ line }) => line));
    if (hint.evidence.some(({ line }) => line !== null && lines.has(line))) return true;
    const isOfProgram = isNamedAfter(hint.subject, subject) || isNamedAfter(originOf(hint), subject);
    // Of the family of everything else, two have nothing in common.
    if ((family !== hint.family || family === 'program') && !isOfProgram) return false;
    return hint.firstSeen - lastSeen <= burstWindow && firstSeen - hint.lastSeen <= burstWindow;
}

function originOf({ evidence }: IncidentDraft): string {
    return programName(evidence[0]?.origin ?? '');
}

function isFirst(one: IncidentDraft, other: IncidentDraft): boolean {
    return (one.evidence[0]?.line ?? 0) < (other.evidence[0]?.line ?? 0);
}

/** Whether nothing is left of a failure once systemd has restarted the unit. */
function isRestartEnough({ count, kind, affected }: IncidentDraft): boolean {
    return count < 3 && affected.length === 0 && !isLasting.has(kind);
}

export function mostSevereFirst(incidents: readonly IncidentDraft[]): IncidentDraft[] {
    return incidents.toSorted(
        (one, other) =>
            severities.indexOf(other.severity) - severities.indexOf(one.severity) || one.firstSeen - other.firstSeen,
    );
}

/** Faults that common words report about a device of another family. */
function isVague({ family, kind }: IncidentDraft): boolean {
    return kind === 'failure' && family !== 'program' && !isLocal({ family });
}
