import Adw from 'gi://Adw';
import Gtk from 'gi://Gtk';

/** Text from the service or from files is plain, and stays plain. */
export function textRow(title: string, subtitle: string): Adw.ActionRow {
    return new Adw.ActionRow({ title, subtitle, use_markup: false, subtitle_selectable: true });
}

/** A value with its name, to be read and copied. */
export function propertyRow(title: string, value: string): Adw.ActionRow {
    return new Adw.ActionRow({
        title,
        subtitle: value,
        use_markup: false,
        subtitle_selectable: true,
        css_classes: ['property'],
    });
}

/** Rows that belong together, under a title. */
export function group(title: string, rows: Adw.PreferencesRow[]): Adw.PreferencesGroup {
    const result = new Adw.PreferencesGroup({ title });
    for (const row of rows) result.add(row);
    return result;
}

/**
 * A button at the end of a row.
 * @param name what a screen reader calls it, where several buttons have the same label
 */
export function rowButton(label: string, name: string, clicked: () => void): Gtk.Button {
    const button = new Gtk.Button({ label, valign: Gtk.Align.CENTER });
    // Else the visible label is the name.
    button.reset_relation(Gtk.AccessibleRelation.LABELLED_BY);
    button.update_property([Gtk.AccessibleProperty.LABEL], [name]);
    button.connect('clicked', clicked);
    return button;
}
