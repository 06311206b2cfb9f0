import type Gio from 'gi://Gio';

/** How often each is shown. */
const times = { introduction: 1, 'shortcut-offer': 5 } as const;

export type Hint = keyof typeof times;

/** What is said at first, and leaves by itself when it has been seen often enough. */
export class Hints {
    readonly #settings: Gio.Settings;

    constructor(settings: Gio.Settings) {
        this.#settings = settings;
    }

    isWanted(hint: Hint): boolean {
        return this.#settings.get_int(`${hint}-shown`) < times[hint];
    }

    /** Counts one that was shown, until it is no longer wanted. */
    shown(hint: Hint): void {
        if (this.isWanted(hint)) this.#settings.set_int(`${hint}-shown`, this.#settings.get_int(`${hint}-shown`) + 1);
    }
}
