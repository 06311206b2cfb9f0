import Clutter from 'gi://Clutter';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import { FadedScroll } from './fadedScroll.js';
import { Idle } from './idle.js';
import { button, focusText, hasKeyFocus, row } from './widgets.js';

/**
 * The buttons below a plan. Nobody decides on what they have not seen: until the change that the plan makes has been in sight,
 * the only button leads to it.
 */
export class PlanFooter extends St.Bin {
    static {
        GObject.registerClass(this);
    }

    readonly #change: St.Widget;
    #decision: (() => Clutter.Actor) | null = null;
    #scroll: FadedScroll | null = null;
    #isSeen = false;
    readonly #noticing = new Idle(this, GLib.PRIORITY_DEFAULT);

    /**
     * @param heading where the plan begins
     * @param change what has to be in sight
     * @param stays whether the buttons stay at the lower edge of what scrolls while the heading is above it
     */
    constructor(heading: St.Widget, change: St.Widget, stays: boolean) {
        // Reactive, so that a click beside its buttons reaches nothing below them.
        super({ style_class: 'reeve-plan-footer', x_expand: true, reactive: true });
        this.#change = change.visible ? change : heading;
        const leave = () => {
            this.#scroll?.unwatch(this);
            this.#scroll = null;
        };
        this.connect('destroy', leave);
        this.connect('notify::mapped', () => {
            leave();
            if (!this.mapped) return;
            let holder = this.get_parent();
            while (holder !== null && !(holder instanceof FadedScroll)) holder = holder.get_parent();
            this.#scroll = holder;
            const onSeen = () => {
                this.#notice();
            };
            holder?.watch(this, { heading, change: this.#change, stays, onSeen });
        });
    }

    /** @param decision makes the buttons, once they may be pressed */
    offer(decision: () => Clutter.Actor): void {
        this.#decision = decision;
        this.#draw();
    }

    /** Shows what does not depend on what has been seen. */
    replace(actor: Clutter.Actor): void {
        this.#decision = null;
        this.set_child(actor);
    }

    #draw(): void {
        if (this.#decision !== null) this.set_child(this.#isSeen ? this.#decision() : this.#guide());
    }

    /** It stands where no other button will: the second of two clicks on it decides nothing. */
    #guide(): Clutter.Actor {
        const guide = button(_('Show the change'), 'raised', () => {
            focusText(this.#change);
            this.#scroll?.readOn(this);
        });
        guide.set({ x_expand: true, x_align: Clutter.ActorAlign.END });
        return row('reeve-buttons', guide);
    }

    /** Later: it is called in the middle of a layout, which other buttons would change. */
    #notice(): void {
        if (this.#isSeen) return;
        this.#noticing.start(() => {
            this.#isSeen = true;
            const hadFocus = hasKeyFocus(this);
            this.#draw();
            if (hadFocus) focusText(this.#change);
            return false;
        });
    }
}
