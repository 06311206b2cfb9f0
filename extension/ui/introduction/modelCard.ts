import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { messageOf } from '../../core/errors.js';
import { _, ngettext } from '../../core/i18n.js';
import type { CatalogueModel, Models, Survey, Transfer } from '../../remote/models.js';
import type { ModelsWatch } from '../../remote/modelsWatch.js';
import { suitableModels } from '../../state/introduction.js';
import { sizeText } from '../../text/size.js';
import { ButtonRow } from '../buttonRow.js';
import { announce, button, column, label, row, setText, showText } from '../widgets.js';
import { plainCard } from './card.js';

export type ModelContext = {
    watchModels: (onChanged: (models: Models | null) => void) => ModelsWatch;
    openPreferences: () => void;
};

/** The hardware, what would fit it and how fast that would be, and a download for who wants one. */
export class ModelCard extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #watch: ModelsWatch;
    readonly #hardware = label(_('Checking this computer…'), '');
    readonly #list = column('reeve-introduction-list');
    readonly #failure = label('', 'reeve-warning');
    readonly #rows: ModelRow[] = [];
    #models: Models | null = null;
    #isDestroyed = false;

    constructor({ watchModels, openPreferences }: ModelContext) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-cards', x_expand: true });
        this.#failure.hide();
        this.#watch = watchModels(models => {
            this.#models = models;
            if (models !== null) for (const each of this.#rows) each.sync(models);
        });
        const none = _('Reeve needs none. With one, it also answers questions that its built-in answers do not know.');
        const more = row('reeve-buttons', button(_('More in Preferences'), 'raised', openPreferences));
        this.add_child(plainCard(label(none, ''), this.#hardware, this.#list, this.#failure, more));
        this.connect('destroy', () => {
            this.#isDestroyed = true;
            this.#watch.destroy();
        });
        Promise.all([this.#watch.survey(), this.#watch.catalogue()]).then(
            ([survey, catalogue]) => {
                if (!this.#isDestroyed) this.#show(survey, catalogue);
            },
            (error: unknown) => {
                if (!this.#isDestroyed) showText(this.#failure, messageOf(error));
            },
        );
    }

    #show(survey: Survey, catalogue: readonly CatalogueModel[]): void {
        setText(this.#hardware, hardwareText(survey));
        if (survey.missingPackage !== '') {
            const values = { package: survey.missingPackage };
            this.#list.add_child(
                label(_('To run models on the graphics card, install the package {package}.', values), ''),
            );
        }
        const suitable = suitableModels(catalogue);
        if (suitable.length === 0) this.#list.add_child(label(_('No model in the catalogue fits this computer.'), ''));
        for (const model of suitable) {
            const line = new ModelRow(model, this.#watch);
            this.#rows.push(line);
            this.#list.add_child(line);
            if (this.#models !== null) line.sync(this.#models);
        }
        if (this.mapped) announce(this, this.#hardware.text);
    }
}

function hardwareText({ memory, cores, gpus: [gpu] }: Survey): string {
    const values = {
        memory: sizeText(memory),
        cores: ngettext('{count} processor core', '{count} processor cores', cores),
    };
    return gpu === undefined
        ? _('This computer has {memory} of memory and {cores}.', values)
        : _('This computer has {memory} of memory, {cores}, and {graphics}.', { ...values, graphics: gpu });
}

/** One model: what it is, and the button for it. The service reports the progress of any download, also of one begun elsewhere. */
class ModelRow extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #model: CatalogueModel;
    readonly #watch: ModelsWatch;
    readonly #progress = label('', '');
    readonly #failure = label('', 'reeve-warning');
    readonly #buttons = new ButtonRow();
    #isDestroyed = false;

    constructor(model: CatalogueModel, watch: ModelsWatch) {
        super({
            orientation: Clutter.Orientation.VERTICAL,
            style_class: 'reeve-inset reeve-introduction-model',
            x_expand: true,
        });
        this.#model = model;
        this.#watch = watch;
        const { name, size, repository, licence, reason, fast } = model;
        const speed = fast
            ? _('It answers about as fast as people read.')
            : _('It answers more slowly than people read.');
        const facts = [
            _('{size} from {address}', { size: sizeText(size), address: `huggingface.co/${repository}` }),
            _('Licence: {licence}', { licence }),
        ];
        for (const child of [
            label(name, 'reeve-heading'),
            label(`${reason} ${speed}`, ''),
            label(facts.join('\n'), 'reeve-caption reeve-dim'),
            this.#progress,
            this.#failure,
            this.#buttons,
        ])
            this.add_child(child);
        this.#failure.hide();
        this.connect('destroy', () => {
            this.#isDestroyed = true;
        });
        this.sync({ installed: [], transfers: [] });
    }

    sync({ installed, transfers }: Pick<Models, 'installed' | 'transfers'>): void {
        const { id, name } = this.#model;
        const own = transfers.find(transfer => transfer.id === id && transfer.running);
        const isInstalled = this.#model.installed || installed.some(model => model.id === id);
        showText(this.#progress, own !== undefined ? progressText(own) : isInstalled ? _('Installed') : '');
        const cancel = {
            key: 'cancel',
            text: _('Cancel'),
            kind: 'raised',
            onClicked: () => {
                this.#report(this.#watch.cancel(id));
            },
        } as const;
        const download = {
            key: 'download',
            text: _('Download {name}', { name }),
            kind: 'raised',
            onClicked: () => {
                this.#failure.hide();
                this.#report(
                    this.#watch.download(id, false).then(({ outcome, message }) => {
                        if (outcome === 'failed') throw new Error(message);
                    }),
                );
            },
        } as const;
        // One model at a time.
        const isBusy = transfers.some(({ running }) => running);
        this.#buttons.sync(own !== undefined ? [cancel] : isInstalled || isBusy ? [] : [download]);
    }

    #report(promise: Promise<void>): void {
        promise.catch((error: unknown) => {
            if (this.#isDestroyed) return;
            showText(this.#failure, messageOf(error));
            announce(this, this.#failure.text);
        });
    }
}

function progressText({ received, total, step }: Transfer): string {
    const values = { received: sizeText(received), total: sizeText(total) };
    return total === 0 ? step : [step, _('{received} of {total}', values)].filter(part => part !== '').join(' · ');
}
