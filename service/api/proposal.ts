/** org.reevedesktop.Reeve1.Proposal on the bus, an object for each. */
import * as z from 'zod';
import type { Callers } from '../approval/callers.ts';
import type { Approval, Outcome, Proposals } from '../approval/proposals.ts';
import type { Grants } from '../approval/grants.ts';
import { termsFor } from '../approval/grantedFixes.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { ReeveError } from '../util/errors.ts';
import { joinCalls, passwordsOf } from '../actions/joinedCalls.ts';
import { finishDigest, finishSteps } from '../approval/finishing.ts';
import { undoSteps } from '../approval/undoing.ts';
import { _ } from '../i18n/i18n.ts';
import { proposalState, risk, type BusCall, type BusValue, type Proposal, type Step } from '../model/proposal.ts';
import type { Status } from '../lifecycle/status.ts';
import type { Exported, ExportedObjects } from '../dbus/exportedObjects.ts';
import { proposalTable, type Proposal as ProposalInterface } from './generated/interfaces.ts';
import { readOptions } from '../dbus/options.ts';
import { ownerPath, proposalPath } from './paths.ts';
import type { Finish } from './request.ts';
import { requestOptions, type Requests } from './requests.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';
import { sha256 } from '../util/sha256.ts';

const applyOptions = {
    schema: requestOptions.schema.extend({ confirmation: z.string().max(4096).optional() }),
    signatures: { ...requestOptions.signatures, confirmation: 's' },
};

type Dependencies = {
    objects: ExportedObjects;
    proposals: Proposals;
    grants: Grants;
    incidents: Incidents;
    requests: Requests;
    callers: Callers;
    status: Status;
};

/** Keeps one object on the bus for each proposal of the tasks, and of the incidents in the list. */
export function exportProposals(dependencies: Dependencies): Disposable {
    const { proposals, grants } = dependencies;
    const exported = new Map<number, ExportedProposal>();
    const add = (proposal: Proposal) => {
        if (!exported.has(proposal.id)) exported.set(proposal.id, exportProposal(dependencies, proposal));
    };
    const change = (proposal: Proposal) => {
        exported.get(proposal.id)?.changed(proposal);
        // Another proposal may have to wait for one that was applied or undone.
        for (const [id, { refresh }] of exported) if (id !== proposal.id) refresh();
    };
    const remove = (id: number) => {
        exported.get(id)?.remove();
        exported.delete(id);
    };
    for (const proposal of proposals.list()) add(proposal);
    const granted = () => {
        for (const { refresh } of exported.values()) refresh();
    };
    proposals.on('added', add).on('changed', change).on('removed', remove);
    grants.on('changed', granted);
    return {
        [Symbol.dispose]: () => {
            proposals.off('added', add).off('changed', change).off('removed', remove);
            grants.off('changed', granted);
            for (const id of [...exported.keys()]) remove(id);
        },
    };
}

type ExportedProposal = {
    changed: (proposal: Proposal) => void;
    /** Signals the properties that changed because another proposal did. */
    refresh: () => void;
    remove: () => void;
};

function exportProposal(
    { objects, proposals, grants, incidents, requests, callers, status }: Dependencies,
    first: Proposal,
): ExportedProposal {
    const { id } = first;
    let current = first;
    /** Begins a change by the caller. @param of.assert whether it would begin */
    const start = async (
        sender: string,
        token: string | undefined,
        { assert, act }: { assert: () => Promise<void>; act: (approval: Approval) => Promise<Outcome> },
    ) => {
        if (status.isPaused) throw new ReeveError('Paused', _('Reeve is paused'));
        const actor = await callers.authorise(sender);
        await assert();
        const request = await requests.start(sender, 'change', token, async ({ write, signal }) =>
            toFinish(current, await act({ actor, progress: lineWriter(write), signal })),
        );
        return { request: request.path };
    };
    const exported: Exported<ProposalInterface> = objects.export<ProposalInterface>(
        proposalPath(first),
        proposalTable,
        {
            properties: () => ({
                ...toProperties(current, proposals.undoneBefore(current)),
                Confirmation: proposals.confirmationOf(current),
                Grantable: isGrantable(current, { grants, incidents }),
            }),
            methods: {
                Apply: ({ digest, options }, { sender }) => {
                    const { handle_token: token, confirmation } = readOptions(options, applyOptions);
                    return start(sender, token, {
                        assert: () => proposals.assertApplicable(id, digest, { confirmation }),
                        act: approval => proposals.apply(id, digest, { ...approval, confirmation }),
                    });
                },
                Finish: ({ digest, options }, { sender }) =>
                    start(sender, readOptions(options, requestOptions).handle_token, {
                        assert: () => proposals.assertFinishable(id, digest),
                        act: approval => proposals.finish(id, digest, approval),
                    }),
                CheckUndo: async ({ digest }) => {
                    await proposals.assertUndoable(id, digest);
                },
                Undo: ({ digest, options }, { sender }) =>
                    start(sender, readOptions(options, requestOptions).handle_token, {
                        assert: () => proposals.assertUndoable(id, digest),
                        act: approval => proposals.undo(id, digest, approval),
                    }),
                Decline: async (_args, { sender }) => {
                    proposals.decline(id, await callers.authorise(sender));
                },
            },
        },
    );
    return {
        changed: proposal => {
            current = proposal;
            exported.changed();
        },
        refresh: () => {
            if (current.state === 'applied' || current.state === 'partial') exported.changed();
        },
        remove: () => {
            exported[Symbol.dispose]();
        },
    };
}

