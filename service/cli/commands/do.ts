/** `reeve do`: plans what a person wishes, asks, and makes the change. */
import { variant } from '../../dbus/connection.ts';
import { rootPath } from '../../util/names.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Client } from '../client.ts';
import type { Run } from '../command.ts';
import { CommandError, exit, UsageError } from '../exit.ts';
import { onInterrupt } from '../interrupt.ts';
import { MarkdownStream } from '../markdown.ts';
import { planText } from '../describe.ts';
import { proposalJson } from '../json.ts';
import { ownerOf, type Proposal } from '../objects.ts';
import { askResults } from './ask.ts';
import { approve } from './change.ts';

export const run: Run = async (context, { operands }) => {
    const { terminal, json, client } = context;
    const wish = operands.join(' ').trim();
    if (wish === '') throw new UsageError('do what? For example: reeve do "turn on dark mode"');
    const service = await client();
    using interrupt = onInterrupt();
    const markdown = new MarkdownStream(terminal);
    const given = { model: variant('s', 'built-in') };
    const { outcome, results, text } = await service.request(rootPath, 'Assistant.Ask', wish, given, {
        chunk: () => undefined,
        signal: interrupt.signal,
    });
    if (outcome === 'cancelled') return exit.interrupted;
    const { topic, proposals, error, message } = askResults.parse(results);
    if (outcome !== 'success') throw new CommandError(exit.failed, error ?? 'Failed', message ?? _('No answer.'));
    const plans = await service.proposalsAt(proposals);
    const [first] = plans;
    if (first === undefined) {
        const isUnderstood = topic === 'wish';
        if (json) terminal.json({ wish, understood: isUnderstood, answer: text });
        else {
            terminal.line(isUnderstood ? `${markdown.push(terminal.block(text))}${markdown.end()}` : unknownWish());
        }
        return isUnderstood ? exit.refused : exit.notWell;
    }
    if (!terminal.isInteractive) {
        if (json) terminal.json({ wish, understood: true, answer: text, proposals: plans.map(proposalJson) });
        else terminal.line(planText(terminal, first));
        terminal.note(_('To read and apply the plan: reeve fix {id}', { id: ownerOf(first) }));
        return exit.refused;
    }
    return await approve(context, { id: ownerOf(first), isOpen: true, proposals: plans });
};

/**
 * The plan for a wish of a command's own, which the service plans and a person approves as any other.
 *
 * @param action what the wish has to become; a plan of another one is none
 */
export async function planFor(
    service: Client,
    action: string,
    wish: string,
): Promise<{ proposal: Proposal | null; refusal: string }> {
    using interrupt = onInterrupt();
    const handlers = { chunk: () => undefined, signal: interrupt.signal };
    const options = { model: variant('s', 'built-in') };
    const { results, text } = await service.request(rootPath, 'Assistant.Ask', wish, options, handlers);
    const proposals = await service.proposalsAt(askResults.parse(results).proposals);
    const proposal = proposals.find(each => each.action === action) ?? null;
    return { proposal, refusal: proposal === null ? text.trim() : '' };
}

function unknownWish(): string {
    return _('I do not know how to do that. I changed nothing.');
}
