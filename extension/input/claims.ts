// Used by the Shell and by the preferences window, so it knows neither of their toolkits.
import Gio from 'gi://Gio';

import type { KeyClaim } from './accelerator.js';

/** Where key combinations are claimed in a GNOME session; schemas that are not installed are skipped. */
const schemas = [
    'org.gnome.desktop.wm.keybindings',
    'org.gnome.shell.keybindings',
    'org.gnome.mutter.keybindings',
    'org.gnome.mutter.wayland.keybindings',
    'org.gnome.settings-daemon.plugins.media-keys',
    'org.freedesktop.ibus.general.hotkey',
];
const mediaKeys = 'org.gnome.settings-daemon.plugins.media-keys';
const customKey = `${mediaKeys}.custom-keybinding`;

/** Reads who claims which key, and signals changes. GSettings reads from memory: nothing here waits. */
export class KeyClaims {
    readonly #settings: Gio.Settings[];
    readonly #handlers: { settings: Gio.Settings; id: number }[] = [];

    constructor() {
        const source = Gio.SettingsSchemaSource.get_default();
        this.#settings = schemas
            .map(id => source?.lookup(id, true) ?? null)
            .filter(schema => schema !== null)
            .map(schema => new Gio.Settings({ settings_schema: schema }));
    }

    read(): KeyClaim[] {
        return [...this.#settings, ...this.#customKeys()].flatMap(settings => {
            const { schema_id: schema, settings_schema: description } = settings;
            const path = schema === customKey ? settings.path : '';
            return description
                .list_keys()
                .map(key => ({ schema, path, key, accelerators: acceleratorsOf(settings, key) }))
                .filter(({ accelerators }) => accelerators.length > 0);
        });
    }

    onChanged(handler: () => void): void {
        for (const settings of this.#settings) {
            this.#handlers.push({ settings, id: settings.connect('changed', handler) });
        }
    }

    destroy(): void {
        for (const { settings, id } of this.#handlers.splice(0)) settings.disconnect(id);
    }

    /** The user's own shortcuts, one relocatable schema each. */
    #customKeys(): Gio.Settings[] {
        const media = this.#settings.find(({ schema_id }) => schema_id === mediaKeys);
        const paths = media?.get_strv('custom-keybindings') ?? [];
        return paths.map(path => new Gio.Settings({ schema_id: customKey, path }));
    }
}

function acceleratorsOf(settings: Gio.Settings, key: string): string[] {
    const isCustom = settings.schema_id === customKey;
    if (isCustom) return key === 'binding' ? [settings.get_string(key)] : [];
    const type = settings.settings_schema.get_key(key).get_value_type().dup_string();
    return type === 'as' ? settings.get_strv(key) : [];
}

/** What a key does, in the user's language from its schema; its name where the schema has no summary. */
export function claimPurpose({ schema, key }: KeyClaim): string {
    const description = Gio.SettingsSchemaSource.get_default()?.lookup(schema, true);
    return description?.get_key(key).get_summary() ?? key;
}
