/** `reeve fix`, `reeve do` and `reeve undo`: show the plan, ask, and follow it to its end. */
import * as z from 'zod';

import { variant, type Variant } from '../../dbus/connection.ts';
import { _ } from '../../i18n/i18n.ts';
import { agrees, ask } from '../asking.ts';
import type { RequestResult } from '../client.ts';
import { ownerNamed, type Context, type Run } from '../command.ts';
import type { Client } from '../client.ts';
import { CommandError, exit, UsageError, type ExitCode } from '../exit.ts';
import { finishPlanText, lookingText, planText, proposalStateText, undoPlanText } from '../describe.ts';
import { proposalJson } from '../json.ts';
import { onInterrupt } from '../interrupt.ts';
import { ownerOf, type Incident, type Proposal } from '../objects.ts';

/** A diagnosis and the plans of its fixes take at most 85 seconds (service/diagnosis/diagnosis.ts), unless others are before it. Milliseconds. */
const lookingLimit = 90_000;

type Method = 'Proposal.Apply' | 'Proposal.Finish' | 'Proposal.Undo';

const resultsSchema = z.object({
    gone: z.boolean().default(false),
    detail: z.string().default(''),
    steps_done: z.number().default(0),
    steps_total: z.number().default(0),
    error: z.string().optional(),
    message: z.string().optional(),
});

export const fix: Run = async (context, { operands }) => {
    const owner = ownerNamed(operands[0]);
    assertPerson(context);
    return approve(context, await whenKnown(context, await context.client(), owner), operands[1]);
};

/** What plans are for, as the command calls it. */
export type Owner = { id: string; isOpen: boolean; proposals: readonly Proposal[] };

/** @throws CommandError notFound */
async function find(service: Client, { kind, id }: ReturnType<typeof ownerNamed>): Promise<Owner> {
    if (kind === 'task') {
        const task = await service.task(id);
        return { id: task.name, isOpen: true, proposals: await service.proposals(task) };
    }
    const incident = await service.incident(id);
    return { id: String(id), isOpen: incident.isOpen, proposals: await service.proposals(incident) };
}

/** What is being looked for may be known a moment later: nobody has to ask again. */
export async function whenKnown(
    { terminal }: Pick<Context, 'terminal'>,
    service: Client,
    named: ReturnType<typeof ownerNamed>,
): Promise<Owner> {
    const owner = await find(service, named);
    if (named.kind === 'task' || !owner.isOpen || possibleFixes(owner.proposals).length > 0) return owner;
    if (!(await service.incident(named.id)).isLooking) return find(service, named);
    terminal.note(lookingText());
    const isKnown = ({ id, isLooking }: Incident) => id === named.id && !isLooking;
    await service.untilIncident(isKnown, AbortSignal.timeout(lookingLimit)).catch((error: unknown) => {
        if (!(error instanceof CommandError) || error.reason !== 'TimedOut') throw error;
    });
    return find(service, named);
}

/** Shows a plan, asks, and applies it or does the rest of it. */
export async function approve(context: Context, owner: Owner, choice?: string): Promise<ExitCode> {
    const { terminal } = context;
    const { id: number, proposals: all } = owner;
    const possible = possibleFixes(all);
    const proposal = choose(owner, all, choice);
    const isRest = proposal.state === 'partial';

    terminal.note(isRest ? finishPlanText(terminal, proposal) : planText(terminal, proposal));
    if (isRest && proposal.undoSteps.length > 0)
        terminal.note(`\n${_('To undo what was done instead: reeve undo {id}', { id: number })}`);
    if (possible.length > 1 && choice === undefined) {
        terminal.note(`\n${number.startsWith('t') ? _('There are other ways:') : _('There are other fixes:')}`);
        for (const other of possible)
            if (other !== proposal)
                terminal.note(`  ${terminal.plain(other.title)}: reeve fix ${number} ${other.number}`);
    }
    terminal.note('');
    // Who asks for a window has decided; what it shows decides nothing. A model that chose it has not.
    if (proposal.opens && !proposal.isByModel && possible.length === 1)
        return carryOut(context, proposal, 'Proposal.Apply', {});
    if (isRest)
        return (await agrees(_('Finish it?')))
            ? carryOut(context, proposal, 'Proposal.Finish', {})
            : declined(context, proposal);
    const options: Record<string, Variant> = {};
    if (proposal.risk === 'high') {
        const typed = await ask(
            _('Data may be lost. To continue, type {subject}:', { subject: terminal.plain(proposal.confirmation) }),
        );
        if (typed !== proposal.confirmation) return declined(context, proposal);
        options.confirmation = variant('s', typed);
    } else if (!(await agrees(_('Apply this?')))) {
        return declined(context, proposal);
    }
    return carryOut(context, proposal, 'Proposal.Apply', options);
}

