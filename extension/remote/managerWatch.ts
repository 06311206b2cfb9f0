import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import { call, subscribe } from './bus.js';
import { decodeManager } from './decode.js';
import type { Dictionary } from './decode.js';
import { managerInterface } from './generated/interfaces.js';
import type { Manager, Muted } from './model.js';
import { busName, propertiesInterface, rootPath } from './names.js';

/** The service as a whole, for the preferences window, which is a process of its own without the Shell's modules. */
export class ManagerWatch {
    readonly #connection: Gio.DBusConnection;
    readonly #onChanged: (manager: Manager | null) => void;
    readonly #cancellable = new Gio.Cancellable();
    readonly #unsubscribe: () => void;
    readonly #nameWatch: number;
    #properties: Dictionary | null = null;

    /** @param onChanged called with null while the service is not there */
    constructor(connection: Gio.DBusConnection, onChanged: (manager: Manager | null) => void) {
        this.#connection = connection;
        this.#onChanged = onChanged;
        this.#unsubscribe = subscribe(
            connection,
            { sender: busName, interface: propertiesInterface, member: 'PropertiesChanged', path: rootPath },
            (_path, [iface, changed]) => {
                if (iface !== managerInterface || this.#properties === null) return;
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
                this.#show(null);
            },
        );
    }

    destroy(): void {
        Gio.bus_unwatch_name(this.#nameWatch);
        this.#unsubscribe();
        this.#cancellable.cancel();
    }

    async setPaused(paused: boolean): Promise<void> {
        await this.#call(managerInterface, paused ? 'Pause' : 'Resume', new GLib.Variant('(a{sv})', [{}]));
    }

    /** @throws CallError when that is no longer muted, or the service is not there */
    async unmute({ family, scope, subject }: Muted): Promise<void> {
        await this.#call(managerInterface, 'Unmute', new GLib.Variant('(sssa{sv})', [family, scope, subject, {}]));
    }

    async #load(): Promise<void> {
        const [properties] = await this.#call(
            propertiesInterface,
            'GetAll',
            new GLib.Variant('(s)', [managerInterface]),
        );
        this.#show(properties as Dictionary);
    }

    #show(properties: Dictionary | null): void {
        if (this.#cancellable.is_cancelled()) return;
        this.#properties = properties;
        this.#onChanged(properties === null ? null : decodeManager(properties));
    }

    #call(iface: string, member: string, parameters: GLib.Variant): Promise<unknown[]> {
        const target = { destination: busName, path: rootPath, interface: iface, member, parameters };
        return call(this.#connection, target, this.#cancellable);
    }
}
