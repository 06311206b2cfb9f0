import { existsSync, readFileSync } from 'node:fs';
import type { DescribedFamily } from '../service/detection/faultRule.ts';
import { describeFaults } from '../service/faults/describe.ts';
import type { FaultDescription } from '../service/faults/describe.ts';
import type { Family } from '../service/faults/family.ts';
import { families as served } from '../service/faults/index.ts';
import { families as described } from '../service/faults/generated/text.ts';
import { withRulesOfText } from '../service/textAnalysis/families.ts';

type DocumentedFamily = Family & DescribedFamily;

/** With all of their rules; not that of failed units, which has none. */
const families: readonly DocumentedFamily[] = withRulesOfText(described).map(family => ({
    ...served.find(({ name }) => name === family.name),
    ...family,
}));

const head = '<!-- Made from service/faults by `npm run docs`; changes here are lost. -->\n\n';

/** The pages of docs/faults by file name: one for each family of faults, and an index. */
export function faultPages(): Map<string, string> {
    const pages = new Map(families.map(family => [`${family.name}.md`, head + page(family)]));
    return pages.set('unit.md', `${head}# Units that fail\n${rationale('unit')}`).set('README.md', head + index());
}

/** The text of the family's about.md below its title; empty if it has none. */
function rationale(family: string): string {
    const folder = family.replaceAll(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
    const file = new URL(`../service/faults/${folder}/about.md`, import.meta.url);
    return existsSync(file) ? readFileSync(file, 'utf8').replace(/^# .*\n/, '') : '';
}

function index(): string {
    const rows = families.map(({ name, title, about }) => `| [${name}](${name}.md) | ${title} | ${about} |`);
    return `# Families of faults

Failed units are the family [unit](unit.md). Single lines of a log report the others:

| family | | description |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function page(family: DocumentedFamily): string {
    const { name, title, about, harmless } = family;
    const quiet = harmless.flatMap(({ lines }) => lines);
    return `# ${title}

Family \`${name}\`. ${about}
${rationale(name)}
In the lines, \`{name}\` captures a value and \`{}\` matches anything; letter case does not matter. \`^\` is the beginning of a
message. Trusted programs are listed under \`programs\` in a family's \`rules.yaml\`.

${describeFaults(family).map(section).join('\n')}${quiet.length === 0 ? '' : `## Harmless lines\n\n${code(quiet)}`}`;
}

function section({ kind, event, facts, fixes, steps, advice, lines }: FaultDescription): string {
    const rows = facts.map(([name, text]) => `| ${name} | ${escaped(text)} |`);
    const guided = steps.map(({ text, seen }, index) => `${index + 1}. ${text} Seen when ${seen}.\n`);
    const offered = fixes.map(({ action, explanation }) => `- \`${action}\`: ${explanation}\n`);
    return [
        `## ${event === '' ? kind : `${kind}: ${event}`}\n`,
        `| | |\n| --- | --- |\n${rows.join('\n')}\n`,
        ...(offered.length === 0 ? [] : [`Fixes:\n\n${offered.join('')}`]),
        ...(guided.length === 0 ? [] : [`Steps:\n\n${guided.join('')}`]),
        ...(advice === '' ? [] : [`Advice: ${advice}\n`]),
        ...(lines.length === 0 ? [] : [code(lines)]),
    ].join('\n');
}

function code(lines: readonly string[]): string {
    return `\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`;
}

function escaped(text: string): string {
    return text.replaceAll('|', String.raw`\|`);
}
