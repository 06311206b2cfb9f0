import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';

/**
 * Keeps a menu of the panel from reaching beyond the monitor, in every frame. The Shell says how high such a menu may
 * be only when it opens and closes, and by what the panel left of the screen until then (js/ui/panelMenu.js in
 * GNOME/gnome-shell): with larger texts the panel grows, and moves the menu down, before any signal.
 */
export class WithinMonitor extends Clutter.Constraint {
    static {
        GObject.registerClass(this);
    }

    override vfunc_update_allocation(_menu: Clutter.Actor, box: Clutter.ActorBox): void {
        const { primaryMonitor: monitor, panelBox } = Main.layoutManager;
        if (monitor === null) return;
        // Its height as it is may be from before this layout.
        const [, panelHeight] = panelBox.get_preferred_height(-1);
        box.set_size(box.get_width(), Math.min(box.get_height(), monitor.height - panelHeight));
    }
}
