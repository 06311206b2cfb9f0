import Clutter from 'gi://Clutter';

import { Extension } from 'resource:///org/gnome/shell/extensions/extension.js';

import { fill } from '../text/fill.js';
import type { Values } from '../text/fill.js';

const translation = Extension.defineTranslationFunctions(import.meta.url);

/** Translates `message` and fills in its named placeholders, `{unit}`. */
export function _(message: string, values: Values = {}): string {
    return fill(translation.gettext(message), values, runsRightToLeft());
}

/** As `_`, choosing between `one` and `many` by `count`, which is also available as `{count}`. */
export function ngettext(one: string, many: string, count: number, values: Values = {}): string {
    return fill(translation.ngettext(one, many, count), { count, ...values }, runsRightToLeft());
}

function runsRightToLeft(): boolean {
    return Clutter.get_default_text_direction() === Clutter.TextDirection.RTL;
}
