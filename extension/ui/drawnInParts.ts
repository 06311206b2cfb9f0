import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';

/** Keeps an actor that finds its place by itself from being taken for moved. */
class Unmoved extends Clutter.Constraint {
    static {
        GObject.registerClass(this);
    }

    override vfunc_update_allocation(actor: Clutter.Actor, box: Clutter.ActorBox): void {
        // The getter of the box would bring about the layout that this is a part of; before the first one it is infinite.
        const { x1, y1 } = actor.allocation;
        if (Number.isFinite(x1) && Number.isFinite(y1)) box.set_origin(x1, y1);
    }
}

/**
 * Lets the Shell draw only those parts of a menu that have changed, where it would draw all of it for each letter that is
 * written and each piece of an answer, twice: 8 ms without a GPU. It would for two reasons.
 *
 * It draws a menu by way of a texture of its own (js/ui/boxpointer.js in GNOME/gnome-shell), and that always as a whole.
 * There is need for it only while the menu is transparent, as it opens and closes.
 *
 * And with each new layout, a menu is put at the top left of the screen and goes to its place from there, so that it has moved
 * and is drawn (clutter_actor_allocate() in clutter/clutter/clutter-actor.c of GNOME/mutter).
 *
 * @param menu the BoxPointer
 */
export function drawInParts(menu: Clutter.Actor): void {
    menu.offscreen_redirect = Clutter.OffscreenRedirect.AUTOMATIC_FOR_OPACITY;
    menu.add_constraint(new Unmoved());
    // When it does move, with its indicator, nothing else notices.
    menu.connect('notify::allocation', () => {
        menu.queue_redraw();
    });
}
