import Gtk from 'gi://Gtk';

import { ExtensionPreferences } from 'resource:///org/gnome/Shell/Extensions/js/extensions/prefs.js';

import { fill } from '../text/fill.js';
import type { Values } from '../text/fill.js';

const translation = ExtensionPreferences.defineTranslationFunctions(import.meta.url);

/** Translates `message` and fills in its named placeholders, `{unit}`. */
export function _(message: string, values: Values = {}): string {
    return fill(translation.gettext(message), values, runsRightToLeft());
}

/** As `_`, choosing between `one` and `many` by `count`, which is also available as `{count}`. */
export function ngettext(one: string, many: string, count: number, values: Values = {}): string {
    return fill(translation.ngettext(one, many, count), { count, ...values }, runsRightToLeft());
}

function runsRightToLeft(): boolean {
    return Gtk.Widget.get_default_direction() === Gtk.TextDirection.RTL;
}
