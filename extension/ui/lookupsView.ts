import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _, ngettext } from '../core/i18n.js';
import type { Lookup } from '../remote/model.js';
import { Expander } from './expander.js';
import { column, label, row, verbatim } from './widgets.js';

const icons = {
    begun: 'content-loading-symbolic',
    done: 'object-select-symbolic',
    failed: 'dialog-warning-symbolic',
} as const;

/** Counted as a step, but looks nothing up. */
const proposing = 'propose_fix';

/** What a language model looks up for an answer: one line while it works, everything when opened. */
export class LookupsView extends Expander {
    static {
        GObject.registerClass(this);
    }

    readonly #list: St.BoxLayout;
    readonly #drawn: { lookup: Lookup; actor: Clutter.Actor }[] = [];

    constructor() {
        const list = column('reeve-lookups');
        super('', () => list);
        this.#list = list;
        this.hide();
    }

    /** @param isEnded whether the answer is there */
    sync(lookups: readonly Lookup[], isEnded: boolean): void {
        const last = lookups.at(-1);
        const count = lookups.filter(({ tool }) => tool !== proposing).length;
        this.visible = isEnded ? count > 0 : last !== undefined;
        if (last === undefined) return;
        this.title = isEnded ? ngettext('{count} look-up', '{count} look-ups', count) : lookupText(last);
        const changed = lookups.findIndex((lookup, index) => lookup !== this.#drawn[index]?.lookup);
        if (changed === -1) return;
        for (const { actor } of this.#drawn.splice(changed)) actor.destroy();
        for (const lookup of lookups.slice(changed)) {
            const actor = lookupRow(lookup);
            this.#drawn.push({ lookup, actor });
            this.#list.add_child(actor);
        }
    }
}

/** "Journal: nginx.service · 2 of 8" */
export function lookupText({ title, number, limit }: Lookup): string {
    return `${title} · ${_('{number} of {limit}', { number, limit })}`;
}

function lookupRow({ state, title, touched, touchedMore }: Lookup): Clutter.Actor {
    const icon = new St.Icon({
        icon_name: icons[state],
        style_class: 'popup-menu-icon',
        y_align: Clutter.ActorAlign.START,
    });
    const words = column('reeve-lookup-words', label(title, ''));
    if (state === 'begun') words.add_child(label(_('Checking…'), 'reeve-caption reeve-dim'));
    if (state === 'failed') words.add_child(label(_('Failed'), 'reeve-caption reeve-dim'));
    if (touched.length > 0) words.add_child(verbatim(touched.join('\n')));
    if (touchedMore > 0)
        words.add_child(label(_('And {count} more', { count: touchedMore }), 'reeve-caption reeve-dim'));
    return row('reeve-lookup', icon, words);
}
