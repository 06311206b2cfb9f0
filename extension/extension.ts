import Gio from 'gi://Gio';
import { Extension } from 'resource:///org/gnome/shell/extensions/extension.js';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';
import type { PopupMenu } from 'resource:///org/gnome/shell/ui/popupMenu.js';

import { Lifetime } from './core/lifetime.js';
import { Shortcut } from './input/shortcut.js';
import { ShortcutOffer } from './input/shortcutOffer.js';
import { Client } from './remote/client.js';
import { ModelsWatch } from './remote/modelsWatch.js';
import { Conversation, emptyRecord } from './state/conversation.js';
import { Fixes } from './state/fixes.js';
import { JointFixes } from './state/jointFixes.js';
import { Hints } from './state/hints.js';
import { indicatorState } from './state/indicator.js';
import { Indicator } from './ui/indicator.js';
import { Notifier } from './ui/notifier.js';
import { QuickChat } from './ui/quickChat.js';
import { ownIcon } from './ui/widgets.js';

export default class ReeveExtension extends Extension {
    #lifetime: Lifetime | null = null;
    /** The conversation, as plain text: locking the screen disables the extension, and should not end it. */
    readonly #record = emptyRecord();

    override enable(): void {
        const lifetime = new Lifetime();
        try {
            this.#compose(lifetime);
        } catch (error) {
            lifetime.end();
            throw error;
        }
        this.#lifetime = lifetime;
    }

    override disable(): void {
        this.#lifetime?.end();
        this.#lifetime = null;
    }

    #compose(lifetime: Lifetime): void {
        const settings = this.getSettings();
        const client = lifetime.own(new Client(Gio.DBus.session));
        const conversation = new Conversation(client, this.#record);
        const fixes = new Fixes(client);
        const joint = new JointFixes(client, fixes);

        const indicator = lifetime.own(new Indicator(this.dir));
        const { menu } = indicator;
        const shortcut = lifetime.own(
            new Shortcut(settings, () => {
                indicator.toggleMenu();
                // From 51 on a menu that a key opens focuses its first item, last of all.
                if (menu.isOpen) chat.focusEntry();
            }),
        );
        const chat = new QuickChat({
            client,
            conversation,
            fixes,
            joint,
            offer: new ShortcutOffer(settings, shortcut),
            hints: new Hints(settings),
            conversationsIcon: ownIcon(this.dir, 'reeve-conversations'),
            watchModels: onChanged => new ModelsWatch(Gio.DBus.session, onChanged),
            openPreferences: () => {
                menu.close();
                this.openPreferences();
            },
        });
        menu.box.add_child(chat);
        Main.panel.addToStatusArea(this.uuid, indicator);
        // The panel's own handler takes the keyboard for the menu; connected after it, ours can give it to the entry.
        // The Shell never lets go of a button that was in its panel, nor of the menu; the chat is let go of with the handler.
        menu.connectObject(
            'open-state-changed',
            (_menu: PopupMenu, isOpen: boolean) => {
                if (isOpen) {
                    chat.opened();
                    notifier.withdrawAll();
                } else {
                    chat.closed();
                }
            },
            'menu-closed',
            () => {
                chat.hidden();
            },
            chat,
        );

        const syncIndicator = () => {
            indicator.keys = shortcut.choice.accelerator;
            const { link, manager } = client.snapshot;
            const isBusy = manager?.answering === true || conversation.isAnswering || fixes.isBusy;
            const { state: service = null, openIncidents = 0 } = manager ?? {};
            indicator.sync(indicatorState({ link, service, openIncidents, isBusy }));
        };
        client.connectObject('changed', syncIndicator, indicator);
        fixes.connectObject('changed', syncIndicator, indicator);
        conversation.connectObject('changed', syncIndicator, indicator);
        syncIndicator();

        const refreshChat = () => {
            syncIndicator();
            chat.refresh();
        };
        shortcut.connectObject('changed', refreshChat, chat);
        const notifier = lifetime.own(
            new Notifier({
                client,
                fixes,
                joint,
                icon: ownIcon(this.dir, 'reeve-idle'),
                isPopoverOpen: () => menu.isOpen,
                showIncident: path => {
                    indicator.openMenu();
                    chat.showIncident(path);
                },
            }),
        );
    }
}
