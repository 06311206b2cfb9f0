import Adw from 'gi://Adw';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk';

import type { Attempt, Models } from '../../remote/models.js';
import type { Finished } from '../../remote/propertiesWatch.js';
import { reasonOf, showProblem } from '../ask.js';
import { asWidget } from '../asWidget.js';
import { _ } from '../i18n.js';
import { rowButton, textRow } from '../rows.js';
import { acceleratorName, joined, memoryText, placeText } from './texts.js';

export type ComputingActions = { tryAccelerators: () => Promise<Finished>; unload: () => Promise<void> };

/** What answers now, which accelerator runs it and why, and the outcome of each probe. */
export class ComputingGroup extends Adw.PreferencesGroup {
    static {
        GObject.registerClass(this);
    }

    readonly #actions: ComputingActions;
    readonly #answerer = textRow('', '');
    readonly #place = textRow('', '');
    readonly #tried = new Adw.ExpanderRow({ title: _('Tested'), use_markup: false });
    readonly #spinner = new Adw.Spinner({ visible: false });
    readonly #tryAgain: Gtk.Button;
    readonly #freeMemory: Gtk.Button;
    #attempts: Adw.ActionRow[] = [];
    #drawn = '';

    constructor(actions: ComputingActions) {
        super({ title: _('Answers come from') });
        this.#actions = actions;
        this.#freeMemory = rowButton(_('Free memory'), _('Free memory'), () => {
            this.#unload().catch((error: unknown) => {
                showProblem(asWidget(this), _('The memory could not be freed'), error);
            });
        });
        this.#answerer.add_suffix(this.#freeMemory);
        this.#tryAgain = rowButton(_('Try again'), _('Test again which hardware it can use'), () => {
            this.#try().catch((error: unknown) => {
                this.#place.subtitle = reasonOf(error);
            });
        });
        this.#place.add_suffix(asWidget(this.#spinner));
        this.#place.add_suffix(this.#tryAgain);
        for (const row of [this.#answerer, this.#place, this.#tried]) this.add(row);
    }

    sync({ installed, quick, computing }: Models): void {
        const shown = installed.find(({ id }) => id === (computing.loaded || quick));
        this.#freeMemory.visible = computing.loaded !== '';
        if (shown !== undefined) {
            this.#answerer.title = shown.name;
            this.#answerer.subtitle =
                computing.loaded === '' ? _('Loaded with the next question') : memoryText(computing);
        } else if (computing.accelerator === 'remote') {
            this.#answerer.title = _('A server answers');
            this.#answerer.subtitle = computing.device;
        } else {
            this.#answerer.title = _('Built-in answers only');
            this.#answerer.subtitle = _(
                'With a language model, Reeve can answer more than its built-in answers cover.',
            );
        }
        this.#tryAgain.label = computing.accelerator === '' ? _('Test') : _('Try again');
        this.#place.title = placeText(computing);
        this.#place.subtitle = computing.why;
        this.#place.visible = shown !== undefined || computing.accelerator !== '';
        const drawn = JSON.stringify(computing.tried);
        if (drawn === this.#drawn) return;
        this.#drawn = drawn;
        this.#tried.visible = computing.tried.length > 0;
        for (const row of this.#attempts) this.#tried.remove(asWidget(row));
        this.#attempts = computing.tried.map(attemptRow);
        for (const row of this.#attempts) this.#tried.add_row(asWidget(row));
    }

    async #try(): Promise<void> {
        this.#setTrying(true);
        try {
            const { outcome, message } = await this.#actions.tryAccelerators();
            if (outcome === 'failed') this.#place.subtitle = message;
        } finally {
            this.#setTrying(false);
        }
    }

    async #unload(): Promise<void> {
        this.#freeMemory.sensitive = false;
        try {
            await this.#actions.unload();
        } finally {
            this.#freeMemory.sensitive = true;
        }
    }

    #setTrying(isTrying: boolean): void {
        this.#spinner.visible = isTrying;
        this.#tryAgain.sensitive = !isTrying;
    }
}

function attemptRow({ accelerator, works, device, detail }: Attempt): Adw.ActionRow {
    const row = textRow(acceleratorName(accelerator), joined(device, detail));
    row.add_suffix(new Gtk.Label({ label: works ? _('Works') : _('Not used'), css_classes: ['dim-label'] }));
    return row;
}
