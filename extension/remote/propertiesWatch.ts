import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import { call, CallError, subscribe } from './bus.js';
import type { Dictionary } from './decode.js';
import { requestInterface } from './generated/interfaces.js';
import { busName, propertiesInterface, rootPath } from './names.js';

/** The outcome of a Request; `error` is the D-Bus name of the error, empty for a success. */
export type Finished = { outcome: 'success' | 'failed' | 'cancelled'; error: string; message: string };

const outcomes: readonly Finished['outcome'][] = ['success', 'failed', 'cancelled'];
let lastToken = 0;

/**
 * One interface of the service's root object, for the preferences window, which is a process of its own without the Shell's
 * modules. It starts the service, as any call would.
 */
export class PropertiesWatch<T> {
    readonly #connection: Gio.DBusConnection;
    readonly #interface: string;
    readonly #decode: (properties: Dictionary) => T;
    readonly #onChanged: (state: T | null) => void;
    readonly #cancellable = new Gio.Cancellable();
    readonly #unsubscribe: () => void;
    readonly #nameWatch: number;
    /** Ends the running requests when the service has gone. */
    readonly #abandon = new Set<() => void>();
    #properties: Dictionary | null = null;

    /** @param onChanged called with null while the service is absent */
    constructor(
        connection: Gio.DBusConnection,
        iface: string,
        decode: (properties: Dictionary) => T,
        onChanged: (state: T | null) => void,
    ) {
        this.#connection = connection;
        this.#interface = iface;
        this.#decode = decode;
        this.#onChanged = onChanged;
        this.#unsubscribe = subscribe(
            connection,
            { sender: busName, interface: propertiesInterface, member: 'PropertiesChanged', path: rootPath },
            (_path, [changedInterface, changed]) => {
                if (changedInterface !== iface || this.#properties === null) return;
                this.#show({ ...this.#properties, ...(changed as Dictionary) });
            },
        );
        this.#nameWatch = Gio.bus_watch_name_on_connection(
            connection,
            busName,
            Gio.BusNameWatcherFlags.AUTO_START,
            () => {
                this.#load().catch(() => {
                    this.#show(null);
                });
            },
            () => {
                for (const abandon of [...this.#abandon]) abandon();
                this.#show(null);
            },
        );
    }

    destroy(): void {
        Gio.bus_unwatch_name(this.#nameWatch);
        this.#unsubscribe();
        this.#cancellable.cancel();
        for (const abandon of [...this.#abandon]) abandon();
    }

    /** @param timeout in milliseconds. @throws CallError */
    call(member: string, parameters: GLib.Variant, timeout?: number): Promise<unknown[]> {
        return this.#call(this.#interface, member, parameters, timeout);
    }

    /**
     * Calls a method that returns a Request, and waits for its end. It goes on when the window is closed.
     *
     * @param parameters those of the method, given the options with the token
     * @throws CallError when the call fails or the service goes away
     */
    async request(
        member: string,
        parameters: (options: Record<string, GLib.Variant>) => GLib.Variant,
    ): Promise<Finished> {
        lastToken += 1;
        const token = `preferences${lastToken}`;
        const sender = this.#connection.get_unique_name()?.slice(1).replaceAll('.', '_') ?? '';
        const path = `${rootPath}/request/${sender}/${token}`;
        return new Promise((resolve, reject) => {
            const end = () => {
                unsubscribe();
                this.#abandon.delete(abandon);
            };
            const abandon = () => {
                end();
                reject(new CallError('org.freedesktop.DBus.Error.NoReply', ''));
            };
            // Before the call, as the contract says, so that the end of a short request is not missed.
            const unsubscribe = subscribe(
                this.#connection,
                { sender: busName, interface: requestInterface, member: 'Finished', path },
                (_path, [outcome, results]) => {
                    end();
                    const { error, message } = results as Dictionary;
                    resolve({
                        outcome: outcomes[Number(outcome)] ?? 'failed',
                        error: typeof error === 'string' ? error : '',
                        message: typeof message === 'string' ? message : '',
                    });
                },
            );
            this.#abandon.add(abandon);
            this.call(member, parameters({ handle_token: new GLib.Variant('s', token) })).catch((error: unknown) => {
                end();
                reject(error instanceof Error ? error : new Error(String(error)));
            });
        });
    }

    async #load(): Promise<void> {
        const [properties] = await this.#call(
            propertiesInterface,
            'GetAll',
            new GLib.Variant('(s)', [this.#interface]),
        );
        this.#show(properties as Dictionary);
    }

    #show(properties: Dictionary | null): void {
        if (this.#cancellable.is_cancelled()) return;
        this.#properties = properties;
        this.#onChanged(properties === null ? null : this.#decode(properties));
    }

    #call(iface: string, member: string, parameters: GLib.Variant, timeout?: number): Promise<unknown[]> {
        const target = { destination: busName, path: rootPath, interface: iface, member, parameters };
        return call(this.#connection, { ...target, ...(timeout !== undefined && { timeout }) }, this.#cancellable);
    }
}
