import Adw from 'gi://Adw';
import Gtk from 'gi://Gtk';

import type { CatalogueModel } from '../../remote/models.js';
import { confirm } from '../ask.js';
import { asWidget } from '../asWidget.js';
import { _ } from '../i18n.js';
import { rowButton, textRow } from '../rows.js';
import { downloadSize, joined } from './texts.js';

const rightToLeftMark = '\u200f';
/** What stands between them keeps its own order: a number stays before its unit. */
const [isolate, endOfIsolate] = ['\u2068', '\u2069'];

export type CatalogueActions = { download: (model: CatalogueModel, evenIfTooLarge: boolean) => void };

/** Well-known models: which suit this computer and why, which others would run, and which would not. */
export class Catalogue {
    readonly #actions: CatalogueActions;
    readonly #recommended = new Adw.PreferencesGroup({
        title: _('Recommended for this computer'),
        description: _('Nothing is downloaded without your consent. Models come from huggingface.co.'),
    });
    readonly #more = new Adw.PreferencesGroup();
    readonly #others = new Adw.ExpanderRow({ title: _('Also fits'), use_markup: false });
    readonly #misfits = new Adw.ExpanderRow({ title: _('Does not fit this computer'), use_markup: false });
    #buttons: Gtk.Button[] = [];
    #rows: { parent: Adw.PreferencesGroup | Adw.ExpanderRow; row: Adw.ActionRow }[] = [];
    #isBusy = false;

    constructor(actions: CatalogueActions) {
        this.#actions = actions;
        for (const row of [this.#others, this.#misfits]) this.#more.add(row);
        this.showText(_('Checking this computer…'), '');
    }

    get groups(): Adw.PreferencesGroup[] {
        return [this.#recommended, this.#more];
    }

    /** @param catalogue from the weakest to the strongest */
    show(catalogue: readonly CatalogueModel[]): void {
        this.#clear();
        for (const model of catalogue.filter(({ installed }) => !installed).reverse()) this.#place(model);
        if (!this.#has(this.#recommended)) {
            const isThere = catalogue.some(({ installed, roles }) => installed && roles.length > 0);
            const row = isThere
                ? textRow(_('The recommended models are installed'), '')
                : textRow(_('No model in the catalogue fits this computer'), _('You can import a smaller one.'));
            this.#add(this.#recommended, row);
        }
        for (const row of [this.#others, this.#misfits]) row.visible = this.#has(row);
        this.setBusy(this.#isBusy);
    }

    /** In place of the models. */
    showText(title: string, detail: string): void {
        this.#clear();
        this.#add(this.#recommended, textRow(title, detail));
        for (const row of [this.#others, this.#misfits]) row.visible = false;
    }

    /** One model at a time. */
    setBusy(isBusy: boolean): void {
        this.#isBusy = isBusy;
        for (const button of this.#buttons) button.sensitive = !isBusy;
    }

    #clear(): void {
        for (const { parent, row } of this.#rows)
            if (parent instanceof Adw.ExpanderRow) parent.remove(asWidget(row));
            else parent.remove(row);
        this.#rows = [];
        this.#buttons = [];
    }

    #has(parent: Adw.PreferencesGroup | Adw.ExpanderRow): boolean {
        return this.#rows.some(other => other.parent === parent);
    }

    #add(parent: Adw.PreferencesGroup | Adw.ExpanderRow, row: Adw.ActionRow): void {
        this.#rows.push({ parent, row });
        if (parent instanceof Adw.ExpanderRow) parent.add_row(asWidget(row));
        else parent.add(row);
    }

    #place(model: CatalogueModel): void {
        const fits = model.place !== 'none' && model.hasSpace;
        const parent = !fits ? this.#misfits : model.roles.length > 0 ? this.#recommended : this.#others;
        this.#add(parent, this.#modelRow(model, fits));
    }

    #modelRow(model: CatalogueModel, fits: boolean): Adw.ActionRow {
        const { name, roles, licence, reason } = model;
        const title = joined(name, roles.map(roleText).join(', '));
        // Each line would else begin on the side of its own first letter, and sizes and licences have Latin ones.
        const mark = Gtk.Widget.get_default_direction() === Gtk.TextDirection.RTL ? rightToLeftMark : '';
        const facts = `${isolate}${joined(downloadSize(model), licence)}${endOfIsolate}`;
        const row = textRow(title, `${mark}${facts}\n${mark}${reason}`);
        // Else each row would be two tab stops.
        row.subtitle_selectable = false;
        const action = fits ? _('Download…') : _('Download anyway…');
        const button = rowButton(action, _('Download {name}', { name }), () => {
            void this.#ask(model, fits);
        });
        this.#buttons.push(button);
        row.add_suffix(button);
        return row;
    }

    async #ask(model: CatalogueModel, fits: boolean): Promise<void> {
        const { name, licence, repository, reason } = model;
        const facts = [
            _('{size} from {address}', { size: downloadSize(model), address: `huggingface.co/${repository}` }),
            _('Licence: {licence}', { licence }),
            ...(fits ? [] : [reason]),
        ];
        const isWanted = await confirm(asWidget(this.#recommended), {
            heading: fits
                ? _('Download {name}?', { name })
                : _('Download {name} even though it does not fit?', { name }),
            body: facts.join('\n'),
            action: fits ? _('Download') : _('Download anyway'),
            destructive: !fits,
        });
        if (isWanted) this.#actions.download(model, !fits);
    }
}

function roleText(role: string): string {
    const texts: Record<string, string> = { quick: _('for quick questions'), hard: _('for hard questions') };
    return texts[role] ?? role;
}
