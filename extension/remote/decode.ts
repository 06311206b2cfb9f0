import type { UnitFacts } from '../state/absence.js';
import type {
    AssistantProperties,
    GrantsProperties,
    IncidentProperties,
    ManagerProperties,
    ProposalProperties,
    RequestProperties,
} from './generated/interfaces.js';
import type {
    Check,
    Evidence,
    Figure,
    Grant,
    GuidedStep,
    Incident,
    IncidentState,
    Lookup,
    Manager,
    ManagerState,
    Muted,
    Notice,
    PastConversation,
    PastExchange,
    Proposal,
    ProposalState,
    RequestOutcome,
    RequestResult,
    Severity,
    Source,
    SourceState,
    Step,
} from './model.js';

/** An unpacked a{sv}. */
export type Dictionary = Readonly<Record<string, unknown>>;

/** Properties by the names of the contract. One that came over the bus may be missing, or have another type. */
export type Incoming<Contract> = { readonly [Name in keyof Contract]?: unknown };

// A missing or wrongly typed value reads as empty: the Shell must be able to draw anything.
type Has<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

export const text = <Name extends string>(from: Has<NoInfer<Name>>, name: Name): string => {
    const value = from[name];
    return typeof value === 'string' ? value : '';
};
export const number = <Name extends string>(from: Has<NoInfer<Name>>, name: Name): number => {
    const value = from[name];
    return typeof value === 'number' ? value : 0;
};
const list = <Name extends string>(from: Has<NoInfer<Name>>, name: Name): readonly unknown[] => {
    const value = from[name];
    return Array.isArray(value) ? value : [];
};
export const texts = <Name extends string>(from: Has<NoInfer<Name>>, name: Name): string[] =>
    list(from, name).filter(value => typeof value === 'string');
export const dictionaries = <Name extends string>(from: Has<NoInfer<Name>>, name: Name): Dictionary[] =>
    list(from, name).filter((value): value is Dictionary => typeof value === 'object' && value !== null);

// The numbers are those of dbus-interfaces/.
const managerStates: readonly ManagerState[] = ['starting', 'watching', 'degraded', 'paused'];
const sourceStates: readonly SourceState[] = ['off', 'starting', 'watching', 'waiting', 'unavailable'];
const severities: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const incidentStates: readonly IncidentState[] = ['open', 'fixing', 'fixed', 'recovered', 'dismissed', 'removed'];
const proposalStates: readonly ProposalState[] = [
    'offered',
    'applying',
    'applied',
    'failed',
    'undoing',
    'undone',
    'void',
    'declined',
    'partial',
];
const outcomes: readonly RequestOutcome[] = ['success', 'failed', 'cancelled', 'refused', 'still-wrong'];

export function decodeManager(from: Incoming<ManagerProperties>): Manager {
    return {
        state: managerStates[number(from, 'State')] ?? 'starting',
        serviceVersion: text(from, 'ServiceVersion'),
        pausedSince: number(from, 'PausedSince'),
        openIncidents: number(from, 'OpenIncidents'),
        answering: from.Answering === true,
        answerer: text(from, 'Answerer'),
        demo: from.Demo === true,
        sources: dictionaries(from, 'Sources').map(decodeSource),
        notices: dictionaries(from, 'Notices').map(decodeNotice),
        muted: dictionaries(from, 'Muted').map(decodeMuted),
    };
}

/** The reply of Doctor. */
export function decodeChecks(reply: unknown): Check[] {
    return dictionaries({ checks: reply }, 'checks').map(from => ({
        title: text(from, 'title'),
        // What this version does not know is not said to be wrong.
        status: (['fine', 'note', 'problem'] as const)[number(from, 'status')] ?? 'note',
        detail: text(from, 'detail'),
        remedy: text(from, 'remedy'),
    }));
}

export function decodeGrants(from: Incoming<GrantsProperties>): readonly Grant[] {
    return dictionaries(from, 'Grants').map(grant => ({
        id: text(grant, 'id'),
        title: text(grant, 'title'),
        ends: number(grant, 'ends'),
        uses: number(grant, 'uses'),
        usesAllowed: number(grant, 'uses_allowed'),
        // One in a state that this version does not know is not used.
        state: (['usable', 'suspended', 'over', 'used-up'] as const)[number(grant, 'state')] ?? 'over',
        reason: text(grant, 'reason'),
    }));
}

