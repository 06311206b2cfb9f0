import type Gio from 'gi://Gio';

import type { KeyChoice } from './accelerator.js';
import type { Shortcut } from './shortcut.js';
import { switchesInputSources, takeOver } from './takeover.js';

/** The first-run question whether to take Super+Space, and the facts behind the choice. */
export class ShortcutOffer {
    readonly #settings: Gio.Settings;
    readonly #shortcut: Shortcut;

    constructor(settings: Gio.Settings, shortcut: Shortcut) {
        this.#settings = settings;
        this.#shortcut = shortcut;
    }

    get choice(): KeyChoice {
        return this.#shortcut.choice;
    }

    get isAnswered(): boolean {
        return this.#settings.get_boolean('shortcut-offer-answered');
    }

    /** What is wanted, and what opens the chat while that is taken; input sources get the latter in exchange. */
    get keys(): { wanted: string; fallback: string } {
        const [wanted = ''] = this.#settings.get_strv('toggle-chat');
        const [fallback = ''] = this.#settings.get_strv('toggle-chat-fallback');
        return { wanted, fallback };
    }

    get switchesInputSources(): boolean {
        return switchesInputSources();
    }

    accept(): void {
        takeOver(this.#settings);
    }

    decline(): void {
        this.#settings.set_boolean('shortcut-offer-answered', true);
    }
}
