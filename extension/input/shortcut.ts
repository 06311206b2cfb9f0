import type Gio from 'gi://Gio';
import Meta from 'gi://Meta';
import Shell from 'gi://Shell';
import { EventEmitter } from 'resource:///org/gnome/shell/misc/signals.js';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';

import { chooseKey } from './accelerator.js';
import type { KeyChoice } from './accelerator.js';
import { KeyClaims } from './claims.js';

const settingsKeys = { wanted: 'toggle-chat', fallback: 'toggle-chat-fallback' } as const;

/**
 * The key that opens and closes the quick chat. It is bound to a free accelerator, and bound again whenever that
 * changes: with two owners of a key, mutter would leave it to chance who gets it.
 *
 * Emits `changed` when the accelerator changes or is lost. Listeners disconnect themselves: they may live longer.
 */
export class Shortcut extends EventEmitter<{ changed: [] }> {
    readonly #settings: Gio.Settings;
    readonly #claims = new KeyClaims();
    readonly #onPressed: () => void;
    readonly #settingsHandler: number;
    #choice: KeyChoice = { bind: 'none', accelerator: null, claimedBy: [] };

    constructor(settings: Gio.Settings, onPressed: () => void) {
        super();
        this.#settings = settings;
        this.#onPressed = onPressed;
        const rebind = () => {
            this.#rebind();
        };
        this.#settingsHandler = settings.connect('changed', rebind);
        this.#claims.onChanged(rebind);
        this.#rebind();
    }

    get choice(): KeyChoice {
        return this.#choice;
    }

    destroy(): void {
        this.#settings.disconnect(this.#settingsHandler);
        this.#claims.destroy();
        this.#unbind();
    }

    #rebind(): void {
        const wanted = this.#settings.get_strv(settingsKeys.wanted);
        const fallback = this.#settings.get_strv(settingsKeys.fallback);
        const choice = chooseKey(wanted, fallback, this.#claims.read());
        if (choice.bind !== this.#choice.bind) {
            this.#unbind();
            this.#choice = choice;
            this.#bind();
        }
        this.#choice = choice;
        this.emit('changed');
    }

    #bind(): void {
        if (this.#choice.bind === 'none') return;
        Main.wm.addKeybinding(
            settingsKeys[this.#choice.bind],
            this.#settings,
            Meta.KeyBindingFlags.IGNORE_AUTOREPEAT,
            Shell.ActionMode.NORMAL | Shell.ActionMode.OVERVIEW | Shell.ActionMode.POPUP,
            this.#onPressed,
        );
    }

    #unbind(): void {
        if (this.#choice.bind !== 'none') Main.wm.removeKeybinding(settingsKeys[this.#choice.bind]);
    }
}
