/**
 * The state of the service, as plain immutable values: a new state is a new object. Times are microseconds since the
 * Unix epoch. Texts are plain and may hold anything that a log can hold. The meaning of each field is documented in
 * dbus-interfaces/.
 */
export type ManagerState = 'starting' | 'watching' | 'degraded' | 'paused';
export type SourceState = 'off' | 'starting' | 'watching' | 'waiting' | 'unavailable';

export type Source = {
    readonly name: string;
    readonly state: SourceState;
    readonly detail: string;
    readonly events: number;
    readonly lost: number;
};

export type Notice = { readonly code: string; readonly text: string; readonly remedy: string };

/** One check of `reeve doctor`. */
export type Check = {
    readonly title: string;
    readonly status: 'fine' | 'note' | 'problem';
    readonly detail: string;
    readonly remedy: string;
};

/** What is muted; `since` in microseconds since the Unix epoch. */
export type Muted = {
    readonly family: string;
    readonly scope: string;
    readonly subject: string;
    readonly since: number;
};

export type Manager = {
    readonly state: ManagerState;
    readonly serviceVersion: string;
    readonly pausedSince: number;
    readonly openIncidents: number;
    readonly answering: boolean;
    readonly answerer: string;
    /** Whether the demo runs. */
    readonly demo: boolean;
    readonly sources: readonly Source[];
    readonly notices: readonly Notice[];
    readonly muted: readonly Muted[];
};

/** What Reeve may do without asking. */
export type Grant = {
    readonly id: string;
    readonly title: string;
    readonly ends: number;
    readonly uses: number;
    readonly usesAllowed: number;
    readonly state: 'usable' | 'suspended' | 'over' | 'used-up';
    /** Why it is suspended; empty unless it is. */
    readonly reason: string;
};

export type Severity = 'low' | 'medium' | 'high' | 'critical';
export type IncidentState = 'open' | 'fixing' | 'fixed' | 'recovered' | 'dismissed' | 'removed';

export type Evidence = {
    readonly source: string;
    /** 0 when unknown. */
    readonly time: number;
    readonly origin: string;
    readonly message: string;
};

export type GuidedStep = {
    readonly text: string;
    /** Reeve has seen that it is done. */
    readonly isSeen: boolean;
    /** The page of GNOME Settings where it is done; empty where there is none. */
    readonly panel: string;
};

export type Incident = {
    readonly path: string;
    readonly id: number;
    readonly family: string;
    /** File and line of the rule that somebody added and that reported it; empty for Reeve's own. */
    readonly localRule: string;
    readonly subject: string;
    readonly severity: Severity;
    readonly title: string;
    readonly summary: string;
    readonly cause: string;
    readonly state: IncidentState;
    readonly stillWrong: string;
    readonly firstSeen: number;
    /** When the present fault began: later than the first time when it was well in between. */
    readonly began: number;
    readonly lastSeen: number;
    readonly count: number;
    readonly affected: readonly string[];
    readonly evidence: readonly Evidence[];
    /** What a person can do, in this order. */
    readonly steps: readonly GuidedStep[];
    /** Object paths, best first. */
    readonly proposals: readonly string[];
    /** Whether the cause and fixes are being looked for. */
    readonly isLooking: boolean;
    /** How many other new incidents its notification stands for. */
    readonly announcedWith: number;
    readonly notification: 'none' | 'wanted' | 'shown';
};

export type ProposalState =
    | 'offered'
    | 'applying'
    | 'applied'
    | 'failed'
    | 'undoing'
    | 'undone'
    | 'void'
    | 'declined'
    /** It ended halfway, when it was applied or undone. */
    | 'partial';

export type Step = {
    readonly description: string;
    readonly command: string;
    /** Its parts, where it has several: one to a program, in order. */
    readonly commands: readonly string[];
    /** The last part, which is run however the others ended; empty when there is none. */
    readonly cleanup: string;
    /** Its difference to a file; empty when it changes none. */
    readonly diff: string;
    /** Empty, with all that follows, when the call of the step before it carries it out too. */
    readonly bus: string;
    readonly destination: string;
    readonly path: string;
    readonly interface: string;
    readonly member: string;
    /** As printed by the service. */
    readonly arguments: readonly string[];
};

