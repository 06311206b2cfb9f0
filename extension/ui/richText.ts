import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { parseMarkdown, toMarkup } from '../text/markdown.js';
import type { Block } from '../text/markdown.js';
import { markupLabel, quoted, row } from './widgets.js';

/** A text in Markdown, which may still be arriving. */
export class RichText extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #blocks: { block: Block; actor: Clutter.Actor }[] = [];
    #text = '';

    constructor(styleClass: string) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: styleClass, x_expand: true });
    }

    /** Only what has changed is drawn anew: while a text arrives, that is its last block. */
    setText(text: string): void {
        if (text === this.#text) return;
        this.#text = text;
        const blocks = parseMarkdown(text);
        const changed = blocks.findIndex((block, index) => !sameBlock(block, this.#blocks[index]?.block));
        const keep = changed === -1 ? blocks.length : changed;
        for (const { actor } of this.#blocks.splice(keep)) actor.destroy();
        for (const block of blocks.slice(keep)) {
            const actor = blockActor(block);
            this.#blocks.push({ block, actor });
            this.add_child(actor);
        }
    }
}

function sameBlock(a: Block, b: Block | undefined): boolean {
    return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

function blockActor(block: Block): Clutter.Actor {
    switch (block.kind) {
        case 'heading':
            return markupLabel(toMarkup(block.spans), 'reeve-heading');
        case 'paragraph':
            return markupLabel(toMarkup(block.spans), '');
        case 'item': {
            const marker = new St.Label({ text: block.marker, style_class: 'reeve-marker' });
            return row(`reeve-item depth${block.depth}`, marker, markupLabel(toMarkup(block.spans), ''));
        }
        case 'code':
            return quoted(block.text);
    }
}
