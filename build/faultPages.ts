import { countsInJournals } from '../service/detection/faultRule.ts';
import type { DescribedFamily, FaultRule, RuleText } from '../service/detection/faultRule.ts';
import { remediationFor } from '../service/diagnosis/remediation.ts';
import type { Remediation } from '../service/diagnosis/remediation.ts';
import type { Family } from '../service/faults/family.ts';
import { families as served } from '../service/faults/index.ts';
import { families as described } from '../service/faults/generated/text.ts';
import { withRulesOfText } from '../service/textAnalysis/families.ts';

type DocumentedFamily = Family & DescribedFamily;

/** With all of their rules. Failed units are service/faults/unit/about.md. */
const families: readonly DocumentedFamily[] = withRulesOfText(described).map(family => ({
    ...served.find(({ name }) => name === family.name),
    ...family,
}));

const head = '<!-- Made from service/faults by `npm run docs`; changes here are lost. -->\n\n';

/** The pages of docs/faults by file name: one for each family of faults that lines of a log tell of, and an index. */
export function faultPages(): Map<string, string> {
    const pages = new Map(families.map(family => [`${family.name}.md`, head + page(family)]));
    return pages.set('README.md', head + index());
}

function index(): string {
    const rows = families.map(({ name, title, about }) => `| [${name}](${name}.md) | ${title} | ${about} |`);
    return `# Families of faults

Failed units are the family [unit](../../service/faults/unit/about.md). These are told by single lines of a log:

| family | | what it is about |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function page(family: DocumentedFamily): string {
    const { name, title, about, rules, harmless } = family;
    const quiet = harmless.flatMap(({ lines }) => lines);
    return `# ${title}

Family \`${name}\`. ${about}

In the lines, \`{name}\` stands for what is taken from them and \`{}\` for anything; capital letters do not matter. \`^\` is the
beginning of a message. Who may say so is in \`service/detection/programs.ts\`.

${[...rules.map(rule => section(family, rule)), ...reportedOf(family)].join('\n')}${quiet.length === 0 ? '' : `## No fault\n\n${code(quiet)}`}`;
}

const besideUnit = {
    reason: 'then the unit is the incident, with this as evidence',
    cause: 'because of this, and is no incident of its own',
} as const;

/** The text of which all placeholders have values. */
function textOf(text: RuleText): string {
    if (typeof text === 'function') return text({});
    return typeof text === 'string' ? text : (text[0] ?? '');
}

/** What the severity of a fault goes by that has none of its own, where that is not the line. */
const severityBy: Partial<Record<string, string>> = { crash: 'by which program it is' };

function severityText(family: string, severity: FaultRule['severity']): string {
    if (typeof severity === 'string') return severity;
    if (typeof severity === 'function') return severityBy[family] ?? 'by what the line says';
    const cases = Object.entries(severity.is).map(
        ([value, level]) => `${level} if \`{${severity.of}}\` is ${value === '*' ? 'there' : `\`${value}\``}`,
    );
    return [...cases, `else ${severity.otherwise}`].join(', ');
}

function section(family: Family, rule: FaultRule): string {
    const remediation = countsInJournals(rule) && !rule.leadsUp ? remediationFor(family, rule.kind) : null;
    const { kind, from, lines, unless = [], severity, subject, repeat, retells = [], ofUnit } = rule;
    const speakers = (rule.ofSpeaker ?? []).map(of => `\`${of}\``).join(', ');
    const sources = typeof from === 'string' ? [from] : from;
    const facts: [string, string][] = [
        ['says', textOf(rule.title)],
        ['because', textOf(rule.cause ?? '')],
        ['severity', severityText(family.name, severity)],
        ['said by', sources.map(source => `\`${source}\``).join(', ')],
        ['of itself', speakers === '' ? '' : `by a driver or filesystem of ${speakers}`],
        ['about', subjectText(subject)],
        ['only if', repeat === undefined ? '' : `it is said ${repeat.times} times in ${repeat.within} seconds`],
        ['incident', incidentText(rule)],
        ['when', timesText(rule)],
        ['if told by', rule.byName ? 'a line that names its writer' : ''],
        [
            'if the line',
            rule.complains
                ? 'is a complaint by all that it says, in the phrases of `service/textAnalysis/complaintPhrases.ts`, and text'
                : '',
        ],
        ['the same as', retells.map(other => `\`${other}\` of the same subject`).join(', ')],
        [
            'read from',
            Object.values(rule.fields ?? {})
                .map(field => `\`${field}\``)
                .join(', '),
        ],
        ['its unit fails', ofUnit === undefined ? '' : besideUnit[ofUnit]],
        ['not if it holds', unless.map(text => `\`${text}\``).join(', ')],
        ['over when', remediation === null ? '' : remediation.recovery.about],
    ];
    const rows = facts.filter(([, text]) => text !== '').map(([name, text]) => `| ${name} | ${escaped(text)} |`);
    const done = remediation === null ? '' : remediationText(remediation);
    return `## ${kind}\n\n| | |\n| --- | --- |\n${rows.join('\n')}\n\n${done}${rule.complains ? '' : code(lines)}`;
}

function incidentText(rule: FaultRule): string {
    if (rule.leadsUp) return 'no, it adds to the one that follows';
    if (rule.isHint) return 'not in a journal; in text where the writer tells what it is about';
    if (rule.confirmed) return 'in a journal whoever says it, if the check of the state then finds it';
    return countsInJournals(rule) ? '' : 'only in text: in a journal nobody is believed whatever they say';
}

const notNearText = { sleep: 'not around a suspend', correction: 'not of an error that was corrected' } as const;

function timesText({ atStart, notNear }: FaultRule): string {
    return [
        atStart === undefined ? '' : `${atStart ? 'also' : 'not'} in the first minute after a start`,
        notNear === undefined ? '' : notNearText[notNear],
    ]
        .filter(text => text !== '')
        .join(', ');
}

/** The faults that no line of a log tells of, but a source. */
function reportedOf(family: Family): string[] {
    return Object.entries(family.changes ?? {}).map(([reported, { kind, severity, cause }]) => {
        const [source, event] = reported.split(' ');
        const remediation = remediationFor(family, kind);
        const rows = [
            `| because | ${escaped(cause({}))} |`,
            `| severity | ${severity} |`,
            `| told by | the [source](../sources.md) \`${source}\`, with \`${event}\` |`,
            ...(remediation === null ? [] : [`| over when | ${escaped(remediation.recovery.about)} |`]),
        ];
        return `## ${kind}: ${event}\n\n| | |\n| --- | --- |\n${rows.join('\n')}\n\n${remediation === null ? '' : remediationText(remediation)}`;
    });
}

/** What Reeve offers, and what people can do themselves. */
function remediationText({ advice, fixes = [] }: Remediation): string {
    const offered = fixes.map(
        ({ action, explanation }) => `- \`${action}\`: ${explanation()}
`,
    );
    return `${
        offered.length === 0
            ? ''
            : `Fixes:

${offered.join('')}
`
    }Advice: ${advice()}

`;
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

function code(lines: readonly string[]): string {
    return `\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`;
}

function escaped(text: string): string {
    return text.replaceAll('|', String.raw`\|`);
}
