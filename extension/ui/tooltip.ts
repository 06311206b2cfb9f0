import type St from 'gi://St';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';

import { verbatim } from './widgets.js';

/** Air between an actor and what is told of it. */
const distance = 6;

/** Tells something of a button while that is pointed at or has the focus. Verbatim: it is read letter by letter. */
export class Tooltip {
    readonly #actor: St.Button;
    readonly #text: string;
    #label: St.Label | null = null;

    constructor(actor: St.Button, text: string) {
        this.#actor = actor;
        this.#text = text;
        const sync = () => {
            this.#sync();
        };
        for (const signal of ['notify::hover', 'key-focus-in', 'key-focus-out', 'notify::mapped'])
            actor.connect(signal, sync);
        actor.connect('destroy', () => {
            this.#hide();
        });
    }

    #sync(): void {
        const isWanted = this.#actor.mapped && (this.#actor.hover || this.#actor.has_key_focus());
        if (!isWanted) this.#hide();
        else if (this.#label === null) this.#show();
    }

    #show(): void {
        // The look is the Shell's own, which it gives the names of what is in the dash.
        this.#label = verbatim(this.#text);
        this.#label.add_style_class_name('dash-label reeve-tooltip');
        Main.layoutManager.uiGroup.add_child(this.#label);
        const monitor = Main.layoutManager.findMonitorForActor(this.#actor) ?? Main.layoutManager.primaryMonitor;
        const extents = this.#actor.get_transformed_extents();
        const { width, height } = this.#label;
        const [left, right] = [monitor?.x ?? 0, (monitor?.x ?? 0) + (monitor?.width ?? 0)];
        const below = extents.get_y() + extents.get_height() + distance;
        const isAbove = below + height > (monitor?.y ?? 0) + (monitor?.height ?? 0);
        const middle = extents.get_x() + (extents.get_width() - width) / 2;
        this.#label.set_position(
            Math.round(Math.max(left, Math.min(middle, right - width))),
            Math.round(isAbove ? extents.get_y() - height - distance : below),
        );
    }

    #hide(): void {
        this.#label?.destroy();
        this.#label = null;
    }
}
