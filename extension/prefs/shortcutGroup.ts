import Adw from 'gi://Adw';
import type Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk';

import { acceleratorLabel, chooseKey } from '../input/accelerator.js';
import { claimPurpose, KeyClaims } from '../input/claims.js';
import { canRestore, restore, switchesInputSources, takeOver } from '../input/takeover.js';
import { _ } from './i18n.js';
import { asWidget } from './asWidget.js';
import { askForShortcut } from './shortcutDialog.js';

/** The key that opens Reeve, conflicts with it, and the buttons to solve and restore them. */
export class ShortcutGroup extends Adw.PreferencesGroup {
    static {
        GObject.registerClass(this);
    }

    readonly #settings: Gio.Settings;
    readonly #claims = new KeyClaims();
    readonly #handler: number;
    /** What opens Reeve now, which is not what was chosen where that is in use. */
    readonly #keysLabel = new Gtk.Label({ css_classes: ['dim-label'] });
    // What other programs call their keys is text, and stays text.
    readonly #inUse = new Adw.ActionRow({ use_markup: false });
    // A row of its own: beside it, in large text, the button would leave no room for the words.
    readonly #take = new Adw.ButtonRow({ use_markup: false });
    readonly #taken = new Adw.ActionRow({
        title: _('Shortcuts taken from other functions'),
        subtitle: _('Restore returns them.'),
    });
    readonly #restore = new Adw.ButtonRow({ title: _('Restore') });

    constructor(settings: Gio.Settings) {
        super({ title: _('Shortcut') });
        this.#settings = settings;
        const wantedRow = new Adw.ActionRow({ title: _('Open or close Reeve'), activatable: true });
        wantedRow.add_suffix(this.#keysLabel);
        wantedRow.connect('activated', () => {
            askForShortcut(asWidget(this), accelerator => {
                settings.set_strv('toggle-chat', accelerator === null ? [] : [accelerator]);
            });
        });
        this.#take.add_css_class('suggested-action');
        this.#take.connect('activated', () => {
            takeOver(settings);
        });
        this.#restore.connect('activated', () => {
            restore(settings);
        });
        for (const row of [wantedRow, this.#inUse, this.#take, this.#taken, this.#restore]) this.add(row);

        const sync = () => {
            this.#sync();
        };
        this.#handler = settings.connect('changed', sync);
        this.#claims.onChanged(sync);
        this.#sync();
    }

    release(): void {
        this.#settings.disconnect(this.#handler);
        this.#claims.destroy();
    }

    #sync(): void {
        const wanted = this.#settings.get_strv('toggle-chat');
        const fallback = this.#settings.get_strv('toggle-chat-fallback');
        const { accelerator, claimedBy } = chooseKey(wanted, fallback, this.#claims.read());
        const [key = ''] = wanted;
        this.#keysLabel.label = accelerator === null ? _('None') : acceleratorLabel(accelerator);
        const purpose = [...new Set(claimedBy.map(claimPurpose))].join(', ');
        const instead =
            accelerator === null
                ? _('Until then, no shortcut opens Reeve.')
                : _('Until then, it is {keys}.', { keys: acceleratorLabel(accelerator) });
        const exchange = switchesInputSources()
            ? _('If Reeve takes this shortcut, {keys} does that instead.', {
                  keys: acceleratorLabel(fallback[0] ?? ''),
              })
            : '';
        for (const row of [this.#inUse, this.#take]) row.visible = claimedBy.length > 0;
        this.#inUse.title = _('{keys} is in use: {purpose}', { keys: acceleratorLabel(key), purpose });
        this.#inUse.subtitle = `${instead} ${exchange}`.trim();
        this.#take.title = _('Use {keys}', { keys: acceleratorLabel(key) });
        for (const row of [this.#taken, this.#restore]) row.visible = canRestore(this.#settings);
    }
}
