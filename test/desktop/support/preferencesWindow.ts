// The preferences' window, worked as a screen reader and a keyboard do.
import type { Desktop } from '../desktop.ts';
import { until } from '../waiting.ts';

const application = 'org.gnome.Shell.Extensions';
/** Milliseconds: the focus goes through a long page. */
const wayTimeout = 90_000;

export class PreferencesWindow {
    readonly #desktop: Desktop;

    constructor(desktop: Desktop) {
        this.#desktop = desktop;
    }

    /** Clicks on what has this name. */
    async work(name: string): Promise<void> {
        await until(`${name} can be worked`, () => this.#desktop.work(application, name));
    }

    async names(): Promise<string[]> {
        return this.#desktop.accessibleNames(application);
    }

    async untilShown(...texts: (string | RegExp)[]): Promise<void> {
        await until(`${texts.join(', ')} is shown`, async () => {
            const names = await this.names();
            return texts.every(text => names.some(name => (text instanceof RegExp ? text.test(name) : name === text)));
        });
    }

    /** The name of what has the focus; empty when nothing has. */
    async focused(): Promise<string> {
        return this.#desktop.accessibleFocus(application);
    }

    /** Presses a key that moves the focus. The signals of the focus come a moment after it has moved. */
    async move(key: string): Promise<string> {
        const before = await this.focused();
        await this.#desktop.key(key);
        return until(`${key} has moved the focus`, async () => {
            const now = await this.focused();
            return now !== before && now;
        });
    }

    /** Presses a key until the focus is on what has this name. */
    async moveTo(name: string, key: string): Promise<void> {
        const deadline = performance.now() + wayTimeout;
        for (let place = await this.focused(); place !== name; place = await this.move(key)) {
            if (performance.now() > deadline) throw new Error(`${key} does not lead to ${name}, but to ${place}`);
        }
    }
}
