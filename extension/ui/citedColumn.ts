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

    #opened: { button: St.Button; evidence: Clutter.Actor; handler: number } | null = null;

    constructor() {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-cited', x_expand: true });
    }

    /** Draws and redraws its content; what is open stays open as long as its button exists. */
    begin(lookups: ReadonlyMap<number, Lookup>): SpanTextContext {
        return {
            lookups,
            openLink,
            toggleLookup: (lookup, button) => {
                this.#toggle(lookup, button);
            },
        };
    }

    #toggle(lookup: Lookup, button: St.Button): void {
        const before = this.#opened?.button;
        this.#close();
        before?.remove_style_pseudo_class('checked');
        if (before === button) return;
        const evidence = lookupEvidence(lookup);
        button.add_style_pseudo_class('checked');
        const handler = button.connect('destroy', () => {
            this.#close();
        });
        this.#opened = { button, evidence, handler };
        bringIntoView(evidence);
        this.add_child(evidence);
    }

    #close(): void {
        if (this.#opened === null) return;
        const { button, evidence, handler } = this.#opened;
        this.#opened = null;
        button.disconnect(handler);
        evidence.destroy();
    }
}
