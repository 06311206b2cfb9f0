/** An error as D-Bus knows it: what another service answered us, or what a caller of ours is answered. */
export class BusError extends Error {
    /** For example "org.freedesktop.DBus.Error.NoReply". */
    readonly errorName: string;

    constructor(errorName: string, message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = 'BusError';
        this.errorName = errorName;
    }
}

/** An error of the D-Bus specification, for example `standardError('UnknownMethod', …)`. */
export function standardError(name: string, message: string, options?: ErrorOptions): BusError {
    return new BusError(`org.freedesktop.DBus.Error.${name}`, message, options);
}
