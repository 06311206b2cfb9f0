import { ReeveError, type ErrorCode } from '../util/errors.ts';

/** The errors of models, with their names on the bus. */
const problems = {
    /** The model's output is unusable, although the grammar allowed nothing else. */
    AnswerUnusable: 'Unavailable',
    /** No model has been chosen, or its file is gone. */
    NoModel: 'Unavailable',
    /** The file is no model, is damaged, or is of an unsupported kind. */
    ModelFileBad: 'Unavailable',
    /** The file has changed since it was loaded. */
    ModelFileChanged: 'Unavailable',
    /** Model and context do not fit into memory. */
    OutOfMemory: 'Unavailable',
    /** The prompt alone is larger than the context. */
    ContextFull: 'TooLarge',
    /** The process that runs the model died. */
    WorkerCrashed: 'Unavailable',
    /** It gave no sign of life and was killed. */
    WorkerHung: 'Unavailable',
    /** It died so often that it gets a pause. */
    WorkerResting: 'Busy',
    /** node-llama-cpp or its binaries are not installed or do not run here. */
    NotInstalled: 'Unavailable',
    /** The model had to leave memory: suspend, a game, memory pressure. */
    Unloaded: 'Unavailable',
    TimedOut: 'Unavailable',
    Aborted: 'Cancelled',
    /** Too many requests wait already. */
    Busy: 'Busy',
    /** The backend does not support the request; a defect of the caller. */
    BadRequest: 'InvalidArgument',
    /** The server does not answer at its address. */
    RemoteUnreachable: 'Unavailable',
    /** The server refuses the key, or wants one. */
    RemoteDenied: 'NotAuthorized',
    /** The server says that it is overloaded or that a quota is used up. */
    RemoteBusy: 'Busy',
    /** The server says that it failed, or that it does not know the model. */
    RemoteFailed: 'Unavailable',
    /** The server's response is invalid: no protocol, no JSON, a call that fits no tool, without an end. */
    RemoteGarbled: 'Unavailable',
    /** The server sends more than any answer can be. */
    RemoteTooLarge: 'Unavailable',
} as const satisfies Record<string, ErrorCode>;

export type InferenceProblem = keyof typeof problems;

/** A failed request to a model. The message explains to people what happened and what they can do. */
export class InferenceError extends ReeveError {
    readonly problem: InferenceProblem;

    constructor(problem: InferenceProblem, message: string, options?: ErrorOptions) {
        super(problems[problem], message, options);
        this.name = 'InferenceError';
        this.problem = problem;
    }
}
