import Adw from 'gi://Adw';
import Gdk from 'gi://Gdk';
import Gtk from 'gi://Gtk';

import { asWidget } from './asWidget.js';
import { _ } from './i18n.js';

/**
 * Asks for a key combination.
 * @param done called with the accelerator, or with null for no shortcut; not at all when the dialog is closed
 */
export function askForShortcut(parent: Gtk.Widget, done: (accelerator: string | null) => void): void {
    const page = new Adw.StatusPage({
        icon_name: 'preferences-desktop-keyboard-shortcuts-symbolic',
        title: _('Press the new shortcut'),
        description: _('Press Backspace to clear the shortcut, or Escape to keep it'),
        css_classes: ['compact'],
    });
    const toolbar = new Adw.ToolbarView({ content: asWidget(page) });
    toolbar.add_top_bar(asWidget(new Adw.HeaderBar({ show_title: false })));
    const dialog = new Adw.Dialog({
        title: _('Shortcut'),
        child: asWidget(toolbar),
        content_width: 420,
        content_height: 340,
    });
    // The Shell's own keys reach a window only while it has asked for that; the Shell asks the user.
    const surface = parent.get_root() instanceof Gtk.Native ? parent.get_native()?.get_surface() : null;
    const toplevel = surface instanceof Gdk.Toplevel ? surface : null;
    const controller = new Gtk.EventControllerKey({ propagation_phase: Gtk.PropagationPhase.CAPTURE });
    controller.connect('key-pressed', (_controller, keyval, keycode, state) => {
        const modifiers = state & Gtk.accelerator_get_default_mod_mask();
        if (modifiers === 0 && keyval === Gdk.KEY_Escape) {
            dialog.close();
        } else if (modifiers === 0 && keyval === Gdk.KEY_BackSpace) {
            done(null);
            dialog.close();
        } else if (isShortcut(keyval, modifiers)) {
            done(Gtk.accelerator_name_with_keycode(null, Gdk.keyval_to_lower(keyval), keycode, modifiers));
            dialog.close();
        }
        return Gdk.EVENT_STOP;
    });
    dialog.add_controller(controller);
    dialog.connect('map', () => {
        toplevel?.inhibit_system_shortcuts(null);
    });
    dialog.connect('closed', () => {
        toplevel?.restore_system_shortcuts();
    });
    dialog.present(parent);
}

/** A key that types a character needs a modifier that prevents that. */
function isShortcut(keyval: number, modifiers: Gdk.ModifierType): boolean {
    if (!Gtk.accelerator_valid(keyval, modifiers)) return false;
    const keepsFromTyping = Gdk.ModifierType.CONTROL_MASK | Gdk.ModifierType.ALT_MASK | Gdk.ModifierType.SUPER_MASK;
    const isFunctionKey = Gdk.keyval_to_unicode(keyval) === 0;
    return isFunctionKey || (modifiers & keepsFromTyping) !== 0;
}
