import Adw from 'gi://Adw';
import GObject from 'gi://GObject';

import type { Manager } from '../remote/model.js';
import { _ } from './i18n.js';
import { messageOf } from '../core/errors.js';

/** The switch that pauses and resumes all watching. */
export class WatchingGroup extends Adw.PreferencesGroup {
    static {
        GObject.registerClass(this);
    }

    readonly #row = new Adw.SwitchRow({
        title: _('Watch this computer'),
        use_markup: false,
    });
    #isSyncing = false;

    /** @param setPaused rejects when the service refuses or is absent */
    constructor(setPaused: (paused: boolean) => Promise<void>) {
        super({ title: _('Watching') });
        this.add(this.#row);
        this.#row.connect('notify::active', () => {
            if (this.#isSyncing) return;
            setPaused(!this.#row.active).catch((error: unknown) => {
                this.#row.subtitle = messageOf(error);
            });
        });
        this.sync(null);
    }

    sync(manager: Manager | null): void {
        this.#isSyncing = true;
        this.#row.sensitive = manager !== null;
        this.#row.active = manager !== null && manager.state !== 'paused';
        this.#row.subtitle = subtitle(manager);
        this.#isSyncing = false;
    }
}

function subtitle(manager: Manager | null): string {
    if (manager === null) return _('Reeve’s service is not running.');
    if (manager.state === 'paused') return _('Paused: Reeve watches and answers nothing.');
    return _('When off, Reeve watches and answers nothing until you turn it on again.');
}
