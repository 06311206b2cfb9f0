import type { Desktop } from '../desktop.ts';

/**
 * Presses a key once it does what it is to do. mutter binds keys only when the Shell has nothing else to do
 * (META_PRIORITY_PREFS_NOTIFY in src/meta/common.h of GNOME/mutter): half a second after an extension was turned on, on a
 * busy machine. Until then a key press is lost. What is less urgent than that comes after it.
 */
export async function pressShortcut(desktop: Desktop, key: string): Promise<void> {
    await desktop.evalJs(`new Promise(resolve => {
        const { GLib } = imports.gi;
        GLib.idle_add(GLib.PRIORITY_LOW, () => {
            resolve(true);
            return GLib.SOURCE_REMOVE;
        });
    })`);
    await desktop.key(key);
}
