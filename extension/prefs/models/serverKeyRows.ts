import Adw from 'gi://Adw';

import { reasonOf, showProblem } from '../ask.js';
import { asWidget } from '../asWidget.js';
import { _ } from '../i18n.js';
import { rowButton, textRow } from '../rows.js';

export type ServerKeyActions = {
    /** null where there is no keyring. */
    hasServerKey: () => Promise<boolean | null>;
    /** @param key empty to forget the one that is kept */
    setServerKey: (key: string) => Promise<void>;
};

/** The key of the server, which goes to the keyring and never comes back here. */
export class ServerKeyRows {
    readonly #actions: ServerKeyActions;
    readonly #entry = new Adw.PasswordEntryRow({ use_markup: false, show_apply_button: true });
    readonly #state = textRow('', '');
    #url = '';

    constructor(actions: ServerKeyActions) {
        this.#actions = actions;
        const forget = rowButton(_('Remove'), _('Remove the server key'), () => {
            this.#set('');
        });
        this.#state.add_suffix(forget);
        // Until a server is configured.
        for (const row of this.rows) row.visible = false;
        this.#entry.connect('apply', () => {
            if (this.#entry.text.trim() !== '') this.#set(this.#entry.text.trim());
        });
    }

    get rows(): Adw.PreferencesRow[] {
        return [this.#state, this.#entry];
    }

    /** @param url of the server; empty while none is configured */
    sync(url: string): void {
        if (url === this.#url) return;
        this.#url = url;
        this.#entry.visible = url !== '';
        this.#entry.text = '';
        this.#show(false);
        if (url !== '') this.#readState();
    }

    #readState(): void {
        this.#actions.hasServerKey().then(
            isKept => {
                this.#show(isKept);
            },
            (error: unknown) => {
                this.#entry.title = reasonOf(error);
            },
        );
    }

    #show(isKept: boolean | null): void {
        this.#state.title = _('The server key is stored in the keyring');
        this.#state.visible = isKept === true;
        this.#entry.sensitive = isKept !== null;
        this.#entry.title =
            isKept === null
                ? _('There is no keyring to store a key in')
                : isKept
                  ? _('New key')
                  : _('Key, if the server requires one');
    }

    #set(key: string): void {
        for (const row of this.rows) row.sensitive = false;
        this.#actions
            .setServerKey(key)
            .then(
                () => {
                    this.#entry.text = '';
                },
                (error: unknown) => {
                    showProblem(asWidget(this.#entry), _('The key was not changed'), error);
                },
            )
            .finally(() => {
                for (const row of this.rows) row.sensitive = true;
                this.#readState();
            });
    }
}
