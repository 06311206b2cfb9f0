import type Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import { modelsInterface } from './generated/interfaces.js';
import { decodeCatalogue, decodeModels, decodeSurvey } from './models.js';
import type { CatalogueModel, Models, Role, Survey } from './models.js';
import { PropertiesWatch } from './propertiesWatch.js';
import type { Finished } from './propertiesWatch.js';

/** Large files are moved and deleted, graphics cards are probed: that may take longer than a simple call. */
const patience = 60_000;

/** The keyring asks for its password first, where it is locked. */
const promptPatience = 360_000;

/**
 * Language models, for the preferences window and the introduction. Every promise rejects with a CallError when the service refuses or is
 * gone.
 */
export class ModelsWatch {
    readonly #watch: PropertiesWatch<Models>;

    /** @param onChanged called with null while the service is absent */
    constructor(connection: Gio.DBusConnection, onChanged: (models: Models | null) => void) {
        this.#watch = new PropertiesWatch(connection, modelsInterface, decodeModels, onChanged);
    }

    destroy(): void {
        this.#watch.destroy();
    }

    async use(role: Role, id: string): Promise<void> {
        await this.#watch.call('Use', new GLib.Variant('(ssa{sv})', [role, id, {}]));
    }

    /** Deletes a model, or what has arrived of one. */
    async remove(id: string): Promise<void> {
        await this.#watch.call('Remove', new GLib.Variant('(sa{sv})', [id, {}]), patience);
    }

    /** @param id empty for an import */
    async cancel(id: string): Promise<void> {
        await this.#watch.call('Cancel', new GLib.Variant('(s)', [id]));
    }

    async unload(): Promise<void> {
        await this.#watch.call('Unload', new GLib.Variant('(a{sv})', [{}]), patience);
    }

    async survey(): Promise<Survey> {
        const [survey] = await this.#watch.call('Survey', new GLib.Variant('(a{sv})', [{}]), patience);
        return decodeSurvey(survey);
    }

    async catalogue(): Promise<CatalogueModel[]> {
        const [models] = await this.#watch.call('Catalogue', new GLib.Variant('(a{sv})', [{}]), patience);
        return decodeCatalogue(models);
    }

    /** Whether the keyring keeps a key for the configured server; null where there is no keyring. */
    async hasServerKey(): Promise<boolean | null> {
        const [state] = await this.#watch.call('GetServerKey', new GLib.Variant('(a{sv})', [{}]));
        return state === 2 ? null : state === 1;
    }

    /** @param key empty to forget the one that is kept */
    async setServerKey(key: string): Promise<void> {
        await this.#watch.call('SetServerKey', new GLib.Variant('(sa{sv})', [key, {}]), promptPatience);
    }

    /** Resolves when it is installed, failed or cancelled. */
    async download(id: string, evenIfTooLarge: boolean): Promise<Finished> {
        const insist = evenIfTooLarge ? { even_if_too_large: new GLib.Variant('b', true) } : {};
        return this.#watch.request(
            'Download',
            options => new GLib.Variant('(sa{sv})', [id, { ...options, ...insist }]),
        );
    }

    async import(path: string): Promise<Finished> {
        return this.#watch.request('Import', options => new GLib.Variant('(sa{sv})', [path, options]));
    }

    async tryAccelerators(): Promise<Finished> {
        return this.#watch.request('TryAccelerators', options => new GLib.Variant('(a{sv})', [options]));
    }
}
