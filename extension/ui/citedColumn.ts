import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import type { Lookup } from '../remote/model.js';
import { lookupEvidence } from './lookupEvidence.js';
import { openLink } from './openLink.js';
import type { SpanTextContext } from './spanText.js';
import { bringIntoView } from './widgets.js';

/** Something with citations in it, and below it the evidence that one of them has opened. */
export class CitedColumn extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    #opened: { button: St.Button; evidence: Clutter.Actor } | null = null;

    constructor(lookups: ReadonlyMap<number, Lookup>, make: (context: SpanTextContext) => Clutter.Actor) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-cited', x_expand: true });
        const toggleLookup = (lookup: Lookup, button: St.Button) => {
            this.#toggle(lookup, button);
        };
        this.add_child(make({ lookups, openLink, toggleLookup }));
    }

    #toggle(lookup: Lookup, button: St.Button): void {
        const before = this.#opened;
        this.#opened = null;
        before?.evidence.destroy();
        before?.button.remove_style_pseudo_class('checked');
        if (before?.button === button) return;
        const evidence = lookupEvidence(lookup);
        button.add_style_pseudo_class('checked');
        this.#opened = { button, evidence };
        bringIntoView(evidence);
        this.add_child(evidence);
    }
}
