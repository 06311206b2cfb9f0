import Gdk from 'gi://Gdk';
import Gio from 'gi://Gio';
import Gtk from 'gi://Gtk';

import { wasDismissed } from '../ask.js';
import { _ } from '../i18n.js';

/** Lets the user choose a model file. Resolves with null when they change their mind. */
export function chooseModelFile(parent: Gtk.Widget): Promise<Gio.File | null> {
    const models = new Gtk.FileFilter({ name: _('Language models (GGUF)') });
    models.add_suffix('gguf');
    const filters = new Gio.ListStore({ item_type: Gtk.FileFilter.$gtype });
    filters.append(models);
    const dialog = new Gtk.FileDialog({ title: _('Import a model'), accept_label: _('Import'), filters });
    const root = parent.get_root();
    return new Promise((resolve, reject) => {
        dialog.open(root instanceof Gtk.Window ? root : null, null, (_dialog, result) => {
            try {
                resolve(dialog.open_finish(result));
            } catch (error) {
                if (wasDismissed(error)) resolve(null);
                else reject(error instanceof Error ? error : new Error(String(error)));
            }
        });
    });
}

/** Takes files that are dropped onto a widget. */
export function takeDroppedFiles(widget: Gtk.Widget, take: (files: Gio.File[]) => void): void {
    const target = Gtk.DropTarget.new(Gdk.FileList.$gtype, Gdk.DragAction.COPY);
    target.connect('drop', (_target, value) => {
        take((value as Gdk.FileList).get_files());
        return true;
    });
    widget.add_controller(target);
}
