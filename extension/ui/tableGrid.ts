import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import type { Block } from '../text/markdown/blocks.js';
import { SpanText } from './spanText.js';
import type { SpanTextContext } from './spanText.js';

type Table = Extract<Block, { kind: 'table' }>;

/**
 * A table as wide as its text, and no wider than there is room: then its widest columns give way and their text wraps.
 * Clutter.GridLayout asks for the height of its natural width there (clutter_grid_layout_get_size_for_size() of mutter), and so
 * cuts text off.
 */
export class TableGrid extends St.Widget {
    static {
        GObject.registerClass(this);
    }

    #rows: SpanText[][] = [];

    constructor(table: Table, context: SpanTextContext) {
        super({ style_class: 'reeve-table reeve-inset', x_expand: true });
        this.setTable(table, context);
    }

    /** A cell that is there already stays: while the text arrives, a button in it may have the focus. */
    setTable({ header, rows, alignments }: Table, context: SpanTextContext): void {
        const before = this.#rows;
        this.#rows = [header, ...rows].map((cells, line) =>
            cells.map((spans, column) => {
                const known = before[line]?.[column];
                if (known !== undefined) {
                    known.setSpans(spans, context);
                    return known;
                }
                const part = line === 0 ? 'reeve-table-header' : 'reeve-table-cell';
                const cell = new SpanText(spans, `${part} ${alignments[column] ?? 'start'}`, context);
                this.add_child(cell);
                return cell;
            }),
        );
        const kept = new Set(this.#rows.flat());
        for (const cell of before.flat()) if (!kept.has(cell)) cell.destroy();
    }

    override vfunc_get_preferred_width(forHeight: number): [number, number] {
        const node = this.get_theme_node();
        const sum = (widths: readonly number[]) => widths.reduce((total, width) => total + width, 0);
        const inner = node.adjust_for_height(forHeight);
        return node.adjust_preferred_width(sum(this.#columns(0, inner)), sum(this.#columns(1, inner)));
    }

    override vfunc_get_preferred_height(forWidth: number): [number, number] {
        const node = this.get_theme_node();
        const widths = this.#widths(node.adjust_for_width(forWidth));
        const height = this.#rows.reduce((total, cells) => total + rowHeight(cells, widths), 0);
        return node.adjust_preferred_height(height, height);
    }

    override vfunc_allocate(box: Clutter.ActorBox): void {
        this.set_allocation(box);
        const { x1: left, x2: right, y1: top } = this.get_theme_node().get_content_box(box);
        const widths = this.#widths(right - left);
        const isRightToLeft = this.get_text_direction() === Clutter.TextDirection.RTL;
        let y1 = top;
        for (const cells of this.#rows) {
            const y2 = y1 + rowHeight(cells, widths);
            let done = 0;
            for (const [column, cell] of cells.entries()) {
                const width = widths[column] ?? 0;
                const x1 = isRightToLeft ? right - done - width : left + done;
                cell.allocate(new Clutter.ActorBox({ x1, y1, x2: x1 + width, y2 }));
                done += width;
            }
            y1 = y2;
        }
    }

    /** The width of each column. @param which 0 for the least, 1 for the natural one */
    #columns(which: 0 | 1, forHeight: number): number[] {
        const [header = []] = this.#rows;
        return header.map((_cell, column) =>
            Math.max(0, ...this.#rows.map(cells => cells[column]?.get_preferred_width(forHeight)[which] ?? 0)),
        );
    }

    #widths(available: number): number[] {
        const natural = this.#columns(1, -1);
        const total = natural.reduce((sum, width) => sum + width, 0);
        if (available < 0) return natural;
        if (total <= available) return natural.map(width => width + (available - total) / natural.length);
        // From the narrowest on: each gets what it wants, but no more than its share of what is left.
        const widths = [...natural];
        let left = available;
        for (const [done, column] of [...natural.keys()]
            .sort((a, b) => (natural[a] ?? 0) - (natural[b] ?? 0))
            .entries()) {
            widths[column] = Math.floor(Math.min(natural[column] ?? 0, left / (natural.length - done)));
            left -= widths[column];
        }
        return widths;
    }
}

function rowHeight(cells: readonly SpanText[], widths: readonly number[]): number {
    return Math.max(0, ...cells.map((cell, column) => cell.get_preferred_height(widths[column] ?? -1)[1]));
}
