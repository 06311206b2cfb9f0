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

/** Which key opens Reeve, what stands in its way, and the way there and back. */
export class ShortcutGroup extends Adw.PreferencesGroup {
    static {
        GObject.registerClass(this);
    }

    readonly #settings: Gio.Settings;
    readonly #claims = new KeyClaims();
    readonly #handler: number;
    readonly #wantedLabel = new Gtk.Label({ css_classes: ['dim-label'] });
    readonly #wantedRow: Adw.ActionRow;
    readonly #takeRow: Adw.ActionRow;
    readonly #restoreRow: Adw.ActionRow;
    readonly #takeButton = new Gtk.Button({ valign: Gtk.Align.CENTER, css_classes: ['suggested-action'] });

    constructor(settings: Gio.Settings) {
        super({ title: _('Shortcut') });
        this.#settings = settings;
        this.#wantedRow = actionRow(_('Open or close Reeve'), this.#wantedLabel);
        this.#wantedRow.activatable = true;
        this.#wantedRow.connect('activated', () => {
            askForShortcut(asWidget(this), accelerator => {
                settings.set_strv('toggle-chat', accelerator === null ? [] : [accelerator]);
            });
        });
        this.#takeButton.connect('clicked', () => {
            takeOver(settings);
        });
        this.#takeRow = actionRow('', this.#takeButton);
        const restoreButton = new Gtk.Button({ label: _('Restore'), valign: Gtk.Align.CENTER });
        restoreButton.connect('clicked', () => {
            restore(settings);
        });
        this.#restoreRow = actionRow(_('Keys taken from other functions'), restoreButton);
        this.#restoreRow.subtitle = _('Restore gives them back.');
        for (const row of [this.#wantedRow, this.#takeRow, this.#restoreRow]) this.add(row);

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
        this.#wantedLabel.label = key === '' ? _('None') : acceleratorLabel(key);
        const purpose = [...new Set(claimedBy.map(claimPurpose))].join(', ');
        const instead =
            accelerator === null
                ? _('Until then nothing opens Reeve from the keyboard.')
                : _('Until then it is {keys}.', { keys: acceleratorLabel(accelerator) });
        const exchange = switchesInputSources()
            ? _('If Reeve takes it, {keys} does that instead.', { keys: acceleratorLabel(fallback[0] ?? '') })
            : '';
        this.#takeRow.visible = claimedBy.length > 0;
        this.#takeRow.title = _('{keys} is in use: {purpose}', { keys: acceleratorLabel(key), purpose });
        this.#takeRow.subtitle = `${instead} ${exchange}`.trim();
        this.#takeButton.label = _('Use {keys}', { keys: acceleratorLabel(key) });
        this.#restoreRow.visible = canRestore(this.#settings);
    }
}

function actionRow(title: string, suffix: Gtk.Widget): Adw.ActionRow {
    // What other programs call their keys is text, and stays text.
    const row = new Adw.ActionRow({ title, use_markup: false });
    row.add_suffix(suffix);
    return row;
}