function decodeMuted(from: Dictionary): Muted {
    return {
        family: text(from, 'family'),
        scope: text(from, 'scope'),
        subject: text(from, 'subject'),
        since: number(from, 'since'),
    };
}

function decodeSource(from: Dictionary): Source {
    return {
        name: text(from, 'name'),
        state: sourceStates[number(from, 'state')] ?? 'off',
        detail: text(from, 'detail'),
        events: number(from, 'events'),
        lost: number(from, 'lost'),
    };
}

function decodeNotice(from: Dictionary): Notice {
    return { code: text(from, 'code'), text: text(from, 'text'), remedy: text(from, 'remedy') };
}

export function decodeIncident(path: string, from: Incoming<IncidentProperties>): Incident {
    return {
        path,
        id: number(from, 'Id'),
        family: text(from, 'Family'),
        localRule: text(from, 'LocalRule'),
        subject: text(from, 'Subject'),
        severity: severities[number(from, 'Severity') - 1] ?? 'medium',
        title: text(from, 'Title'),
        summary: text(from, 'Summary'),
        cause: text(from, 'Cause'),
        state: incidentStates[number(from, 'State')] ?? 'open',
        stillWrong: text(from, 'StillWrong'),
        firstSeen: number(from, 'FirstSeen'),
        began: number(from, 'Began') || number(from, 'FirstSeen'),
        lastSeen: number(from, 'LastSeen'),
        count: number(from, 'Count'),
        affected: texts(from, 'Affected'),
        evidence: dictionaries(from, 'Evidence').map(decodeEvidence),
        steps: dictionaries(from, 'Steps').map(decodeGuidedStep),
        proposals: texts(from, 'Proposals'),
        isLooking: from.Looking === true,
        announcedWith: number(from, 'AnnouncedWith'),
        notification: (['none', 'wanted', 'shown'] as const)[number(from, 'Notification')] ?? 'none',
    };
}

function decodeGuidedStep(from: Dictionary): GuidedStep {
    return { text: text(from, 'text'), isSeen: from.seen === true, panel: text(from, 'panel') };
}

function decodeEvidence(from: Dictionary): Evidence {
    return {
        source: text(from, 'source'),
        time: number(from, 'time'),
        origin: text(from, 'origin'),
        message: text(from, 'message'),
    };
}

export function decodeProposal(path: string, from: Incoming<ProposalProperties>): Proposal {
    return {
        path,
        id: number(from, 'Id'),
        incident: text(from, 'Incident'),
        owner: isOfTask(from) ? text(from, 'Task') : text(from, 'Incident'),
        action: text(from, 'Action'),
        title: text(from, 'Title'),
        explanation: text(from, 'Explanation'),
        proposedBy: text(from, 'ProposedBy'),
        steps: dictionaries(from, 'Steps').map(decodeStep),
        // A risk that this version does not know is treated as the highest.
        risk: (['low', 'medium', 'high'] as const)[number(from, 'Risk') - 1] ?? 'high',
        riskText: text(from, 'RiskText'),
        confirmation: text(from, 'Confirmation'),
        opens: from.Opens === true,
        reversible: from.Reversible === true,
        grant: text(from, 'Grant'),
        grantable: from.Grantable === true,
        undoText: text(from, 'UndoText'),
        undoSteps: dictionaries(from, 'UndoSteps').map(decodeStep),
        undoFirst: texts(from, 'UndoFirst'),
        applied: number(from, 'Applied'),
        passwords: number(from, 'Passwords'),
        undoPasswords: number(from, 'UndoPasswords'),
        finishPasswords: number(from, 'FinishPasswords'),
        finishSteps: dictionaries(from, 'FinishSteps').map(decodeStep),
        finishDigest: text(from, 'FinishDigest'),
        digest: text(from, 'Digest'),
        state: proposalStates[number(from, 'State')] ?? 'void',
        outcome: text(from, 'Outcome'),
    };
}

function isOfTask(from: Incoming<ProposalProperties>): boolean {
    return !['', '/'].includes(text(from, 'Task'));
}

function decodeStep(from: Dictionary): Step {
    return {
        description: text(from, 'description'),
        command: text(from, 'command'),
        commands: texts(from, 'commands'),
        cleanup: text(from, 'cleanup'),
        diff: text(from, 'diff'),
        bus: text(from, 'bus'),
        destination: text(from, 'destination'),
        path: text(from, 'path'),
        interface: text(from, 'interface'),
        member: text(from, 'member'),
        arguments: texts(from, 'arguments'),
    };
}

