import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import type { UnitFacts } from '../state/absence.js';
import { call, subscribe } from './bus.js';
import { decodeUnit } from './decode.js';
import { propertiesInterface, unitName } from './names.js';

const systemd = 'org.freedesktop.systemd1';
const managerPath = '/org/freedesktop/systemd1';
const managerInterface = `${systemd}.Manager`;

/**
 * The state of our service's unit, from the user's service manager. Asked only while the service is away: when an
 * activation fails, the bus does not answer those who wait for it, and this is where the reason can be read.
 */
export class ServiceUnit {
    readonly #connection: Gio.DBusConnection;
    readonly #onChanged: (facts: UnitFacts | null) => void;
    #cancellable: Gio.Cancellable | null = null;
    #unsubscribe: (() => void) | null = null;

    constructor(connection: Gio.DBusConnection, onChanged: (facts: UnitFacts | null) => void) {
        this.#connection = connection;
        this.#onChanged = onChanged;
    }

    watch(): void {
        if (this.#cancellable !== null) return;
        const cancellable = new Gio.Cancellable();
        this.#cancellable = cancellable;
        this.#follow(cancellable).catch(() => {
            // No systemd in this session, or none that answers: then it gives no reason.
            if (!cancellable.is_cancelled()) this.#onChanged(null);
        });
    }

    unwatch(): void {
        this.#cancellable?.cancel();
        this.#cancellable = null;
        this.#unsubscribe?.();
        this.#unsubscribe = null;
    }

    /** Forgets earlier failures, so that a unit that used up its restarts can be started again. */
    async reset(cancellable: Gio.Cancellable): Promise<void> {
        await this.#manager('ResetFailedUnit', cancellable);
    }

    async #follow(cancellable: Gio.Cancellable): Promise<void> {
        // Without a subscriber systemd sends no signals about units. It counts connections, and this one is shared with
        // the rest of the Shell, so there is no Unsubscribe; being subscribed already is fine.
        await call(
            this.#connection,
            { destination: systemd, path: managerPath, interface: managerInterface, member: 'Subscribe' },
            cancellable,
        ).catch(() => undefined);
        const [path] = await this.#manager('LoadUnit', cancellable);
        if (typeof path !== 'string' || cancellable.is_cancelled()) return;
        const read = async () => {
            const facts = await this.#read(path, cancellable);
            if (!cancellable.is_cancelled()) this.#onChanged(facts);
        };
        this.#unsubscribe = subscribe(
            this.#connection,
            { sender: systemd, interface: propertiesInterface, member: 'PropertiesChanged', path },
            () => {
                read().catch(() => undefined);
            },
        );
        await read();
    }

    async #read(path: string, cancellable: Gio.Cancellable): Promise<UnitFacts> {
        // One by one: GetAll would bring limits of 2^64 - 1, and GJS complains in the log about each of them.
        const property = async (iface: string, name: string) => {
            const parameters = new GLib.Variant('(ss)', [`${systemd}.${iface}`, name]);
            const [value] = await call(
                this.#connection,
                { destination: systemd, path, interface: propertiesInterface, member: 'Get', parameters },
                cancellable,
            );
            return value;
        };
        const [loadState, activeState, result, status] = await Promise.all([
            property('Unit', 'LoadState'),
            property('Unit', 'ActiveState'),
            property('Service', 'Result'),
            property('Service', 'ExecMainStatus'),
        ]);
        return decodeUnit({ loadState, activeState, result, status });
    }

    #manager(member: string, cancellable: Gio.Cancellable): Promise<unknown[]> {
        return call(
            this.#connection,
            {
                destination: systemd,
                path: managerPath,
                interface: managerInterface,
                member,
                parameters: new GLib.Variant('(s)', [unitName]),
            },
            cancellable,
        );
    }
}
