/** How the `reeve` command ends. */

/** Documented in `reeve --help`; scripts rely on them. */
export const exit = {
    ok: 0,
    /** Success, but the answer is that something is wrong. */
    notWell: 1,
    usage: 2,
    unavailable: 3,
    refused: 4,
    notFound: 5,
    failed: 6,
    interrupted: 130,
} as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

/** A mistake in the command line. */
export class UsageError extends Error {}

/** Ends the command with a message and an exit code. */
export class CommandError extends Error {
    readonly code: ExitCode;
    /** Stable, for scripts: the last part of a D-Bus error's name, or a word of ours. */
    readonly reason: string;

    constructor(code: ExitCode, reason: string, message: string, options?: ErrorOptions) {
        super(message, options);
        this.code = code;
        this.reason = reason;
    }
}
