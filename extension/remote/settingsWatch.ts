import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import { call } from './bus.js';
import { text } from './decode.js';
import type { Dictionary, Incoming } from './decode.js';
import { assistantInterface, settingsInterface } from './generated/interfaces.js';
import type { SettingsProperties } from './generated/interfaces.js';
import { busName, rootPath } from './names.js';
import { PropertiesWatch } from './propertiesWatch.js';

/** The service's settings; names and values are those of docs/configuration.md. */
export type ServiceSettings = {
    readonly values: Dictionary;
    readonly file: string;
    /** Why nothing can be changed; empty when it can. */
    readonly obstacle: string;
};

/**
 * Settings of the service, for the preferences window. Every promise rejects with a CallError when the service refuses.
 */
export class SettingsWatch {
    readonly #connection: Gio.DBusConnection;
    readonly #cancellable = new Gio.Cancellable();
    readonly #watch: PropertiesWatch<ServiceSettings>;

    /** @param onChanged called with null while the service is absent */
    constructor(connection: Gio.DBusConnection, onChanged: (settings: ServiceSettings | null) => void) {
        this.#connection = connection;
        this.#watch = new PropertiesWatch(connection, settingsInterface, decodeSettings, onChanged);
    }

    destroy(): void {
        this.#cancellable.cancel();
        this.#watch.destroy();
    }

    async set(setting: string, value: GLib.Variant): Promise<void> {
        await this.#watch.call('Set', new GLib.Variant('(sva{sv})', [setting, value, {}]));
    }

    async deleteConversations(): Promise<void> {
        const parameters = new GLib.Variant('(t)', [0]);
        const target = { destination: busName, path: rootPath, interface: assistantInterface };
        await call(this.#connection, { ...target, member: 'DeleteConversation', parameters }, this.#cancellable);
    }
}

function decodeSettings(from: Incoming<SettingsProperties>): ServiceSettings {
    return { values: (from.Values ?? {}) as Dictionary, file: text(from, 'File'), obstacle: text(from, 'Obstacle') };
}
