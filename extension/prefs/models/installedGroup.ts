import Adw from 'gi://Adw';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk';

import type { InstalledModel, Models, Role } from '../../remote/models.js';
import { sizeText } from '../../text/size.js';
import { confirm, showProblem } from '../ask.js';
import { asWidget } from '../asWidget.js';
import { _ } from '../i18n.js';
import { propertyRow, rowButton, textRow } from '../rows.js';
import { joined } from './texts.js';

export type InstalledActions = {
    use: (role: Role, id: string) => Promise<void>;
    remove: (id: string) => Promise<void>;
    /** Lets the user choose a file, and imports it. */
    chooseFile: () => void;
};

/** The models on this computer: the task and properties of each, and the buttons to add or remove one. */
export class InstalledGroup extends Adw.PreferencesGroup {
    static {
        GObject.registerClass(this);
    }

    readonly #actions: InstalledActions;
    readonly #none = textRow(_('No model is installed'), _('Download one below, or drop a GGUF file here.'));
    readonly #roles: RoleRow[];
    readonly #import = new Gtk.Button({
        label: _('Import…'),
        tooltip_text: _('Import a model from a GGUF file'),
        valign: Gtk.Align.CENTER,
        css_classes: ['flat'],
    });
    #rows: InstalledRow[] = [];
    #chosen: Record<Role, string> = { quick: '', hard: '' };

    constructor(actions: InstalledActions) {
        super({ title: _('Models on this computer') });
        this.#actions = actions;
        this.#import.connect('clicked', actions.chooseFile);
        this.set_header_suffix(this.#import);
        const use = (role: Role) => (id: string) => {
            this.#use(role, id).catch((error: unknown) => {
                showProblem(asWidget(this), _('Could not select the model'), error);
            });
        };
        this.#roles = [
            new RoleRow('quick', _('For quick questions'), use('quick')),
            new RoleRow('hard', _('For hard questions'), use('hard')),
        ];
        for (const row of [this.#none, ...this.#roles]) this.add(row);
    }

    sync(models: Models): void {
        const { installed, computing } = models;
        this.#none.visible = installed.length === 0;
        this.#chosen = { quick: models.quick, hard: models.hard };
        for (const row of this.#roles) row.sync(models);
        const ids = installed.map(({ id }) => id);
        if (ids.join(' ') !== this.#rows.map(({ model }) => model.id).join(' ')) this.#arrange(installed);
        for (const row of this.#rows) row.setLoaded(row.model.id === computing.loaded);
    }

    /** Rows that stay keep their expanded state. */
    #arrange(installed: readonly InstalledModel[]): void {
        const known = new Map(this.#rows.map(row => [row.title, row]));
        for (const row of this.#rows) this.remove(row);
        this.#rows = installed.map(
            model =>
                known.get(labelOf(model, installed)) ??
                new InstalledRow(model, labelOf(model, installed), () => {
                    this.#remove(model).catch((error: unknown) => {
                        showProblem(asWidget(this), _('{name} could not be removed', { name: model.name }), error);
                    });
                }),
        );
        for (const row of this.#rows) this.add(row);
    }

    /** Without a choice of its own, one kind of work follows the other; here each stays with what it shows. */
    async #use(role: Role, id: string): Promise<void> {
        const other = role === 'quick' ? 'hard' : 'quick';
        await this.#actions.use(other, this.#chosen[other]);
        await this.#actions.use(role, id);
    }

    async #remove({ id, name, size }: InstalledModel): Promise<void> {
        const isWanted = await confirm(asWidget(this), {
            heading: _('Remove {name}?', { name }),
            body: _('This frees {size} on the disk. To use the model again, you must download or import it again.', {
                size: sizeText(size),
            }),
            action: _('Remove'),
            destructive: true,
        });
        if (isWanted) await this.#actions.remove(id);
    }
}

/** Which model does one kind of work. */
class RoleRow extends Adw.ComboRow {
    static {
        GObject.registerClass(this);
    }

    readonly #role: Role;
    #ids: string[] = [];
    #names = '';
    #isSyncing = false;

    constructor(role: Role, title: string, use: (id: string) => void) {
        // Below the title there is room for long names.
        super({ title, use_markup: false, use_subtitle: true });
        this.#role = role;
        this.connect('notify::selected', () => {
            const id = this.#ids[this.selected];
            if (!this.#isSyncing && id !== undefined) use(id);
        });
    }

    sync(models: Models): void {
        const { installed } = models;
        this.#isSyncing = true;
        this.visible = installed.length > 0;
        this.#ids = installed.map(({ id }) => id);
        const names = installed.map(model => labelOf(model, installed));
        if (names.join('\n') !== this.#names) {
            this.#names = names.join('\n');
            this.model = Gtk.StringList.new(names);
        }
        const selected = this.#ids.indexOf(models[this.#role]);
        this.selected = selected === -1 ? Gtk.INVALID_LIST_POSITION : selected;
        this.#isSyncing = false;
    }
}

class InstalledRow extends Adw.ExpanderRow {
    static {
        GObject.registerClass(this);
    }

    readonly model: InstalledModel;
    readonly #loaded = new Gtk.Label({ label: _('In memory'), css_classes: ['dim-label'], visible: false });

    constructor(model: InstalledModel, label: string, remove: () => void) {
        super({
            title: label,
            subtitle: joined(sizeText(model.size), model.quantisation, model.licence),
            use_markup: false,
        });
        this.model = model;
        this.add_suffix(removeButton(label, remove));
        this.add_suffix(this.#loaded);
        const details = [
            [_('Source'), model.revision === '' ? model.origin : `${model.origin} (${model.revision.slice(0, 12)})`],
            [_('File'), model.path],
            [_('SHA-256'), model.sha256],
            [_('Context size'), model.context === 0 ? '' : _('{count} tokens', { count: model.context })],
            [_('Memory use'), _('about {size}', { size: sizeText(model.need) })],
        ] as const;
        for (const [name, value] of details) if (value !== '') this.add_row(asWidget(propertyRow(name, value)));
    }

    setLoaded(isLoaded: boolean): void {
        this.#loaded.visible = isLoaded;
    }
}

/** Two models may have the same name; ids differ. */
function labelOf({ id, name }: InstalledModel, installed: readonly InstalledModel[]): string {
    return installed.some(other => other.name === name && other.id !== id) ? `${name} (${id})` : name;
}

function removeButton(name: string, clicked: () => void): Gtk.Button {
    const button = rowButton('', _('Remove {name}', { name }), clicked);
    button.icon_name = 'user-trash-symbolic';
    button.tooltip_text = _('Remove {name}', { name });
    button.add_css_class('flat');
    return button;
}
