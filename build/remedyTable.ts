import { everyRemedy } from '../service/faults/remedies.ts';

const head = '<!-- Made from service/faults by `npm run docs`; changes here are lost. -->\n\n';

/** The count, as README.md says it, too. */
export function remedyCount(): string {
    const all = everyRemedy();
    const fixed = all.filter(({ fixes }) => fixes.length > 0).length;
    return `${fixed} of ${all.length} kinds of fault`;
}

/** The page docs/remedies.md: what can be done about each kind of fault. */
export function remedyTable(): string {
    const rows = everyRemedy().map(({ family, kind, fixes, advice }) => {
        const actions = fixes.map(action => `\`${action}\``).join(', ');
        return `| ${family} | ${kind} | ${actions} | ${fixes.length > 0 ? '' : advice} |`;
    });
    return `${head}# What can be done about each kind of fault

Reeve can offer a fix for ${remedyCount()}. It gives advice for the others. A fix is a typed action that needs
your approval; it is offered only if it is possible at the moment. For any kind of fault, a change that was made just before can be
reverted as well ([timeline.md](timeline.md)), which is not counted here. [faults.md](faults.md) explains families and kinds.

| family | kind | fixes | advice |
| ------ | ---- | ----- | ------ |
${rows.join('\n')}
`;
}
