import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Lookup } from '../remote/model.js';
import { parseMarkdown } from '../text/markdown/blocks.js';
import type { Block } from '../text/markdown/blocks.js';
import type { Span } from '../text/markdown/spans.js';
import { CitedColumn } from './citedColumn.js';
import { SpanText } from './spanText.js';
import { TableGrid } from './tableGrid.js';
import { column, copyButton, label, quoted, row, verbatim } from './widgets.js';

type Lookups = ReadonlyMap<number, Lookup>;
/** How a block is drawn. Another one of the same frame is drawn with `redraw`, into the existing actors. */
type Drawing = { actor: Clutter.Actor; redraw: ((block: Block, lookups: Lookups) => void) | null };
type Wanted = { key: string; block: Block };
type Drawn = Drawing & Wanted;

/** Blocks of Markdown, one below the other. */
class BlockColumn extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #drawn: Drawn[] = [];

    constructor(styleClass: string) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: styleClass, x_expand: true });
    }

    /**
     * Only what has changed is redrawn: while a text arrives, that is its end. No actor is made for it as long as an
     * old one will do, since for a frame in which an actor appears, mutter draws all of the screen
     * (add_actor_to_redraw_clip() in clutter/clutter/clutter-actor.c); without a GPU that takes most of the time until
     * the first words of an answer appear.
     */
    sync(blocks: readonly Block[], lookups: Lookups): void {
        const wanted = blocks.map(block => ({ block, key: JSON.stringify([block, [...lookups.keys()]]) }));
        const changed = wanted.findIndex((next, index) => !this.#redraw(this.#drawn[index], next, lookups));
        const kept = changed === -1 ? wanted.length : changed;
        for (const { actor } of this.#drawn.splice(kept)) actor.destroy();
        for (const { block, key } of wanted.slice(kept)) {
            const drawing = draw(block, lookups);
            this.#drawn.push({ ...drawing, block, key });
            this.add_child(drawing.actor);
        }
    }

    /** @returns false when nothing is drawn there that would do */
    #redraw(drawn: Drawn | undefined, next: Wanted, lookups: Lookups): boolean {
        if (drawn === undefined || drawn.key === next.key) return drawn !== undefined;
        if (drawn.redraw === null || !isSameFrame(drawn.block, next.block)) return false;
        drawn.redraw(next.block, lookups);
        Object.assign(drawn, next);
        return true;
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
     * @param how.waiting what stands here as long as there is nothing to be drawn; hidden if that is nothing too
     */
    setText(text: string, how: { lookups?: readonly Lookup[]; isArriving?: boolean; waiting?: string } = {}): void {
        const { lookups = [], isArriving = false, waiting = '' } = how;
        const ended = lookups.filter(({ state }) => state !== 'begun');
        const key = JSON.stringify([text, isArriving, ended.length, waiting]);
        if (key === this.#text) return;
        this.#text = key;
        const blocks = parseMarkdown(text, { isArriving });
        if (blocks.length === 0 && waiting !== '')
            blocks.push({ kind: 'paragraph', spans: [{ text: waiting, styles: ['dim'], leadsTo: null }] });
        this.sync(blocks, new Map(ended.map(lookup => [lookup.number, lookup])));
        this.visible = blocks.length > 0;
    }
}

/** Whether two blocks differ at most in the words, the rows or the blocks that are in them. */
function isSameFrame(one: Block, other: Block): boolean {
    const empty = { spans: [], blocks: [], header: [], rows: [] };
    const [frame, otherFrame] = [one, other].map(block => JSON.stringify({ ...block, ...empty }));
    return frame === otherFrame;
}

function draw(block: Block, lookups: Lookups): Drawing {
    switch (block.kind) {
        case 'heading':
            return words(block.spans, `reeve-heading level${Math.min(block.level, 3)}`, lookups);
        case 'paragraph':
            return words(block.spans, '', lookups);
        case 'table': {
            const actor = new CitedColumn();
            const grid = new TableGrid(block, actor.begin(lookups));
            actor.add_child(grid);
            return {
                actor,
                redraw: (table, newLookups) => {
                    if (table.kind === 'table') grid.setTable(table, actor.begin(newLookups));
                },
            };
        }
        case 'code':
            return whole(codeBlock(block.language, block.text));
        case 'rule':
            return whole(new St.Widget({ style_class: 'reeve-rule', x_expand: true }));
        case 'quote': {
            const bar = new St.Widget({ style_class: 'reeve-quote-bar' });
            return frame('reeve-quote', bar, block.blocks, lookups);
        }
        case 'item':
            return frame('reeve-item', marker(block.marker, block.isDone), block.blocks, lookups);
    }
}

const whole = (actor: Clutter.Actor): Drawing => ({ actor, redraw: null });

function words(spans: readonly Span[], styleClass: string, lookups: Lookups): Drawing {
    const actor = new CitedColumn();
    const text = new SpanText(spans, styleClass, actor.begin(lookups));
    actor.add_child(text);
    return {
        actor,
        redraw: (block, newLookups) => {
            if ('spans' in block) text.setSpans(block.spans, actor.begin(newLookups));
        },
    };
}

function frame(styleClass: string, mark: Clutter.Actor, blocks: readonly Block[], lookups: Lookups): Drawing {
    const inner = new BlockColumn('reeve-blocks');
    inner.sync(blocks, lookups);
    return {
        actor: row(styleClass, mark, inner),
        redraw: (block, newLookups) => {
            if ('blocks' in block) inner.sync(block.blocks, newLookups);
        },
    };
}

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
