/** Mistakes of callers, and reasons why the service cannot serve one; documented in docs/dbus.md. */
export const errorCodes = {
    InvalidArgument: 'An argument or option has the wrong type or value; the message names it.',
    TooLarge: 'An argument is larger than documented.',
    NotFound: 'The incident, proposal or request does not exist, or no longer exists.',
    NotAuthorized: 'This caller may not do that.',
    DigestMismatch: 'The digest does not match the current plan.',
    PlanChanged: 'The system has changed since the plan was made; read the new plan.',
    InvalidState: 'The object does not allow that in its current state.',
    NotReversible: 'This change cannot be undone.',
    ConfirmationRequired: 'A plan of high risk needs the typed name of its subject as confirmation.',
    Paused: 'The service is paused; call Manager.Resume first.',
    Busy: 'Too many requests at once; try again in a moment.',
    Unavailable: 'Something that the service needs is missing or not running.',
    UnusableModel: 'A model file is damaged, or of a kind that cannot be run; the message says which.',
    DoesNotFit: 'The model is too large for this computer; the message says what would fit.',
    NoSpace: 'There is not enough disk space; the message says how much is missing.',
    WrongChecksum: 'The downloaded file has the wrong checksum and was deleted.',
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
