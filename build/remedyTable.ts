import { everyRemedy } from '../service/faults/remedies.ts';
import type { Remedy } from '../service/faults/remedies.ts';

const head = '<!-- Made from service/faults by `npm run docs`; changes here are lost. -->\n\n';

/** The counts, as README.md and docs/faults.md say them, too. */
export function remedyCount(): string {
    const all = everyRemedy();
    const fixed = all.filter(({ fixes }) => fixes.length > 0).length;
    const guided = all.filter(({ fixes, steps }) => fixes.length === 0 && steps.length > 0).length;
    return `${fixed + guided} of ${all.length} kinds of fault: ${fixed} by a fix and ${guided} by guided steps`;
}

/** The page docs/remedies.md: what can be done about each kind of fault. */
export function remedyTable(): string {
    const rows = everyRemedy().map(remedy => `| ${remedy.family} | ${remedy.kind} | ${cell(remedy)} |`);
    return `${head}# What can be done about each kind of fault

Reeve helps with ${remedyCount()}. It gives advice for the others. A change that was made just before a
fault can be reverted as well, for any kind ([timeline.md](timeline.md)); that is not counted here. [faults.md](faults.md) explains
families and kinds.

- A **fix** is a typed action, named here. It needs your approval, and is offered only if it is possible at the moment.
- **Guided steps** are what only a person can do. The card and \`reeve show\` list them, and say of each whether Reeve has seen that
  it is done; the last is always that the fault itself is gone. \`npm run docs\` makes a page of each family in docs/faults, which says
  how each step is checked.

| family | kind | what can be done |
| ------ | ---- | ---------------- |
${rows.join('\n')}
`;
}

function cell({ fixes, steps, advice }: Remedy): string {
    const parts = [
        ...(fixes.length > 0 ? [`Fix: ${fixes.map(action => `\`${action}\``).join(', ')}`] : []),
        ...(steps.length > 0 ? [`Steps: ${steps.map((text, index) => `${index + 1}. ${text}`).join(' ')}`] : []),
    ];
    return parts.length > 0 ? parts.join('. ') : `Advice: ${advice}`;
}
