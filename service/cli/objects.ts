/** The service's objects on the bus, parsed: dbus-interfaces/ documents their meaning. */
import * as z from 'zod';

/** 64-bit integers come as bigint only when they are beyond what a number holds, which none of ours is. */
const count = z.union([z.number(), z.bigint()]).transform(Number);
const text = z.string();

/** A numeric enumeration of the interface as words. */
function words<const T extends readonly string[]>(names: T, first = 0) {
    return z.number().transform((value): T[number] | 'unknown' => names[value - first] ?? 'unknown');
}

export const evidenceSchema = z.object({ source: text, time: count, origin: text, message: text, cursor: text });
export type Evidence = z.infer<typeof evidenceSchema>;

/** What a person can do about an incident. */
const guidedStepSchema = z.object({ text, seen: z.boolean(), panel: text });

export const managerSchema = z
    .object({
        ServiceVersion: text,
        State: words(['starting', 'watching', 'degraded', 'paused']),
        PausedSince: count,
        OpenIncidents: count,
        Answerer: text,
        Sources: z.array(
            z.object({
                name: text,
                state: words(['off', 'starting', 'watching', 'waiting', 'unavailable']),
                detail: text,
                events: count,
                lost: count,
            }),
        ),
        Notices: z.array(z.object({ code: text, text, remedy: text })),
        Muted: z.array(z.object({ family: text, scope: text, subject: text, since: count })),
    })
    .transform(manager => ({
        version: manager.ServiceVersion,
        state: manager.State,
        pausedSince: manager.PausedSince,
        openIncidents: manager.OpenIncidents,
        answerer: manager.Answerer,
        sources: manager.Sources,
        notices: manager.Notices,
        muted: manager.Muted,
    }));
export type Manager = z.infer<typeof managerSchema>;

export const incidentSchema = z
    .object({
        path: text,
        Id: count,
        Family: text,
        LocalRule: text,
        Kind: text,
        Subject: text,
        Scope: text,
        Severity: words(['low', 'medium', 'high', 'critical'], 1),
        Title: text,
        Summary: text,
        Cause: text,
        State: words(['open', 'fixing', 'fixed', 'recovered', 'dismissed', 'removed']),
        StillWrong: text,
        FirstSeen: count,
        Began: count,
        LastSeen: count,
        Count: count,
        Affected: z.array(text),
        Evidence: z.array(evidenceSchema),
        Steps: z.array(guidedStepSchema),
        Proposals: z.array(text),
        Looking: z.boolean(),
    })
    .transform(incident => ({
        path: incident.path,
        id: incident.Id,
        family: incident.Family,
        localRule: incident.LocalRule,
        kind: incident.Kind,
        subject: incident.Subject,
        scope: incident.Scope,
        severity: incident.Severity,
        title: incident.Title,
        summary: incident.Summary,
        cause: incident.Cause,
        state: incident.State,
        stillWrong: incident.StillWrong,
        firstSeen: incident.FirstSeen,
        began: incident.Began,
        lastSeen: incident.LastSeen,
        count: incident.Count,
        affected: incident.Affected,
        evidence: incident.Evidence,
        guide: incident.Steps,
        proposals: incident.Proposals,
        isLooking: incident.Looking,
        isOpen: incident.State === 'open' || incident.State === 'fixing',
    }));
export type Incident = z.infer<typeof incidentSchema>;

const stepSchema = z.object({
    description: text,
    command: text,
    commands: z.array(text).optional(),
    cleanup: text.optional(),
    diff: text.optional(),
    /** Absent with all that follows when the call of the step before carries it out too. */
    bus: text.optional(),
    destination: text.optional(),
    path: text.optional(),
    interface: text.optional(),
    member: text.optional(),
    signature: text.optional(),
    arguments: z.array(text).optional(),
});
export type Step = z.infer<typeof stepSchema>;

export const proposalSchema = z
    .object({
        path: text,
        Id: count,
        Number: count,
        Action: text,
        Title: text,
        Explanation: text,
        ProposedBy: text,
        Steps: z.array(stepSchema),
        Risk: words(['low', 'medium', 'high'], 1),
        Confirmation: text,
        RiskText: text,
        Opens: z.boolean(),
        Reversible: z.boolean(),
        Grantable: z.boolean(),
        UndoText: text,
        UndoSteps: z.array(stepSchema),
        UndoFirst: z.array(text),
        Applied: count,
        Authentication: z.boolean(),
        Passwords: count,
        UndoPasswords: count,
        FinishSteps: z.array(stepSchema),
        FinishDigest: text,
        FinishPasswords: count,
        Digest: text,
        State: words(['offered', 'applying', 'applied', 'failed', 'undoing', 'undone', 'void', 'declined', 'partial']),
        Outcome: text,
    })
    .transform(proposal => ({
        path: proposal.path,
        id: proposal.Id,
        number: proposal.Number,
        action: proposal.Action,
        title: proposal.Title,
        explanation: proposal.Explanation,
        isByModel: proposal.ProposedBy !== '',
        steps: proposal.Steps,
        risk: proposal.Risk,
        confirmation: proposal.Confirmation,
        riskText: proposal.RiskText,
        opens: proposal.Opens,
        reversible: proposal.Reversible,
        grantable: proposal.Grantable,
        undoText: proposal.UndoText,
        undoSteps: proposal.UndoSteps,
        undoFirst: proposal.UndoFirst,
        applied: proposal.Applied,
        authentication: proposal.Authentication,
        passwords: proposal.Passwords,
        undoPasswords: proposal.UndoPasswords,
        finishSteps: proposal.FinishSteps,
        finishDigest: proposal.FinishDigest,
        finishPasswords: proposal.FinishPasswords,
        digest: proposal.Digest,
        state: proposal.State,
        outcome: proposal.Outcome,
    }));