export const undo: Run = async (context, { operands }) => {
    const { terminal, client } = context;
    const named = ownerNamed(operands[0]);
    assertPerson(context);
    const service = await client();
    const { id: number, proposals: all } = await find(service, named);
    const applied = all.filter(({ state }) => state === 'applied' || state === 'partial');
    const proposal = lastReversible(applied);
    if (proposal === undefined) {
        const message =
            applied.length === 0
                ? _('Nothing was applied for {id}.', { id: number })
                : _('This change cannot be undone.');
        throw new CommandError(exit.failed, applied.length === 0 ? 'InvalidState' : 'NotReversible', message);
    }
    const first = await service.proposalsAt(proposal.undoFirst);
    terminal.note(undoPlanText(terminal, proposal, first));
    if (applied.some(other => other !== proposal && other.reversible))
        terminal.note(`  ${_('After that, you can undo the earlier changes.')}`);
    terminal.note('');
    await service.call(proposal.path, 'Proposal.CheckUndo', 's', [proposal.digest]);
    if (!(await agrees(_('Undo it?')))) return declined(context, proposal);
    return carryOut(context, proposal, 'Proposal.Undo', {});
};

/** Undo the latest fix first, as it may build on earlier ones. */
export function lastReversible<T extends Pick<Proposal, 'applied' | 'reversible'>>(
    applied: readonly T[],
): T | undefined {
    return applied.filter(({ reversible }) => reversible).sort((one, other) => other.applied - one.applied)[0];
}

/** Best first; what ended halfway comes before what was never begun. */
export function possibleFixes<T extends Pick<Proposal, 'state' | 'finishDigest'>>(proposals: readonly T[]): T[] {
    const unfinished = proposals.filter(({ finishDigest }) => finishDigest !== '');
    return [...unfinished, ...proposals.filter(({ state }) => state === 'offered')];
}

/** What ended halfway can be finished although the incident is closed. @throws CommandError, UsageError */
export function choose<T extends Pick<Proposal, 'number' | 'state' | 'finishDigest'>>(
    incident: Pick<Owner, 'id' | 'isOpen'>,
    proposals: readonly T[],
    choice: string | undefined,
): T {
    if (choice !== undefined && !/^\d{1,3}$/.test(choice))
        throw new UsageError(`expected the number of a fix, not “${choice}”`);
    const offered = possibleFixes(proposals);
    const proposal = choice === undefined ? offered[0] : offered.find(({ number }) => number === Number(choice));
    if (proposal !== undefined && (incident.isOpen || proposal.finishDigest !== '')) return proposal;
    if (!incident.isOpen)
        throw new CommandError(exit.failed, 'InvalidState', _('Incident {id} is closed.', { id: incident.id }));
    if (offered.length === 0 && incident.id.startsWith('t'))
        throw new CommandError(
            exit.failed,
            'InvalidState',
            _('There is nothing left to apply for {id}. To see what you asked for: reeve tasks', { id: incident.id }),
        );
    if (offered.length === 0)
        throw new CommandError(
            exit.failed,
            'NoFix',
            _('No safe fix is known. To see the evidence: reeve show {id}', { id: incident.id }),
        );
    const known = proposals.findLast(({ number }) => number === Number(choice));
    const values = { choice: choice ?? '', id: incident.id };
    if (known === undefined)
        throw new CommandError(
            exit.notFound,
            'NotFound',
            _('There is no fix {choice}. To see the fixes: reeve show {id}', values),
        );
    throw new CommandError(
        exit.failed,
        'InvalidState',
        _('Fix {choice} cannot be applied ({state}). To see the fixes: reeve show {id}', {
            ...values,
            state: proposalStateText(known.state),
        }),
    );
}

