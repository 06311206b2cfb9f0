// Used by the Shell and by the preferences window, so it knows neither of their toolkits.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import { claimants, sameAccelerator, without } from './accelerator.js';
import { KeyClaims } from './claims.js';

const switchSource = { schema: 'org.gnome.desktop.wm.keybindings', key: 'switch-input-source' };

type TakenKey = [schema: string, key: string, before: string[], after: string[]];

function takenKeys(settings: Gio.Settings): TakenKey[] {
    return settings.get_value('taken-keys').recursiveUnpack() as TakenKey[];
}

export function canRestore(settings: Gio.Settings): boolean {
    return takenKeys(settings).length > 0;
}

/** Whether there are several input sources to switch between, so that their key is in use. */
export function switchesInputSources(): boolean {
    const sources = new Gio.Settings({ schema_id: 'org.gnome.desktop.input-sources' });
    return sources.get_value('sources').n_children() > 1;
}

/**
 * Takes our wanted accelerators, and only those, out of every key that holds one, and remembers what was there. Where
 * input sources are switched with it, they get our fallback in its place, which is free then. Only when the user asks
 * for it.
 */
export function takeOver(settings: Gio.Settings): void {
    const wanted = settings.get_strv('toggle-chat');
    const fallback = settings.get_strv('toggle-chat-fallback');
    const claims = new KeyClaims();
    const taken = takenKeys(settings);
    for (const claim of new Set(wanted.flatMap(accelerator => claimants(accelerator, claims.read())))) {
        const { schema, key, path } = claim;
        // The user's own custom shortcuts are theirs to change.
        if (path !== '') continue;
        const other = new Gio.Settings({ schema_id: schema });
        if (!other.is_writable(key)) continue;
        const before = other.get_strv(key);
        const rest = wanted.reduce<string[]>((left, accelerator) => without(left, accelerator), before);
        const swaps = schema === switchSource.schema && key === switchSource.key && switchesInputSources();
        const after = swaps ? [...fallback, ...rest] : rest;
        other.set_strv(key, after);
        taken.push([schema, key, before, after]);
    }
    settings.set_value('taken-keys', new GLib.Variant('a(ssasas)', taken));
    settings.set_boolean('shortcut-offer-answered', true);
}

/** Gives back what takeOver() took. Where the key has been changed since, only what was taken is put back into it. */
export function restore(settings: Gio.Settings): void {
    const source = Gio.SettingsSchemaSource.get_default();
    for (const [schema, key, before, after] of takenKeys(settings).reverse()) {
        const description = source?.lookup(schema, true);
        if (!description?.has_key(key)) continue;
        const other = new Gio.Settings({ settings_schema: description });
        const now = other.get_strv(key);
        const isUntouched =
            now.length === after.length && now.every((accelerator, index) => accelerator === after[index]);
        const missing = before.filter(accelerator => !now.some(present => sameAccelerator(present, accelerator)));
        other.set_strv(key, isUntouched ? before : [...missing, ...now]);
    }
    settings.reset('taken-keys');
}
