import type GObject from 'gi://GObject';
import Gtk from 'gi://Gtk';

/**
 * An Adwaita widget as what it is, a GTK widget. The latest published types of the two disagree about a virtual function
 * of GtkBuildable that nobody here touches.
 */
export function asWidget(widget: GObject.Object): Gtk.Widget {
    if (widget instanceof Gtk.Widget) return widget;
    throw new TypeError('Not a widget');
}
