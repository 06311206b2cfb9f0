import type Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import { decodeManager } from './decode.js';
import { managerInterface } from './generated/interfaces.js';
import type { Manager, Muted } from './model.js';
import { PropertiesWatch } from './propertiesWatch.js';

/** The service as a whole, for the preferences window. */
export class ManagerWatch {
    readonly #watch: PropertiesWatch<Manager>;

    /** @param onChanged called with null while the service is absent */
    constructor(connection: Gio.DBusConnection, onChanged: (manager: Manager | null) => void) {
        this.#watch = new PropertiesWatch(connection, managerInterface, decodeManager, onChanged);
    }

    destroy(): void {
        this.#watch.destroy();
    }

    async setPaused(paused: boolean): Promise<void> {
        await this.#watch.call(paused ? 'Pause' : 'Resume', new GLib.Variant('(a{sv})', [{}]));
    }

    /** @throws CallError when that is no longer muted, or the service is absent */
    async unmute({ family, scope, subject }: Muted): Promise<void> {
        await this.#watch.call('Unmute', new GLib.Variant('(sssa{sv})', [family, scope, subject, {}]));
    }
}
