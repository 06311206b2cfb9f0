import Adw from 'gi://Adw';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk';
import Pango from 'gi://Pango';

import type { Transfer } from '../../remote/models.js';
import { sizeText } from '../../text/size.js';
import { confirm, showProblem } from '../ask.js';
import { asWidget } from '../asWidget.js';
import { _ } from '../i18n.js';
import { rowButton, textRow } from '../rows.js';
import { progressText } from './texts.js';

export type TransferActions = {
    /** @param id empty for an import */
    cancel: (id: string) => Promise<void>;
    discard: (id: string) => Promise<void>;
    resume: (transfer: Transfer) => void;
};

/** Models being transferred, downloads that can be resumed, and failures with their reasons. */
export class TransfersGroup extends Adw.PreferencesGroup {
    static {
        GObject.registerClass(this);
    }

    readonly #actions: TransferActions;
    readonly #rows = new Map<string, TransferRow>();
    readonly #problems = new Map<string, Adw.ActionRow>();

    constructor(actions: TransferActions) {
        super({ title: _('In progress'), visible: false });
        this.#actions = actions;
    }

    sync(transfers: readonly Transfer[]): void {
        const present = new Set(transfers.map(keyOf));
        for (const [key, row] of this.#rows) {
            if (present.has(key)) continue;
            this.remove(row);
            this.#rows.delete(key);
        }
        for (const transfer of transfers) this.#rowFor(transfer).sync(transfer);
        this.#updateVisibility();
    }

    /** Stays until the user has seen it, or retries the model. */
    showProblem(name: string, title: string, reason: string): void {
        this.forgetProblem(name);
        const row = textRow(title, reason);
        const dismiss = rowButton('', _('Dismiss: {title}', { title }), () => {
            this.forgetProblem(name);
        });
        dismiss.icon_name = 'window-close-symbolic';
        dismiss.tooltip_text = _('Dismiss');
        dismiss.add_css_class('flat');
        row.add_prefix(new Gtk.Image({ icon_name: 'dialog-warning-symbolic', css_classes: ['warning'] }));
        row.add_suffix(dismiss);
        this.#problems.set(name, row);
        this.add(row);
        this.#updateVisibility();
    }

    forgetProblem(name: string): void {
        const row = this.#problems.get(name);
        if (row === undefined) return;
        this.remove(row);
        this.#problems.delete(name);
        this.#updateVisibility();
    }

    #rowFor(transfer: Transfer): TransferRow {
        const key = keyOf(transfer);
        const known = this.#rows.get(key);
        if (known !== undefined) return known;
        const row = new TransferRow(transfer, {
            cancel: () => {
                this.#actions.cancel(transfer.id).catch((error: unknown) => {
                    showProblem(asWidget(this), _('{name} could not be stopped', { name: transfer.name }), error);
                });
            },
            discard: () => {
                this.#discard(transfer).catch((error: unknown) => {
                    showProblem(asWidget(this), _('{name} could not be discarded', { name: transfer.name }), error);
                });
            },
            resume: () => {
                this.#actions.resume(transfer);
            },
        });
        this.#rows.set(key, row);
        this.add(row);
        return row;
    }

    async #discard({ id, name, received }: Transfer): Promise<void> {
        const isWanted = await confirm(asWidget(this), {
            heading: _('Discard the partial download of {name}?', { name }),
            body: _('{size} were downloaded and will be deleted.', { size: sizeText(received) }),
            action: _('Discard'),
            destructive: true,
        });
        if (isWanted) await this.#actions.discard(id);
    }

    #updateVisibility(): void {
        this.visible = this.#rows.size + this.#problems.size > 0;
    }
}

function keyOf({ kind, id, name }: Transfer): string {
    return `${kind} ${id} ${name}`;
}

/** With a bar below the text, which the rows of Adwaita have no place for. */
class TransferRow extends Adw.PreferencesRow {
    static {
        GObject.registerClass(this);
    }

    readonly #progress = new Gtk.ProgressBar();
    readonly #detail = label(['caption', 'dim-label']);
    readonly #cancel: Gtk.Button;
    readonly #resume: Gtk.Button;
    readonly #discard: Gtk.Button;
    readonly #rate = new Rate();

    constructor({ name }: Transfer, actions: { cancel: () => void; discard: () => void; resume: () => void }) {
        super({ title: name, use_markup: false, activatable: false });
        this.#cancel = rowButton(_('Cancel'), _('Cancel {name}', { name }), actions.cancel);
        this.#resume = rowButton(_('Resume'), _('Resume {name}', { name }), actions.resume);
        this.#discard = rowButton(_('Discard'), _('Discard {name}', { name }), actions.discard);
        const title = label([]);
        title.label = name;
        const texts = new Gtk.Box({
            orientation: Gtk.Orientation.VERTICAL,
            spacing: 6,
            hexpand: true,
            valign: Gtk.Align.CENTER,
        });
        for (const part of [title, this.#progress, this.#detail]) texts.append(part);
        this.#progress.update_property([Gtk.AccessibleProperty.LABEL], [name]);
        const box = new Gtk.Box({ spacing: 12, margin_top: 12, margin_bottom: 12, margin_start: 12, margin_end: 12 });
        for (const part of [texts, this.#resume, this.#discard, this.#cancel]) box.append(part);
        this.set_child(box);
    }

    sync(transfer: Transfer): void {
        const { received, total, running, kind } = transfer;
        const rate = this.#rate.update(running ? received : null);
        this.#cancel.visible = running;
        this.#resume.visible = !running && kind === 'download';
        this.#discard.visible = !running;
        this.#detail.label = progressText(transfer, rate);
        if (total > 0) this.#progress.fraction = Math.min(1, received / total);
        else if (running) this.#progress.pulse();
    }
}

function label(classes: string[]): Gtk.Label {
    return new Gtk.Label({
        xalign: 0,
        wrap: true,
        wrap_mode: Pango.WrapMode.WORD_CHAR,
        css_classes: classes,
    });
}

/** The rate of a transfer, smoothed over some ten announcements. */
class Rate {
    #last: { time: number; received: number } | null = null;
    #rate: number | null = null;

    /** @param received null while nothing comes. @returns bytes a second; null until two announcements came */
    update(received: number | null): number | null {
        const time = GLib.get_monotonic_time() / 1e6;
        const last = this.#last;
        this.#last = received === null ? null : { time, received };
        if (received === null || last === null || received < last.received) {
            this.#rate = null;
        } else if (time > last.time) {
            const now = (received - last.received) / (time - last.time);
            this.#rate = this.#rate === null ? now : this.#rate * 0.8 + now * 0.2;
        }
        return this.#rate;
    }
}
