import type Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import { decodeGrants } from './decode.js';
import { grantsInterface } from './generated/interfaces.js';
import type { Grant } from './model.js';
import { PropertiesWatch } from './propertiesWatch.js';

/** What Reeve may do without asking, for the preferences window. */
export class GrantsWatch {
    readonly #watch: PropertiesWatch<readonly Grant[]>;

    /** @param onChanged called with null while the service is absent */
    constructor(connection: Gio.DBusConnection, onChanged: (grants: readonly Grant[] | null) => void) {
        this.#watch = new PropertiesWatch(connection, grantsInterface, decodeGrants, onChanged);
    }

    destroy(): void {
        this.#watch.destroy();
    }

    /** @throws CallError when it has gone already, or the service is absent */
    async remove({ id }: Grant): Promise<void> {
        await this.#watch.call('Remove', new GLib.Variant('(s)', [id]));
    }
}
