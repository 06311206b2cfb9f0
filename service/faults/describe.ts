import { countsInJournals } from '../detection/faultRule.ts';
import type { FaultFamily, FaultRule, RuleText } from '../detection/faultRule.ts';
import type { ReportedFaults } from '../detection/changes.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';
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
    /** Empty if there is no advice. */
    advice: string;
    lines: readonly string[];
};

/** The faults of a family: those reported by lines of a log, rule by rule, then those reported by a source. */
export function describeFaults(family: FamilyToDescribe): FaultDescription[] {
    return [...family.rules.map(rule => describeRule(family, rule)), ...describeChanges(family)];
}

function describeRule(family: FamilyToDescribe, rule: FaultRule): FaultDescription {
    const { kind, from, lines, unless = [], severity, subject, repeat, duplicates = [], ofUnit } = rule;
    const remediation = countsInJournals(rule) && !rule.isPrecursor ? remediationFor(family, kind) : null;
    const subsystems = (rule.subsystems ?? []).map(of => `\`${of}\``).join(', ');
    const sources = typeof from === 'string' ? [from] : from;
    const facts: [string, string][] = [
        ['says', textOf(rule.title)],
        ['because', textOf(rule.cause ?? '')],
        ['severity', severityText(family.name, severity)],
        ['written by', sources.map(source => `\`${source}\``).join(', ')],
        ['subsystem', subsystems === '' ? '' : `a driver or filesystem of ${subsystems}`],
        ['about', subjectText(subject)],
        ['only if', repeat === undefined ? '' : `it is said ${repeat.times} times in ${repeat.within} seconds`],
        ['incident', incidentText(rule)],
        ['when', timesText(rule)],
        ['its writer', rule.requiresWriter ? 'a line that names its writer' : ''],
        [
            'if the line',
            rule.complains
                ? 'is a complaint by all that it says, in the phrases of `service/textAnalysis/complaintPhrases.ts`, and text'
                : '',
        ],
        ['duplicate of', duplicates.map(other => `\`${other}\` of the same subject`).join(', ')],
        [
            'read from',
            Object.values(rule.fields ?? {})
                .map(field => `\`${field}\``)
                .join(', '),
        ],
        ['its unit fails', ofUnit === undefined ? '' : besideUnit[ofUnit]],
        ['not if it holds', unless.map(text => `\`${text}\``).join(', ')],
        ['over when', remediation?.recovery.about ?? ''],
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
            ['because', cause({})],
            ['severity', severity],
            ['told by', `the [source](../sources.md) \`${source}\`, with \`${event}\``],
            ['over when', remediation?.recovery.about ?? ''],
        ]);
        return { kind, event, title: cause({}), severity, facts, ...describeRemediation(remediation), lines: [] };
    });
}

function known(facts: readonly [string, string][]): [string, string][] {
    return facts.filter(([, text]) => text !== '');
}

function describeRemediation(remediation: Remediation | null): Pick<FaultDescription, 'fixes' | 'advice'> {
    const fixes = remediation?.fixes?.map(({ action, explanation }) => ({ action, explanation: explanation() })) ?? [];
    return { fixes, advice: remediation?.advice() ?? '' };
}

/** The text whose placeholders all have values. */
function textOf(text: RuleText): string {
    if (typeof text === 'function') return text({});
    return typeof text === 'string' ? text : (text[0] ?? '');
}

/** What the severity depends on for a fault without one of its own, if it is not the line. */
const severityBy: Partial<Record<string, string>> = { crash: 'by which program it is' };

function severityText(family: string, severity: FaultRule['severity']): string {
    if (typeof severity === 'string') return severity;
    if (typeof severity === 'function') return severityBy[family] ?? 'by what the line says';
    const cases = Object.entries(severity.is).map(
        ([value, level]) => `${level} if \`{${severity.of}}\` is ${value === '*' ? 'there' : `\`${value}\``}`,
    );
    return [...cases, `else ${severity.otherwise}`].join(', ');
}

function incidentText(rule: FaultRule): string {
    if (rule.isPrecursor) return 'no, it adds to the one that follows';
    if (rule.isHint) return 'not in a journal; in text where the writer tells what it is about';
    if (rule.needsConfirmation) return 'in a journal whoever says it, if the check of the state then finds it';
    return countsInJournals(rule) ? '' : 'only in text: in a journal nobody is believed whatever they say';
}

const besideUnit = {
    reason: 'then the unit is the incident, with this as evidence',
    cause: 'because of this, and is no incident of its own',
} as const;

const notNearText = { sleep: 'not around a suspend', correction: 'not of an error that was corrected' } as const;

function timesText({ atStart, notNear }: FaultRule): string {
    return [
        atStart === undefined ? '' : `${atStart ? 'also' : 'not'} in the first minute after a start`,
        notNear === undefined ? '' : notNearText[notNear],
    ]
        .filter(text => text !== '')
        .join(', ');
}

function subjectText(subject: FaultRule['subject']): string {
    if (typeof subject === 'function') return 'what the line names';
    if (typeof subject === 'string') return subject.startsWith('=') ? subject.slice(1) : `\`{${subject}}\``;
    const names = [subject.of].flat().map(name => {
        if (name === 'message') return 'what the message names';
        return name.includes('{') ? `\`${name}\`` : `\`{${name}}\``;
    });
    return [...names, ...(subject.otherwise === undefined ? [] : [subject.otherwise])].join(', or ');
}
