import type { Assessment, Verdict } from '../detection/verdict.ts';
import { unitPlacement } from '../faults/unit/placement.ts';
import { unitsOf } from '../incidents/family.ts';
import { isOfProcess, placeFinding, withEvidenceOf } from '../incidents/merge.ts';
import type { IncidentDraft } from '../incidents/merge.ts';
import { isLocal, severities } from '../model/incident.ts';

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
export class Analysis<Entry> {
    /** How many entries were analysed. */
    entries = 0;
    readonly #detector: EntryDetector<Entry>;
    readonly #incidents = new Map<string, IncidentDraft>();

    constructor(detector: EntryDetector<Entry>) {
        this.#detector = detector;
    }

    feed(entry: Entry): void {
        this.entries += 1;
        const verdicts = this.#detector.feed(entry);
        for (const { occurrence } of this.#detector.assessment?.ordinary ?? []) this.#withdraw(occurrence);
        for (const verdict of verdicts) {
            // Nothing can be confirmed for a finished log.
            if (!('finding' in verdict) || verdict.isUnconfirmed) continue;
            const placement = placeFinding<IncidentDraft>(
                verdict.finding,
                {
                    ...unitsOf([unitPlacement]),
                    root: (scope, subject) =>
                        Array.from(this.#incidents.values()).find(
                            known => known.scope === scope && known.subject === subject,
                        ),
                    latest: subject => this.#incidents.get(key(subject)),
                    process: (family, pids) =>
                        Array.from(this.#incidents.values()).findLast(
                            known => known.family === family && isOfProcess(known.facts, pids),
                        ),
                    reportedBy: (scope, unit) =>
                        Array.from(this.#incidents.values()).findLast(
                            ({ scope: known, facts }) =>
                                known === scope && (facts.reasonOf === unit || facts.causeOf === unit),
                        ),
                },
                0,
            );
            if (placement === null) continue;
            const { before, after, absorbed } = placement;
            if (absorbed !== undefined) this.#incidents.delete(key(absorbed));
            if (before !== null && key(before) !== key(after)) this.#incidents.delete(key(before));
            this.#incidents.set(key(after), after);
        }
    }

    /** Removes an occurrence that turned out to be no fault. If its incident has others, only the count decreases. */
    #withdraw(occurrence: string): void {
        for (const [name, incident] of this.#incidents) {
            if (incident.occurrence !== occurrence) continue;
            if (incident.count === 1) this.#incidents.delete(name);
            else this.#incidents.set(name, { ...incident, count: incident.count - 1 });
        }
    }

    /** The most severe first, and among those the first that began. Times that no entry has are 0. */
    incidents(): IncidentDraft[] {
        return mostSevereFirst(this.#joined());
    }

    /** Common words about a device that a rule reports, too, are signs of that fault. */
    #joined(): IncidentDraft[] {
        const joined = new Map(this.#incidents);
        for (const [name, vague] of this.#incidents) {
            if (!isVague(vague)) continue;
            const known = Array.from(joined.values()).find(
                other => !isVague(other) && [other.subject, ...other.affected].includes(vague.subject),
            );
            if (known === undefined) continue;
            joined.set(key(known), withEvidenceOf(known, vague)).delete(name);
        }
        return Array.from(joined.values());
    }
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

function key({ family, scope, subject }: Pick<IncidentDraft, 'family' | 'scope' | 'subject'>): string {
    return `${family} ${scope} ${subject}`;
}
