import { countsInJournals } from '../detection/faultRule.ts';
import type { FaultFamily, FaultRule, RuleText } from '../detection/faultRule.ts';
import type { ReportedFaults } from '../detection/changes.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';
import { wholeGuide } from '../diagnosis/guide.ts';
import { remediationFor } from '../diagnosis/reported.ts';
import type { Remediation } from '../diagnosis/remediation.ts';

/** A family with all its documentation. */
export type FamilyToDescribe = FaultFamily & DiagnosedFamily & { readonly changes?: ReportedFaults };

/** The documentation of a fault, for people; `facts` is light Markdown. */
export type FaultDescription = {
    kind: string;
    /** The change that reports it, where no line of a log does; empty otherwise. */
    event: string;
    title: string;
    severity: string;
    facts: readonly (readonly [name: string, text: string])[];
    fixes: readonly { action: string; explanation: string }[];
    /** The guided steps, with when each counts as done. */
    steps: readonly { text: string; seen: string }[];
    /** Empty if there is no advice. */
    advice: string;
    lines: readonly string[];
};

/** The faults of a family: those reported by lines of a log, rule by rule, then those reported by a source. */
export function describeFaults(family: FamilyToDescribe): FaultDescription[] {
    return [...family.rules.map(rule => describeRule(family, rule)), ...describeChanges(family)];
}

function describeRule(family: FamilyToDescribe, rule: FaultRule): FaultDescription {
    const { kind, from, lines, unless = [], severity, subject, repeat, ofUnit } = rule;
    const remediation = countsInJournals(rule) && !rule.isPrecursor ? remediationFor(family, kind) : null;
    const subsystems = (rule.subsystems ?? []).map(of => `\`${of}\``).join(', ');
    const sources = typeof from === 'string' ? [from] : from;
    const facts: [string, string][] = [
        ['title', textOf(rule.title)],
        ['cause', textOf(rule.cause ?? '')],
        ['severity', severityText(family.name, severity)],
        ['logged by', sources.map(source => `\`${source}\``).join(', ')],
        ['subsystem', subsystems === '' ? '' : `a driver or filesystem of ${subsystems}`],
        ['subject', subjectText(subject)],
        ['only if', repeat === undefined ? '' : `logged ${repeat.times} times in ${repeat.within} seconds`],
        ['incident', incidentText(rule)],
        ['when', timesText(rule)],
        ['only from', rule.requiresWriter ? 'a line that names its writer' : ''],
        [
            'only if the line',
            rule.complains
                ? 'is a complaint as a whole (`service/textAnalysis/complaintPhrases.ts`), in plain text'
                : '',
        ],
        [
            'read from',
            Object.entries(rule.fields ?? {})
                .filter(([name]) => !unitOfWriter.has(name))
                .map(([, field]) => `\`${field}\``)
                .join(', '),
        ],
        ['if its unit fails', ofUnit === undefined ? '' : besideUnit[ofUnit]],
        ['harmless if it contains', unless.map(text => `\`${text}\``).join(', ')],
        ['resolved when', remediation?.recovery.about ?? ''],
    ];
    return {
        ...{ kind, event: '', title: textOf(rule.title), severity: severityText(family.name, severity) },
        ...{ facts: known(facts), ...describeRemediation(remediation), lines: rule.complains ? [] : lines },
    };
}

function describeChanges(family: FamilyToDescribe): FaultDescription[] {
    return Object.entries(family.changes ?? {}).map(([reported, { kind, severity, cause }]) => {
        const [source, event = ''] = reported.split(' ');
        const remediation = remediationFor(family, kind);
        const facts = known([
            ['cause', cause({})],
            ['severity', severity],
            ['reported by', `the [source](../sources.md) \`${source}\`, with \`${event}\``],
            ['resolved when', remediation?.recovery.about ?? ''],
        ]);
        return { kind, event, title: cause({}), severity, facts, ...describeRemediation(remediation), lines: [] };
    });
}

function known(facts: readonly [string, string][]): [string, string][] {
    return facts.filter(([, text]) => text !== '');
}

function describeRemediation(remediation: Remediation | null): Pick<FaultDescription, 'fixes' | 'steps' | 'advice'> {
    const fixes = remediation?.fixes?.map(({ action, explanation }) => ({ action, explanation: explanation() })) ?? [];
    const steps = wholeGuide(remediation?.guide ?? []).map(({ text, seen }) => ({
        text: text(),
        seen: seen?.about ?? remediation?.recovery.about ?? '',
    }));
    return { fixes, steps, advice: remediation?.advice() ?? '' };
}

/** The text whose placeholders all have values. */
function textOf(text: RuleText): string {
    if (typeof text === 'function') return text({});
    return typeof text === 'string' ? text : (text[0] ?? '');
}

/** What the severity depends on for a fault without one of its own, if it is not the line. */
const severityBy: Partial<Record<string, string>> = { crash: 'depends on the program' };

function severityText(family: string, severity: FaultRule['severity']): string {
    if (typeof severity === 'string') return severity;
    if (typeof severity === 'function') return severityBy[family] ?? 'depends on the line';
    const cases = Object.entries(severity.is).map(
        ([value, level]) => `${level} if \`{${severity.of}}\` is ${value === '*' ? 'known' : `\`${value}\``}`,
    );
    return [...cases, `otherwise ${severity.otherwise}`].join(', ');
}

function incidentText(rule: FaultRule): string {
    if (rule.isPrecursor) return 'none of its own: evidence for the one that follows';
    if (rule.isHint) return 'not in a journal; in plain text, if the writer tells what it is about';
    if (rule.needsConfirmation) return 'in a journal, from any writer, if the recovery check confirms the fault';
    return countsInJournals(rule) ? '' : 'only in plain text: in a journal, anybody could write it';
}

const besideUnit = {
    reason: 'the incident is about the unit, with this as evidence',
    cause: 'the failure is a result of this fault, not an incident of its own',
} as const;

const notNearText = {
    sleep: 'not around a suspend',
    correction: 'not if the error was corrected',
    removal: 'not if the device was taken out',
    cancellation: 'not if it was cancelled',
    'session-end': 'not around the end of a session',
    unplugging: 'not after the device was unplugged',
} as const;

function timesText({ atStart, notNear, atEnd }: FaultRule): string {
    return [
        atStart === undefined ? '' : `${atStart ? 'also' : 'not'} in the first minute after startup`,
        notNear === undefined ? '' : notNearText[notNear],
        atEnd === undefined ? '' : `as ${atEnd} while its session or the system ends`,
    ]
        .filter(text => text !== '')
        .join(', ');
}

/** The names by which local rules know the unit that wrote a line (service/localRules/localRuleFile.ts). */
const unitOfWriter = new Set(['userUnit', 'systemUnit']);

function subjectText(subject: FaultRule['subject']): string {
    if (typeof subject === 'function') return 'from the line';
    if (typeof subject === 'string') return subject.startsWith('=') ? subject.slice(1) : `\`{${subject}}\``;
    const of = [subject.of].flat();
    if (of.every(name => unitOfWriter.has(name))) return 'the unit that wrote the line';
    const names = of.map(name => {
        if (name === 'message') return 'from the message';
        return name.includes('{') ? `\`${name}\`` : `\`{${name}}\``;
    });
    return [...names, ...(subject.otherwise === undefined ? [] : [subject.otherwise])].join(', or ');
}