export type Proposal = z.infer<typeof proposalSchema>;

/** What the command calls the incident or the task that it is for, such as "11" or "t3". */
export function ownerOf({ path }: Pick<Proposal, 'path'>): string {
    const { kind, id = '' } = /\/(?<kind>incident|task)\/(?<id>\d+)\//.exec(path)?.groups ?? {};
    return kind === 'task' ? `t${id}` : id;
}

export const taskSchema = z
    .object({ path: text, Id: count, Created: count, Asked: text, Proposals: z.array(text) })
    .transform(task => ({
        path: task.path,
        id: task.Id,
        name: `t${task.Id}`,
        created: task.Created,
        asked: task.Asked,
        proposals: task.Proposals,
    }));
export type Task = z.infer<typeof taskSchema>;

const grantSchema = z
    .object({
        ...{ id: text, title: text, action: text, family: text, kind: text, subject: text, reason: text },
        ...{ made: count, ends: count, uses: count, uses_allowed: count, uses_per_hour: count, last_used: count },
        state: words(['usable', 'suspended', 'over', 'used-up']),
        root: z.boolean(),
    })
    .transform(({ uses_allowed: usesAllowed, uses_per_hour: usesPerHour, last_used: lastUsed, ...grant }) => {
        return { ...grant, usesAllowed, usesPerHour, lastUsed };
    });
export type Grant = z.infer<typeof grantSchema>;
export const grantsSchema = z.object({ Grants: z.array(grantSchema) }).transform(({ Grants: grants }) => grants);

export const declaredServersSchema = z.array(
    z.object({
        name: text,
        kind: text,
        unit: text,
        url: text,
        state: words(['stopped', 'starting', 'healthy', 'unhealthy', 'failed']),
        detail: text,
    }),
);
export type DeclaredServer = z.infer<typeof declaredServersSchema>[number];
export const logEntriesSchema = z.array(z.object({ time: count, message: text }));

const preferenceSchema = z.object({
    ...{ id: count, made: count, said: text, kind: text, name: text, thing: text },
    actions: z.array(z.string()),
});
export type Preference = z.infer<typeof preferenceSchema>;
export const preferencesSchema = z
    .object({ Preferences: z.array(preferenceSchema) })
    .transform(({ Preferences: preferences }) => preferences);

export const timelineEntrySchema = z.object({
    id: count,
    time: count,
    kind: text,
    event: text,
    subject: text,
    source: text,
    summary: text,
    detail: text,
    facts: z.record(text, text),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const auditEntrySchema = z.object({
    id: count,
    time: count,
    event: text,
    actor: text,
    subject: text,
    detail: text,
    hash: text,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const checkSchema = z.object({
    id: text,
    title: text,
    status: words(['fine', 'note', 'problem']),
    detail: text,
    remedy: text,
});
export type Check = z.infer<typeof checkSchema>;

const transferSchema = z.object({
    id: text,
    name: text,
    kind: words(['download', 'import']),
    received: count,
    total: count,
    step: text,
    running: z.boolean(),
});
export type Transfer = z.infer<typeof transferSchema>;

export const modelsSchema = z
    .object({
        Installed: z.array(
            z.object({
                id: text,
                name: text,
                path: text,
                size: count,
                sha256: text,
                installed: count,
                origin: text,
                revision: text,
                architecture: text,
                parameters: count,
                quantisation: text,
                licence: text,
                context: count,
                need: count,
                template: words(['none', 'plain', 'tools']),
            }),
        ),
        Quick: text,
        Hard: text,
        Transfers: z.array(transferSchema),
        Computing: z.object({
            accelerator: z.enum(['cuda', 'vulkan', 'cpu', 'remote', '']).catch(''),
            device: text,
            why: text,
            tried: z.array(z.object({ accelerator: text, works: z.boolean(), device: text, detail: text })),
            loaded: text,
            layers: count,
            layers_accelerated: count,
            memory: count,
            memory_gpu: count,
            context: count,
            threads: count,
        }),
    })
    .transform(models => ({
        installed: models.Installed,
        quick: models.Quick,
        hard: models.Hard,
        transfers: models.Transfers,
        computing: models.Computing,
    }));
export type Models = z.infer<typeof modelsSchema>;

/** The properties that change during a transfer of a model. */
export const modelsChange = z.object({ Transfers: z.array(transferSchema).optional() });

export const catalogueModelSchema = z.object({
    id: text,
    name: text,
    family: text,
    parameters: z.number(),
    active_parameters: z.number(),
    quantisation: text,
    licence: text,
    repository: text,
    file: text,
    revision: text,
    size: count,
    size_known: z.boolean(),
    sha256: text,
    context: count,
    tool_calls: text,
    need: count,
    place: words(['gpu', 'split', 'cpu', 'none']),
    has_space: z.boolean(),
    fast: z.boolean(),
    roles: z.array(text),
    reason: text,
    installed: z.boolean(),
});
export type CatalogueModel = z.infer<typeof catalogueModelSchema>;

export const surveySchema = z.object({
    gpus: z.array(z.object({ name: text, driver: text, memory: count, memory_free: count })),
    memory: count,
    memory_available: count,
    cores: count,
    disk: count,
    model_memory: count,
    model_gpu_memory: count,
    missing_package: text,
});
export type Survey = z.output<typeof surveySchema>;
