import Atk from 'gi://Atk';
import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import type { Figure } from '../remote/model.js';
import { column, label, row } from './widgets.js';

/** Numbers of an answer, drawn; a screen reader gets the same in words. */
export class FigureView extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    constructor(figure: Figure) {
        super({
            orientation: Clutter.Orientation.VERTICAL,
            style_class: 'reeve-figure reeve-inset',
            x_expand: true,
            accessible_role: Atk.Role.IMAGE,
            accessible_name: `${figure.title}. ${figure.text}`,
        });
        this.add_child(label(figure.title, 'reeve-figure-title'));
        if (figure.kind === 'line') {
            this.add_child(
                new Drawing('reeve-figure-line', area => {
                    drawLine(area, figure.shares);
                }),
            );
            const end = label(figure.end, 'reeve-caption reeve-dim');
            end.x_expand = false;
            this.add_child(row('', label(figure.begin, 'reeve-caption reeve-dim'), end));
            return;
        }
        for (const { label: name, share, text } of figure.bars) {
            const amount = label(text, 'reeve-caption reeve-dim');
            amount.x_expand = false;
            const words = row('reeve-figure-words', label(name, 'reeve-caption'), amount);
            this.add_child(
                column(
                    'reeve-figure-bar',
                    words,
                    new Drawing('reeve-figure-trough', area => {
                        drawBar(area, share);
                    }),
                ),
            );
        }
    }
}

/** What is used of cairo, which has no types here. */
type Context = {
    setSourceRGBA(red: number, green: number, blue: number, alpha: number): void;
    arc(x: number, y: number, radius: number, from: number, to: number): void;
    rectangle(x: number, y: number, width: number, height: number): void;
    closePath(): void;
    fill(): void;
    $dispose(): void;
};

type Area = {
    context: Context;
    /** Sets the colour. @param strength from 0 to 1 */
    paint: (strength: number) => void;
    width: number;
    height: number;
    /** From right to left. */
    isMirrored: boolean;
};

/** In the colour that the style gives to text. */
class Drawing extends St.DrawingArea {
    static {
        GObject.registerClass(this);
    }

    readonly #draw: (area: Area) => void;

    constructor(styleClass: string, draw: (area: Area) => void) {
        super({ style_class: styleClass, x_expand: true });
        this.#draw = draw;
    }

    override vfunc_repaint(): void {
        const context = this.get_context() as unknown as Context;
        const [width, height] = this.get_surface_size();
        const { red, green, blue, alpha } = this.get_theme_node().get_foreground_color();
        const paint = (strength: number) => {
            context.setSourceRGBA(red / 255, green / 255, blue / 255, (strength * alpha) / 255);
        };
        paint(1);
        this.#draw({
            context,
            paint,
            width,
            height,
            isMirrored: this.get_text_direction() === Clutter.TextDirection.RTL,
        });
        context.$dispose();
    }
}

/** What is left of the whole is the same, faint. */
function drawBar(area: Area, share: number): void {
    drawPill(area, 1, 0.2);
    if (share > 0) drawPill(area, Math.min(1, share), 1);
}

function drawPill({ context, width, height, isMirrored, paint }: Area, share: number, strength: number): void {
    // Less than its height would be no pill.
    const length = Math.max(height, width * share);
    const radius = height / 2;
    const start = isMirrored ? width - length : 0;
    paint(strength);
    context.arc(start + radius, radius, radius, Math.PI / 2, -Math.PI / 2);
    context.arc(start + length - radius, radius, radius, -Math.PI / 2, Math.PI / 2);
    context.closePath();
    context.fill();
}

/** A column for each value: where nothing is known, there is none. */
function drawLine({ context, width, height, isMirrored }: Area, shares: readonly (number | null)[]): void {
    const step = width / shares.length;
    const gap = Math.min(2, step / 4);
    for (const [index, share] of shares.entries()) {
        if (share === null) continue;
        const tall = Math.max(2, height * Math.min(1, share));
        const place = isMirrored ? shares.length - 1 - index : index;
        context.rectangle(place * step + gap / 2, height - tall, step - gap, tall);
    }
    context.fill();
}
