import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Lookup } from '../remote/model.js';
import { parseMarkdown } from '../text/markdown/blocks.js';
import type { Block } from '../text/markdown/blocks.js';
import { CitedColumn } from './citedColumn.js';
import { SpanText } from './spanText.js';
import { TableGrid } from './tableGrid.js';
import { column, copyButton, label, quoted, row, verbatim } from './widgets.js';

type Lookups = ReadonlyMap<number, Lookup>;
/** What a block looks like; `inner` holds the blocks in it. */
type Drawing = { actor: Clutter.Actor; inner: BlockColumn | null };

/** Blocks of Markdown, one below the other. */
class BlockColumn extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #drawn: (Drawing & { key: string; block: Block })[] = [];

    constructor(styleClass: string) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: styleClass, x_expand: true });
    }

    /** Only what has changed is drawn anew: while a text arrives, that is its end. */
    sync(blocks: readonly Block[], lookups: Lookups): void {
        const wanted = blocks.map(block => ({ block, key: JSON.stringify([block, [...lookups.keys()]]) }));
        const changed = wanted.findIndex(({ key }, index) => key !== this.#drawn[index]?.key);
        let kept = changed === -1 ? wanted.length : changed;
        const [drawn, next] = [this.#drawn[kept], wanted[kept]];
        if (drawn?.inner && next !== undefined && 'blocks' in next.block && isSameFrame(drawn.block, next.block)) {
            drawn.inner.sync(next.block.blocks, lookups);
            Object.assign(drawn, next);
            kept += 1;
        }
        for (const { actor } of this.#drawn.splice(kept)) actor.destroy();
        for (const { block, key } of wanted.slice(kept)) {
            const drawing = draw(block, lookups);
            this.#drawn.push({ ...drawing, block, key });
            this.add_child(drawing.actor);
        }
    }
}

/** A text in Markdown, which may still be arriving. */
export class RichText extends BlockColumn {
    static {
        GObject.registerClass(this);
    }

    #text = '';

    /**
     * @param how.lookups what the numbers of citations stand for
     * @param how.isArriving whether more of the text may follow
     */
    setText(text: string, how: { lookups?: readonly Lookup[]; isArriving?: boolean } = {}): void {
        const { lookups = [], isArriving = false } = how;
        const ended = lookups.filter(({ state }) => state !== 'begun');
        const key = JSON.stringify([text, isArriving, ended.length]);
        if (key === this.#text) return;
        this.#text = key;
        this.sync(parseMarkdown(text, { isArriving }), new Map(ended.map(lookup => [lookup.number, lookup])));
    }
}

/** Whether two blocks differ at most in the blocks that are in them. */
function isSameFrame(one: Block, other: Block): boolean {
    return JSON.stringify({ ...one, blocks: [] }) === JSON.stringify({ ...other, blocks: [] });
}

function draw(block: Block, lookups: Lookups): Drawing {
    switch (block.kind) {
        case 'heading': {
            const style = `reeve-heading level${Math.min(block.level, 3)}`;
            return whole(new CitedColumn(lookups, context => new SpanText(block.spans, style, context)));
        }
        case 'paragraph':
            return whole(new CitedColumn(lookups, context => new SpanText(block.spans, '', context)));
        case 'table':
            return whole(new CitedColumn(lookups, context => new TableGrid(block, context)));
        case 'code':
            return whole(codeBlock(block.language, block.text));
        case 'rule':
            return whole(new St.Widget({ style_class: 'reeve-rule', x_expand: true }));
        case 'quote': {
            const inner = new BlockColumn('reeve-blocks');
            inner.sync(block.blocks, lookups);
            return { actor: row('reeve-quote', new St.Widget({ style_class: 'reeve-quote-bar' }), inner), inner };
        }
        case 'item': {
            const inner = new BlockColumn('reeve-blocks');
            inner.sync(block.blocks, lookups);
            return { actor: row('reeve-item', marker(block.marker, block.isDone), inner), inner };
        }
    }
}

const whole = (actor: Clutter.Actor): Drawing => ({ actor, inner: null });

function marker(text: string, isDone: boolean | null): Clutter.Actor {
    const bullet = new St.Label({ text, style_class: 'reeve-marker' });
    if (isDone === null) return bullet;
    return new St.Icon({
        icon_name: isDone ? 'checkbox-checked-symbolic' : 'checkbox-symbolic',
        accessible_name: isDone ? _('Done') : _('To do'),
        style_class: 'popup-menu-icon',
        y_align: Clutter.ActorAlign.START,
    });
}

/** Long lines wrap: what would have to be scrolled sideways is not seen, and cannot be by keyboard. */
function codeBlock(language: string, text: string): Clutter.Actor {
    if (language === '') return quoted(text);
    const caption = label(language, 'reeve-caption reeve-dim');
    caption.y_align = Clutter.ActorAlign.CENTER;
    const header = row(
        '',
        caption,
        copyButton(() => text),
    );
    return column('reeve-inset reeve-code', header, verbatim(text));
}
