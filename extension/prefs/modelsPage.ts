import Adw from 'gi://Adw';
import type Gio from 'gi://Gio';
import GObject from 'gi://GObject';

import type { CatalogueModel, Models, Transfer } from '../remote/models.js';
import { ModelsWatch } from '../remote/modelsWatch.js';
import type { Finished } from '../remote/propertiesWatch.js';
import { reasonOf, showProblem } from './ask.js';
import { asWidget } from './asWidget.js';
import { _ } from './i18n.js';
import { Catalogue } from './models/catalogue.js';
import { chooseModelFile, takeDroppedFiles } from './models/chooseFile.js';
import { ComputingGroup } from './models/computingGroup.js';
import { InstalledGroup } from './models/installedGroup.js';
import { ServiceSettings } from './models/serviceSettings.js';
import { TransfersGroup } from './models/transfersGroup.js';

/**
 * Language models: what answers and why, which are installed, and how to get more. Makes no network request by itself.
 */
export class ModelsPage extends Adw.PreferencesPage {
    static {
        GObject.registerClass(this);
    }

    readonly #absent = new Adw.PreferencesGroup({ description: _('Reeve’s service is not running.') });
    readonly #watch: ModelsWatch;
    readonly #computing: ComputingGroup;
    readonly #transfers: TransfersGroup;
    readonly #installed: InstalledGroup;
    readonly #catalogue: Catalogue;
    readonly #settings: ServiceSettings;
    /** What the catalogue was last asked for: it depends on what is here. */
    #assessed = '';

    constructor(connection: Gio.DBusConnection) {
        super({ name: 'models', title: _('Models'), icon_name: 'chat-message-new-symbolic' });
        this.#watch = new ModelsWatch(connection, models => {
            this.#sync(models);
        });
        const watch = this.#watch;
        this.#computing = new ComputingGroup(watch);
        this.#transfers = new TransfersGroup({
            cancel: id => watch.cancel(id),
            discard: id => watch.remove(id),
            resume: ({ id, name }: Transfer) => {
                // It was agreed to when it began; the service still refuses what has no room.
                void this.#get(name, () => watch.download(id, true));
            },
        });
        this.#installed = new InstalledGroup({
            use: (role, id) => watch.use(role, id),
            remove: id => watch.remove(id),
            chooseFile: () => {
                this.#chooseFile().catch((error: unknown) => {
                    showProblem(asWidget(this), _('Could not choose a file'), error);
                });
            },
        });
        this.#catalogue = new Catalogue({
            download: ({ id, name }: CatalogueModel, evenIfTooLarge: boolean) => {
                void this.#get(name, () => watch.download(id, evenIfTooLarge));
            },
        });
        this.#settings = new ServiceSettings(connection, watch);
        for (const group of [this.#absent, ...this.#groups, ...this.#settings.groups]) this.add(group);
        takeDroppedFiles(asWidget(this), files => {
            for (const file of files) this.#import(file);
        });
        this.#sync(null);
    }

    release(): void {
        this.#settings.release();
        this.#watch.destroy();
    }

    get #groups(): Adw.PreferencesGroup[] {
        return [this.#computing, this.#transfers, this.#installed, ...this.#catalogue.groups];
    }

    #sync(models: Models | null): void {
        this.#absent.visible = models === null;
        for (const group of this.#groups) group.visible = models !== null;
        if (models === null) {
            this.#assessed = '';
            return;
        }
        this.#computing.sync(models);
        this.#transfers.sync(models.transfers);
        this.#installed.sync(models);
        this.#catalogue.setBusy(models.transfers.some(({ running }) => running));
        const assessed = JSON.stringify(models.installed.map(({ id }) => id));
        if (assessed === this.#assessed) return;
        this.#assessed = assessed;
        this.#assess().catch((error: unknown) => {
            this.#catalogue.showText(_('Could not check this computer'), reasonOf(error));
        });
    }

    async #assess(): Promise<void> {
        this.#catalogue.show(await this.#watch.catalogue());
    }

    async #chooseFile(): Promise<void> {
        const file = await chooseModelFile(asWidget(this));
        if (file !== null) this.#import(file);
    }

    #import(file: Gio.File): void {
        const name = file.get_basename() ?? '';
        const path = file.get_path();
        if (path === null) {
            const reason = _('The file is not on this computer. Copy it here first.');
            this.#transfers.showProblem(name, problemTitle(name), reason);
            return;
        }
        void this.#get(name, () => this.#watch.import(path));
    }

    /** Waits for a model, and reports a failure to get it. The service reports the progress, to everybody. */
    async #get(name: string, begin: () => Promise<Finished>): Promise<void> {
        this.#transfers.forgetProblem(name);
        try {
            const { outcome, message } = await begin();
            if (outcome === 'failed') this.#transfers.showProblem(name, problemTitle(name), message);
        } catch (error) {
            this.#transfers.showProblem(name, problemTitle(name), reasonOf(error));
        }
    }
}

function problemTitle(name: string): string {
    return _('Could not install {name}', { name });
}
