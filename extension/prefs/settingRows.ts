import Adw from 'gi://Adw';
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk';

import type { ServiceSettings } from '../remote/settingsWatch.js';

/** Sends a new value to the service, and reports a failure. */
export type SetValue = (setting: string, value: GLib.Variant) => void;

/** Milliseconds without a click on + or − after which the number is applied. */
const settling = 400;

/** A setting that is on or off. */
export class SettingSwitch {
    readonly row: Adw.SwitchRow;
    readonly #setting: string;
    #isSyncing = false;

    constructor(setting: string, texts: { title: string; subtitle: string }, set: SetValue) {
        this.row = new Adw.SwitchRow({ ...texts, use_markup: false });
        this.#setting = setting;
        this.row.connect('notify::active', () => {
            if (!this.#isSyncing) set(setting, new GLib.Variant('b', this.row.active));
        });
    }

    sync({ values }: ServiceSettings): void {
        this.#isSyncing = true;
        this.row.active = values[this.#setting] === true;
        this.#isSyncing = false;
    }
}

/** A setting that is a whole number. A button of GTK's, because an AdwSpinRow is invisible to screen readers. */
export class SettingNumber {
    readonly row: Adw.ActionRow;
    readonly #button: Gtk.SpinButton;
    readonly #setting: string;
    #isSyncing = false;
    #pending = 0;

    constructor(
        setting: string,
        texts: { title: string; subtitle: string },
        { least, most }: { least: number; most: number },
        set: SetValue,
    ) {
        this.#button = Gtk.SpinButton.new_with_range(least, most, 1);
        this.#button.valign = Gtk.Align.CENTER;
        this.#button.update_property([Gtk.AccessibleProperty.LABEL], [texts.title]);
        this.row = new Adw.ActionRow({ ...texts, use_markup: false, activatable_widget: this.#button });
        this.row.add_suffix(this.#button);
        this.#setting = setting;
        this.#button.connect('value-changed', () => {
            if (this.#isSyncing) return;
            this.release();
            this.#pending = GLib.timeout_add(GLib.PRIORITY_DEFAULT, settling, () => {
                this.#pending = 0;
                set(setting, new GLib.Variant('u', this.#button.get_value_as_int()));
                return GLib.SOURCE_REMOVE;
            });
        });
    }

    /** Keep a value that the user is changing. */
    sync({ values }: ServiceSettings): void {
        const value = values[this.#setting];
        if (this.#pending !== 0 || typeof value !== 'number') return;
        this.#isSyncing = true;
        this.#button.value = value;
        this.#isSyncing = false;
    }

    release(): void {
        if (this.#pending !== 0) GLib.source_remove(this.#pending);
        this.#pending = 0;
    }
}

/** A text setting, applied with Enter or the button beside it. */
export class SettingText {
    readonly row: Adw.EntryRow;
    readonly #setting: string;
    #synced = '';

    constructor(setting: string, title: string, set: SetValue) {
        this.row = new Adw.EntryRow({ title, use_markup: false, show_apply_button: true });
        this.#setting = setting;
        this.row.connect('apply', () => {
            this.row.text = this.row.text.trim();
            set(setting, new GLib.Variant('s', this.row.text));
        });
    }

    /** Keep text that the user is typing. */
    sync({ values }: ServiceSettings): void {
        const value = values[this.#setting];
        const { text } = this.row;
        if (typeof value !== 'string' || (text !== this.#synced && text !== value)) return;
        this.#synced = value;
        if (text !== value) this.row.text = value;
    }
}
