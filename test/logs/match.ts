import type { Label, LabelledLog } from './labels.ts';

/** An incident, as `reeve analyze --text LOG --json` writes it. */
export type Reported = {
    family: string;
    kind: string;
    subject: string;
    severity: string;
    title: string;
    evidence: readonly { line: number | null; message: string }[];
};

/** A line, as `reeve analyze --text LOG --per-line --json` writes it. */
export type Verdict = { line: number; actionable: boolean; family: string | null; severity: string | null };

/** What an incident is, by the labels. */
export type Match = {
    incident: Reported;
    is: 'worth it' | 'duplicate' | 'optional' | 'wrong';
    /** The label that the incident is about; null for one that is optional or wrong. */
    label: Label | null;
    isSeverityRight: boolean;
    isFamilyRight: boolean;
};

export type LogScore = {
    name: string;
    lines: number;
    matches: readonly Match[];
    labels: readonly Label[];
    missed: readonly Label[];
    /** Lines taken for a fault that belong to no label. */
    wrongLines: readonly Verdict[];
    /** How many of the labels have a line that was taken for a fault. */
    labelsInLines: number;
};

export function scoreLog(
    { name, incidents: labels, optional }: Pick<LabelledLog, 'name' | 'incidents' | 'optional'>,
    incidents: readonly Reported[],
    verdicts: readonly Verdict[],
): LogScore {
    const placed = incidents.map(incident => placeAmong(labels, optional, incident));
    // Of several about one label, the one that shows the most of it is the incident that a person would read.
    const first = new Map<Label, Placed>();
    for (const one of placed) {
        if (one.label === null) continue;
        const known = first.get(one.label);
        if (known === undefined || one.common > known.common) first.set(one.label, one);
    }
    const matches = placed.map(one => ({
        ...one.match,
        is: one.label !== null && first.get(one.label) !== one ? ('duplicate' as const) : one.match.is,
    }));
    const flagged = verdicts.filter(({ actionable }) => actionable);
    return {
        name,
        lines: verdicts.length,
        matches,
        labels,
        missed: labels.filter(label => !first.has(label)),
        wrongLines: flagged.filter(({ line }) => ![...labels, ...optional].some(({ lines }) => lines.has(line))),
        labelsInLines: labels.filter(({ lines }) => flagged.some(({ line }) => lines.has(line))).length,
    };
}

type Placed = { match: Match; label: Label | null; common: number };

/** The label with the most lines among the evidence; of equals, one whose family is right, and one that is not optional. */
function placeAmong(labels: readonly Label[], optional: LabelledLog['optional'], incident: Reported): Placed {
    const shown = incident.evidence.map(({ line }) => line ?? 0);
    const [best] = [...labels, ...optional]
        .map(label => ({
            label,
            common: shown.filter(line => label.lines.has(line)).length,
            isFamilyRight: label.family?.includes(incident.family) ?? true,
            isSeverityRight: label.severity?.has(incident.severity) ?? true,
        }))
        .filter(({ common }) => common > 0)
        .toSorted((one, other) => other.common - one.common || Number(other.isFamilyRight) - Number(one.isFamilyRight));
    if (best === undefined) {
        const match: Match = { incident, is: 'wrong', label: null, isSeverityRight: false, isFamilyRight: false };
        return { match, label: null, common: 0 };
    }
    const { common, isFamilyRight, isSeverityRight } = best;
    const label = labels.find(one => one === best.label) ?? null;
    const is = label === null ? 'optional' : 'worth it';
    return { match: { incident, is, label, isSeverityRight, isFamilyRight }, label, common };
}

/** The sums of some logs; the shares are of 100, null where there is nothing to take a share of. */
export type Sums = {
    lines: number;
    reported: number;
    worthIt: number;
    duplicates: number;
    optional: number;
    wrong: number;
    labels: number;
    found: number;
    foundInLines: number;
    wrongLines: number;
    critical: Share;
    high: Share;
    severity: Share;
    family: Share;
};
export type Share = { right: number; of: number };

export function sumsOf(scores: readonly LogScore[]): Sums {
    const matches = scores.flatMap(score => score.matches);
    const worthIt = matches.filter(({ is }) => is === 'worth it');
    const sum = (of: (score: LogScore) => number) => scores.reduce((all, score) => all + of(score), 0);
    const count = (wanted: Match['is']) => matches.filter(({ is }) => is === wanted).length;
    const shareOf = (all: readonly Match[], isRight: (match: Match) => boolean): Share => ({
        right: all.filter(isRight).length,
        of: all.length,
    });
    const ofSeverity = (severity: string) =>
        shareOf(
            matches.filter(({ incident }) => incident.severity === severity),
            match => match.isSeverityRight,
        );
    return {
        lines: sum(({ lines }) => lines),
        reported: matches.length,
        worthIt: worthIt.length,
        duplicates: count('duplicate'),
        optional: count('optional'),
        wrong: count('wrong'),
        labels: sum(({ labels }) => labels.length),
        found: sum(({ labels, missed }) => labels.length - missed.length),
        foundInLines: sum(({ labelsInLines }) => labelsInLines),
        wrongLines: sum(({ wrongLines }) => wrongLines.length),
        critical: ofSeverity('critical'),
        high: ofSeverity('high'),
        severity: shareOf(worthIt, match => match.isSeverityRight),
        family: shareOf(worthIt, match => match.isFamilyRight),
    };
}
