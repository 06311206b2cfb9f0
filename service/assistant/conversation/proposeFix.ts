import * as z from 'zod';

import type { ProposedFix } from '../../actions/action.ts';
import { proposableFor, type ActionDescription } from '../../actions/everyAction.ts';
import type { Proposals } from '../../approval/proposals.ts';
import { ReeveError } from '../../util/errors.ts';
import type { Tool } from '../../inference/backend.ts';
import { isLocal } from '../../model/incident.ts';
import type { Incident } from '../../model/incident.ts';
import type { Proposal } from '../../model/proposal.ts';
import { redact } from '../../text/redact.ts';
import { safeText } from '../../text/sanitise.ts';
import { parameterSchema } from '../tools/registry.ts';

export const proposeFixName = 'propose_fix';
/** A grammar can bound no longer text. */
const reasonLimit = 240;

/** A change as a model names it, and why. */
export const proposedChange = z.object({
    change: z.looseObject({ action: z.string().max(64) }),
    reason: z.string().min(1).max(2000),
});
const proposedFix = proposedChange.extend({ incident: z.int().min(1) });

/** The schema of any of these actions with its parameters, as a model writes it. */
export function anyChange(actions: readonly ActionDescription[]) {
    return z.union(actions.map(({ name, parameters }) => z.object({ action: z.literal(name), ...parameters.shape })));
}

/** The schema of the reason for a change. @param why for the model */
export const reasonFor = (why: string) => z.string().max(reasonLimit).describe(why);

/** The change that a model named, as something to plan. @param modelName for people */
export function suggestedBy(modelName: string, { change, reason }: z.infer<typeof proposedChange>) {
    const { action, ...parameters } = change;
    const explanation = redact(safeText(reason, reasonLimit));
    return { action, parameters, explanation, proposedBy: safeText(modelName, 64) } satisfies ProposedFix;
}

/**
 * The one means that a model has against an incident: it names a typed action and its parameters. Nothing is changed by
 * that. It becomes a proposal like a rule's, with the same steps worked out by us, the same digest, and the same
 * approval by the user.
 */
export function proposeFixTool(): Tool {
    const parameters = z.object({
        incident: z.int().describe('number of an open incident'),
        change: anyChange(proposableFor('incident')),
        reason: reasonFor('why it should help, in one sentence'),
    });
    return {
        name: proposeFixName,
        description:
            'Proposes a fix for an open incident to the user, who sees its exact steps and decides. Changes nothing.',
        parameters: parameterSchema(parameters),
    };
}

/**
 * Makes a proposal from a model's call.
 *
 * @param modelName for people
 * @throws ReeveError InvalidArgument, NotFound, InvalidState: the message is for the model
 */
export async function proposeFix(
    values: unknown,
    {
        incidents,
        proposals,
        modelName,
        signal,
    }: {
        incidents: { list(): Incident[] };
        proposals: Pick<Proposals, 'propose'>;
        modelName: string;
        signal: AbortSignal;
    },
): Promise<Proposal> {
    const parsed = proposedFix.safeParse(values);
    if (!parsed.success) throw new ReeveError('InvalidArgument', 'invalid arguments');
    const { incident: id } = parsed.data;
    const incident = incidents.list().find(candidate => candidate.id === id && candidate.state === 'open');
    if (incident === undefined) throw new ReeveError('NotFound', `there is no open incident ${id}`);
    const fix = suggestedBy(modelName, parsed.data);
    // The schema is only a description to the model: it may name any other action as well.
    if (!proposableFor('incident').some(({ name }) => name === fix.action))
        throw new ReeveError('InvalidArgument', `a fix cannot be ${safeText(fix.action)}`);
    requireTarget(incident, fix.parameters);
    return await proposals.propose(id, fix, signal);
}

/**
 * A log line may manipulate a model, so the model must not name any unit it likes: only those of the incident, in its
 * scope. For a rule that somebody added, captured words name none: only the unit counts whose process wrote the line.
 */
function requireTarget(incident: Incident, parameters: Readonly<Record<string, unknown>>): void {
    const target = targetOf(incident);
    const { scope, ...targets } = parameters;
    const named = Object.values(targets)
        .flat()
        .filter(value => typeof value === 'string');
    const foreign = named.find(name => !target.units.has(name));
    if (foreign !== undefined || named.length === 0 || scope !== target.scope) {
        throw new ReeveError(
            'InvalidArgument',
            `incident ${incident.id} is about ${[...target.units].join(', ')} (scope ${target.scope}), and a fix may change nothing else`,
        );
    }
}

function targetOf(incident: Incident): { units: ReadonlySet<string>; scope: string } {
    if (!isLocal(incident)) return { units: new Set([incident.subject, ...incident.affected]), scope: incident.scope };
    const { unit, unitScope = '' } = incident.facts;
    return { units: new Set(unit === undefined ? [] : [unit]), scope: unitScope };
}