export type Proposal = {
    readonly path: string;
    readonly id: number;
    /** Object path of the incident that it should end; "/" for one of a task. */
    readonly incident: string;
    /** Object path of the incident or of the task that it is for. */
    readonly owner: string;
    /** The typed action, such as "unit.restart". */
    readonly action: string;
    readonly title: string;
    readonly explanation: string;
    /** The name of the language model that proposed it; empty when it follows from our own rules. */
    readonly proposedBy: string;
    readonly steps: readonly Step[];
    readonly risk: 'low' | 'medium' | 'high';
    readonly riskText: string;
    /** What is typed before Apply; empty when nothing is. */
    readonly confirmation: string;
    /** It changes nothing, and only shows a window. */
    readonly opens: boolean;
    readonly reversible: boolean;
    /** The standing grant that allowed it; empty when a person approved it. */
    readonly grant: string;
    /** It can be allowed for the next times. */
    readonly grantable: boolean;
    readonly undoText: string;
    readonly undoSteps: readonly Step[];
    /** Paths of the later fixes that change the same things, the last one first. */
    readonly undoFirst: readonly string[];
    /** When it was approved last; the later, the higher; 0 for never. */
    readonly applied: number;
    /** How many times the system asks for a password, for each of the three. */
    readonly passwords: number;
    readonly undoPasswords: number;
    readonly finishPasswords: number;
    /** What is left of one that ended halfway; empty when there is nothing to finish. */
    readonly finishSteps: readonly Step[];
    readonly finishDigest: string;
    readonly digest: string;
    readonly state: ProposalState;
    readonly outcome: string;
};

/** Something that a language model looked up for an answer. */
export type Lookup = {
    /** From 1. */
    readonly number: number;
    /** How many there may be. */
    readonly limit: number;
    readonly state: 'begun' | 'done' | 'failed';
    readonly tool: string;
    readonly title: string;
    /** Files, commands and bus calls. */
    readonly touched: readonly string[];
    /** How many further sources were read. */
    readonly touchedMore: number;
    /** The result that the model got; empty while it has not ended. */
    readonly output: string;
};

/** An attachment to a question; `isCut` when it was truncated. */
export type Attachment = { readonly kind: 'selection' | 'text'; readonly text: string; readonly isCut: boolean };

export type Question = {
    readonly text: string;
    /** The incident that it is about. */
    readonly about: { readonly id: number; readonly title: string } | null;
    readonly attachments: readonly Attachment[];
};

/**
 * `success` for a fix means that the check found nothing wrong after it; `still-wrong` that it was applied and did not
 * help.
 */
export type RequestOutcome = 'success' | 'failed' | 'cancelled' | 'refused' | 'still-wrong';

/** Numbers of an answer; `text` has them in words. Shares are from 0 to 1. */
export type Figure = { readonly title: string; readonly text: string } & (
    | {
          readonly kind: 'bars';
          readonly bars: readonly { readonly label: string; readonly share: number; readonly text: string }[];
      }
    | {
          readonly kind: 'line';
          /** The oldest first; null where nothing is known. */
          readonly shares: readonly (number | null)[];
          readonly begin: string;
          readonly end: string;
      }
);

export type RequestResult = {
    readonly outcome: RequestOutcome;
    /** For a fix: whether the check found the symptom gone; a success with false here could not be checked. */
    readonly gone: boolean;
    /** For a fix: how many of its steps were done. */
    readonly stepsDone: number;
    /** The outcome, in words; for a failure, the reason. */
    readonly detail: string;
    /** The D-Bus error behind a failure, else empty. */
    readonly error: string;
    readonly evidence: readonly Evidence[];
    readonly suggestions: readonly string[];
    /** What is drawn below the answer. */
    readonly figures: readonly Figure[];
    /** Questions, one of which may be meant: the answer asks which one. */
    readonly choices: readonly string[];
    /** The name of the language model that wrote the answer or a part of it; empty for none. */
    readonly answerer: string;
    /** Object paths of the plans for a wish, or of the fixes that the model proposed. */
    readonly proposals: readonly string[];
    /** Where question and answer were kept; 0 for nowhere. */
    readonly conversation: number;
};

/** A conversation that was kept. */
export type PastConversation = { readonly id: number; readonly changed: number; readonly title: string };

/** A question and its answer in a conversation that was kept; `answerer` and `evidence` as in a result. */
export type PastExchange = {
    readonly question: string;
    readonly answer: string;
    readonly answerer: string;
    readonly evidence: readonly Evidence[];
    readonly lookups: readonly Lookup[];
};
