import St from 'gi://St';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';

/** Space between an actor and its tooltip. */
const distance = 6;

/** Shows a text about an actor while that is pointed at or has the focus. */
export class Tooltip {
    readonly #actor: St.Widget;
    readonly #makeLabel: () => St.Label;
    #label: St.Label | null = null;

    constructor(actor: St.Widget, makeLabel: () => St.Label) {
        this.#actor = actor;
        this.#makeLabel = makeLabel;
        const sync = () => {
            this.#sync();
        };
        for (const signal of ['notify::hover', 'key-focus-in', 'key-focus-out', 'notify::mapped'])
            actor.connect(signal, sync);
        // What it opens may lie below it.
        const hide = () => {
            this.hide();
        };
        actor.connect('destroy', hide);
        if (actor instanceof St.Button) actor.connect('clicked', hide);
    }

    #sync(): void {
        const isWanted = this.#actor.mapped && (this.#actor.hover || this.#actor.has_key_focus());
        if (!isWanted) this.hide();
        else if (this.#label === null) this.#show();
    }

    #show(): void {
        // The look is the Shell's own, which it gives the names of what is in the dash.
        const label = this.#makeLabel();
        label.add_style_class_name('dash-label reeve-tooltip');
        this.#label = label;
        Main.layoutManager.uiGroup.add_child(label);
        // What has got the focus is scrolled into view, frame by frame.
        const handler = global.stage.connect('after-paint', () => {
            this.#place(label);
        });
        label.connect('destroy', () => {
            global.stage.disconnect(handler);
        });
        this.#place(label);
    }

    #place(label: St.Label): void {
        const { layoutManager } = Main;
        const monitor = layoutManager.findMonitorForActor(this.#actor) ?? layoutManager.primaryMonitor;
        if (!monitor) return;
        const extents = this.#actor.get_transformed_extents();
        const { width, height } = label;
        const middle = extents.get_x() + (extents.get_width() - width) / 2;
        const below = extents.get_y() + extents.get_height() + distance;
        const isAbove = below + height > monitor.y + monitor.height;
        const x = Math.round(Math.max(monitor.x, Math.min(middle, monitor.x + monitor.width - width)));
        const y = Math.round(isAbove ? extents.get_y() - height - distance : below);
        if (label.x !== x || label.y !== y) label.set_position(x, y);
    }

    hide(): void {
        this.#label?.destroy();
        this.#label = null;
    }
}