/** The service accepts an approval from a terminal only; asking there makes it one. */
export function assertPerson({ terminal }: Context): void {
    if (terminal.isInteractive) return;
    const message = _('A person must approve a change: run this in a terminal, or use the desktop.');
    throw new CommandError(exit.refused, 'NotAuthorized', message);
}

function declined({ terminal, json }: Context, proposal: Proposal): ExitCode {
    const nothing = { outcome: 'declined', gone: false, detail: '', steps_done: 0, steps_total: proposal.steps.length };
    if (json) terminal.json({ proposal: proposalJson(proposal), ...nothing });
    else terminal.line(_('Nothing was changed.'));
    return exit.refused;
}

async function carryOut(
    { terminal, json, client }: Context,
    proposal: Proposal,
    method: Method,
    options: Record<string, Variant>,
): Promise<ExitCode> {
    using interrupt = onInterrupt();
    const service = await client();
    const digest = method === 'Proposal.Finish' ? proposal.finishDigest : proposal.digest;
    const { outcome, results } = await service.request(proposal.path, method, digest, options, {
        chunk: text => {
            const progress = terminal.block(text).trimEnd();
            if (json) terminal.note(progress);
            else terminal.line(progress);
        },
        signal: interrupt.signal,
    });
    const { gone, detail, steps_done, steps_total, error, message } = resultsSchema.parse(results);
    // Print the outcome even if the service has gone since.
    const [ended = proposal] = await service.proposalsAt([proposal.path]).catch(() => []);
    if (json) {
        terminal.json({
            proposal: proposalJson(ended),
            outcome,
            gone,
            detail,
            steps_done,
            steps_total,
            ...(error === undefined ? {} : { error, message }),
        });
    } else {
        const style = outcome === 'success' ? 'good' : 'bad';
        const isTask = ownerOf(proposal).startsWith('t');
        const isUnknown = outcome === 'success' && method !== 'Proposal.Undo' && !gone;
        // What failed was removed: nothing was repaired, and nothing is left to watch.
        const isOver =
            isUnknown &&
            !isTask &&
            (await service.incident(Number(ownerOf(proposal))).catch(() => null))?.state === 'dismissed';
        const text = isOver
            ? _('Done. The incident is closed.')
            : isUnknown
              ? isTask
                  ? _('Done.')
                  : _('Done. Reeve is watching whether it helped.')
              : isTask && method !== 'Proposal.Undo' && (outcome === 'success' || outcome === 'not-cleared')
                ? doneText(outcome)
                : outcomeText(method, outcome, steps_done > 0);
        terminal.line(terminal.style(style, text));
        const more = detail || (message ?? '');
        if (more !== '') terminal.line(terminal.wrap(terminal.block(more), '  '));
        if (ended.finishDigest !== '')
            terminal.line(_('To finish it: reeve fix {id} {fix}', { id: ownerOf(proposal), fix: ended.number }));
        const isDone = ended.state === 'applied' || ended.state === 'partial';
        if (method !== 'Proposal.Undo' && isDone && ended.undoSteps.length > 0)
            terminal.line(_('To undo it: reeve undo {id}', { id: ownerOf(proposal) }));
    }
    return exitCodes[outcome];
}

const exitCodes = {
    success: exit.ok,
    'not-cleared': exit.notWell,
    refused: exit.refused,
    failed: exit.failed,
    cancelled: exit.interrupted,
} as const;

/** Of a wish: nothing was broken that could be fixed. */
function doneText(outcome: 'success' | 'not-cleared'): string {
    return outcome === 'success' ? _('Done and checked.') : _('Done, but it had no effect.');
}

/** @param isBegun whether part of it was done all the same; the detail says how much */
function outcomeText(method: Method, outcome: RequestResult['outcome'], isBegun: boolean): string {
    switch (outcome) {
        case 'success':
            return method === 'Proposal.Undo' ? _('Undone.') : _('Fixed and checked.');
        case 'not-cleared':
            return _('Done, but the fault is still there.');
        case 'refused':
            return isBegun
                ? _('The system allowed only part of it.')
                : _('The system did not allow it. Nothing was changed.');
        case 'failed':
            return isBegun ? _('Only part of it worked.') : _('It did not work.');
        case 'cancelled':
            return _('Cancelled.');
    }
}