function lineWriter(write: (text: string) => void): (line: string) => void {
    return line => {
        write(`${line}\n`);
    };
}

function toFinish(proposal: Proposal, { result, gone, detail, done, total }: Outcome): Finish {
    return {
        outcome: result,
        results: {
            proposal: variant('o', proposalPath(proposal)),
            [proposal.owner.kind]: variant('o', ownerPath(proposal.owner)),
            gone: variant('b', gone),
            detail: variant('s', detail),
            steps_done: variant('u', done),
            steps_total: variant('u', total),
        },
    };
}

/** Whether it can be allowed for the next times, and is not yet. */
function isGrantable(proposal: Proposal, { grants, incidents }: { grants: Grants; incidents: Incidents }): boolean {
    if (termsFor(proposal, incidents) === null) return false;
    const incident = incidents.get(proposal.owner.id);
    return incident !== undefined && grants.allowing(incident, proposal.plan) === undefined;
}

function toProperties(
    proposal: Proposal,
    undoFirst: readonly Proposal[],
): Omit<ProposalInterface['properties'], 'Confirmation' | 'Grantable'> {
    const { id, owner, number, plan, digest, state, outcome, applied, grant } = proposal;
    const [undo, finish] = [undoSteps(proposal), finishSteps(proposal)];
    return {
        version: 1,
        Id: id,
        Number: number,
        Incident: owner.kind === 'incident' ? ownerPath(owner) : '/',
        Task: owner.kind === 'task' ? ownerPath(owner) : '/',
        Action: plan.action,
        Title: plan.title,
        Explanation:
            plan.proposedBy === undefined
                ? plan.explanation
                : _('{model} suggests this: {reason}', { model: plan.proposedBy, reason: plan.explanation }),
        ProposedBy: plan.proposedBy ?? '',
        Steps: stepDictionaries(plan.steps),
        Risk: risk.options.indexOf(plan.risk) + 1,
        RiskText: plan.riskText,
        Opens: plan.isOpening === true,
        Reversible: plan.undo !== null,
        UndoText: plan.undo?.text ?? '',
        UndoSteps: stepDictionaries(undo),
        UndoFirst: undoFirst.map(proposalPath),
        Applied: applied,
        Grant: grant,
        Authentication: plan.authentication,
        Passwords: passwordsOf({ plan, kind: 'apply', steps: plan.steps }),
        UndoPasswords: passwordsOf({ plan, kind: 'undo', steps: undo }),
        FinishSteps: stepDictionaries(finish),
        FinishDigest: finishDigest(proposal),
        FinishPasswords: passwordsOf({ plan, kind: 'finish', steps: finish }),
        Digest: digest,
        State: proposalState.options.indexOf(state),
        Outcome: outcome,
    };
}

/** Each with the call that carries it out, unless that of the step before it does so too. */
function stepDictionaries(steps: readonly Step[]): Dictionary[] {
    return joinCalls(steps).flatMap(({ steps: joined, call }) =>
        joined.map((step, index) => ({ ...stepDictionary(step), ...(index === 0 && callDictionary(call)) })),
    );
}

function stepDictionary({ description, command, commands, cleanup, diff }: Step): Dictionary {
    return {
        description: variant('s', description),
        command: variant('s', command),
        ...(commands !== undefined && { commands: variant('as', commands) }),
        ...(cleanup !== undefined && { cleanup: variant('s', cleanup) }),
        ...(diff !== undefined && { diff: variant('s', diff) }),
    };
}

function callDictionary(call: BusCall): Dictionary {
    return {
        bus: variant('s', call.bus),
        destination: variant('s', call.destination),
        path: variant('o', call.path),
        interface: variant('s', call.interface),
        member: variant('s', call.member),
        signature: variant('s', call.signature),
        arguments: variant('as', call.arguments.map(printArgument)),
    };
}

function printArgument(argument: BusValue): string {
    return JSON.stringify(shown(argument));
}

/** Variants as their values; byte arrays by their hash, since they are long. */
function shown(value: BusValue): unknown {
    if (typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(shown);
    if ('value' in value) return shown(value.value);
    const bytes = Buffer.from(value.base64, 'base64');
    return `${bytes.length} bytes, SHA-256 ${sha256(bytes)}`;
}