export function decodeSuggestions(from: Incoming<AssistantProperties>): string[] {
    return texts(from, 'Suggestions');
}

/** Of a Request: `result` is what its Finished signal carries, null while it runs. */
export function decodeRequest(from: Incoming<RequestProperties>): {
    text: string;
    lookups: Lookup[];
    result: RequestResult | null;
} {
    // State 0 is running; 1, 2 and 3 stand for the outcomes 0, 1 and 2.
    const state = number(from, 'State');
    const [results = {}] = dictionaries({ Results: [from.Results] }, 'Results');
    return {
        text: text(from, 'Text'),
        lookups: dictionaries(from, 'Steps').map(decodeLookup),
        result: state === 0 ? null : decodeResult(state - 1, results),
    };
}

export function decodeLookup(from: Dictionary): Lookup {
    return {
        number: number(from, 'number'),
        limit: number(from, 'limit'),
        state: (['begun', 'done', 'failed'] as const)[number(from, 'state')] ?? 'done',
        tool: text(from, 'tool'),
        title: text(from, 'title') || text(from, 'tool'),
        touched: texts(from, 'touched'),
        touchedMore: number(from, 'touched_more'),
        output: text(from, 'output'),
    };
}

export function decodeUnit(from: Incoming<UnitFacts>): UnitFacts {
    return {
        loadState: text(from, 'loadState'),
        activeState: text(from, 'activeState'),
        result: text(from, 'result'),
        status: number(from, 'status'),
    };
}

/** The results of Request.Finished. */
export function decodeResult(outcome: number, from: Dictionary): RequestResult {
    return {
        outcome: outcomes[outcome] ?? 'failed',
        gone: from.gone === true,
        stepsDone: number(from, 'steps_done'),
        detail: text(from, 'message') || text(from, 'detail'),
        error: text(from, 'error'),
        evidence: dictionaries(from, 'evidence').map(decodeEvidence),
        suggestions: texts(from, 'suggestions'),
        figures: dictionaries(from, 'figures').flatMap(decodeFigure),
        choices: texts(from, 'choices'),
        answerer: decodeAnswerer(from),
        proposals: texts(from, 'proposals'),
        conversation: number(from, 'conversation'),
    };
}

/** One of another kind is left out: the answer has it in words. */
function decodeFigure(from: Dictionary): Figure[] {
    const words = { title: text(from, 'title'), text: text(from, 'text') };
    if (text(from, 'kind') === 'line') {
        const shares = Array.isArray(from.shares) ? from.shares.filter(share => typeof share === 'number') : [];
        const known = shares.map(share => (share < 0 ? null : share));
        return [{ kind: 'line', ...words, shares: known, begin: text(from, 'begin'), end: text(from, 'end') }];
    }
    if (text(from, 'kind') !== 'bars') return [];
    const bars = dictionaries(from, 'bars').map(bar => ({
        label: text(bar, 'label'),
        share: number(bar, 'share'),
        text: text(bar, 'text'),
    }));
    return [{ kind: 'bars', ...words, bars }];
}

function decodeAnswerer(from: Dictionary): string {
    const answerer = text(from, 'answerer');
    return answerer === 'built-in' ? '' : answerer;
}

/** The reply of Assistant.ListConversations. */
export function decodeConversations([conversations]: readonly unknown[]): PastConversation[] {
    return dictionaries({ conversations }, 'conversations').map(from => ({
        id: number(from, 'id'),
        changed: number(from, 'changed'),
        title: text(from, 'title'),
    }));
}

/** The reply of Assistant.GetConversation: each question with its answer, as they were kept. */
export function decodeConversation([messages]: readonly unknown[]): PastExchange[] {
    const exchanges: PastExchange[] = [];
    let question = '';
    for (const message of dictionaries({ messages }, 'messages')) {
        if (message.role === 'user') question = text(message, 'text');
        else {
            const evidence = dictionaries(message, 'evidence').map(decodeEvidence);
            const lookups = dictionaries(message, 'steps').map(decodeLookup);
            const answer = text(message, 'text');
            exchanges.push({ question, answer, answerer: decodeAnswerer(message), evidence, lookups });
            question = '';
        }
    }
    return exchanges;
}
