import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

/** A failed call: `name` is the D-Bus error, `message` that of the other side, without GDBus's own prefix. */
export class CallError extends Error {
    override readonly name: string;

    constructor(name: string, message: string) {
        super(message);
        this.name = name;
    }
}

export type Call = {
    destination: string;
    path: string;
    interface: string;
    member: string;
    parameters?: GLib.Variant;
    /** Milliseconds. Short by default: an activation that fails is never answered at all. */
    timeout?: number;
};

const defaultTimeout = 5000;

/**
 * Calls a method and unpacks its reply.
 * @throws CallError, also when `cancellable` was cancelled
 */
export function call(
    connection: Gio.DBusConnection,
    { destination, path, interface: iface, member, parameters, timeout = defaultTimeout }: Call,
    cancellable: Gio.Cancellable,
): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
        connection.call(
            destination,
            path,
            iface,
            member,
            parameters ?? null,
            null,
            Gio.DBusCallFlags.NONE,
            timeout,
            cancellable,
            (_connection, result) => {
                try {
                    resolve(connection.call_finish(result).recursiveUnpack() as unknown[]);
                } catch (error) {
                    reject(asCallError(error));
                }
            },
        );
    });
}

function asCallError(error: unknown): CallError {
    if (!(error instanceof GLib.Error)) return new CallError('', String(error));
    const name = Gio.DBusError.get_remote_error(error) ?? GLib.quark_to_string(error.domain);
    return new CallError(name, error.message.replace(/^GDBus\.Error:[\w.]+: /, ''));
}

/** Subscribes to a signal with unpacked arguments; the returned function ends it. */
export function subscribe(
    connection: Gio.DBusConnection,
    match: { sender: string; interface: string; member: string; path: string | null },
    handler: (path: string, body: unknown[]) => void,
): () => void {
    const id = connection.signal_subscribe(
        match.sender,
        match.interface,
        match.member,
        match.path,
        null,
        Gio.DBusSignalFlags.NONE,
        (_connection, _sender, path, _interface, _member, parameters) => {
            handler(path, parameters.recursiveUnpack() as unknown[]);
        },
    );
    return () => {
        connection.signal_unsubscribe(id);
    };
}
