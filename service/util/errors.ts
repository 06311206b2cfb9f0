/** Everything that a caller can get wrong or that can keep us from serving one; documented in docs/dbus.md. */
export const errorCodes = {
    InvalidArgument: 'An argument or option has the wrong type or value; the message names it.',
    TooLarge: 'An argument is larger than documented.',
    NotFound: 'There is no such incident, proposal or request, or not any more.',
    NotAuthorized: 'This caller may not do that.',
    DigestMismatch: 'The digest is not that of the plan as it stands.',
    PlanChanged: 'The system has changed since the plan was made; look at the new plan.',
    InvalidState: 'That cannot be done in the state the object is in.',
    NotReversible: 'There is no way to take this change back.',
    ConfirmationRequired: 'A plan of high risk needs the name of its subject, typed, as confirmation.',
    Paused: 'The service is paused; call Manager.Resume first.',
    Busy: 'Too much is being done at once; try again in a moment.',
    Unavailable: 'Something outside of the service that is needed is not there.',
    UnusableModel: 'A model file is damaged, or of a kind that cannot be run; the message says which.',
    DoesNotFit: 'The model is too large for this computer; the message says what would fit.',
    NoSpace: 'There is not enough room on the disk; the message says how much is missing.',
    WrongChecksum: 'What was downloaded is not what it should be, and was thrown away.',
    Cancelled: 'The work was cancelled.',
    Internal: 'A defect of the service; its journal has the details.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error with a code of ours: it crosses the bus as org.reevedesktop.Reeve1.Error.CODE with `message` as its text. */
export class ReeveError extends Error {
    readonly code: ErrorCode;

    constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = 'ReeveError';
        this.code = code;
    }
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** What an error says, and where it was thrown. */
export function stackOf(error: unknown): string {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
