/** `reeve tasks`: what was asked for, and what became of it. */
import { _ } from '../../i18n/i18n.ts';
import { localTime } from '../../text/localTime.ts';
import type { Run } from '../command.ts';
import { proposalStateText } from '../describe.ts';
import { exit } from '../exit.ts';
import { proposalJson } from '../json.ts';

export const run: Run = async ({ terminal, json, client }) => {
    const service = await client();
    const tasks = await service.tasks();
    const all = await service.proposalsAt(tasks.flatMap(({ proposals }) => proposals));
    const of = (paths: readonly string[]) => all.filter(({ path }) => paths.includes(path));
    if (json) {
        terminal.json({
            tasks: tasks.map(({ id, created, asked, proposals }) => {
                return { id, created, asked, proposals: of(proposals).map(proposalJson) };
            }),
        });
        return exit.ok;
    }
    if (tasks.length === 0) terminal.line(_('Nothing was asked for yet. For example: reeve do "turn on dark mode"'));
    const width = Math.max(...tasks.map(({ name }) => name.length));
    for (const { name, created, asked, proposals } of tasks) {
        const when = terminal.style('dim', localTime(created));
        terminal.line(`${name.padEnd(width)}  ${when}  ${terminal.plain(asked, 200)}`);
        const plans = of(proposals);
        const taken = plans.find(({ state }) => !['offered', 'void', 'declined'].includes(state));
        const shown = taken === undefined ? plans : [taken];
        for (const { number, title, state } of shown) {
            const choice = shown.length > 1 ? `${number}. ` : '';
            const words = `${choice}${terminal.plain(title, 200)}: ${proposalStateText(state)}`;
            terminal.line(terminal.wrap(words, ' '.repeat(width + 2)));
        }
    }
    return exit.ok;
};
