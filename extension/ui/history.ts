import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Client } from '../remote/client.js';
import type { PastConversation, PastExchange } from '../remote/model.js';
import type { Conversation } from '../state/conversation.js';
import { FadedScroll } from './fadedScroll.js';
import { timeText } from './when.js';
import { button, column, hasKeyFocus, iconButton, label, row } from './widgets.js';
import { messageOf } from '../core/errors.js';

/** Beyond this, people search instead of browsing. */
const mostShown = 50;

export type HistoryContext = {
    client: Client;
    conversation: Conversation;
    /** Goes on with a conversation. */
    open: (id: number, exchanges: readonly PastExchange[]) => void;
};

/** The stored conversations: to search, continue and delete. */
export class History extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: HistoryContext;
    readonly #search: St.Entry;
    readonly #list = column('reeve-history-list');
    /** Counts the questions to the service, of which only the last one's answer is shown. */
    #asked = 0;

    constructor(context: HistoryContext) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-history', x_expand: true });
        this.#context = context;
        this.#search = new St.Entry({
            can_focus: true,
            x_expand: true,
            style_class: 'reeve-entry',
            hint_text: _('Search conversations'),
            accessible_name: _('Search conversations'),
        });
        this.#search.clutter_text.connect('text-changed', () => {
            this.#load();
        });
        const scroll = new FadedScroll(column('reeve-content', this.#list));
        this.add_child(row('reeve-entry-row', this.#search));
        this.add_child(scroll);
        const focusHandler = global.stage.connect('notify::key-focus', () => {
            const focus = global.stage.get_key_focus();
            if (focus !== null && this.mapped && focus !== this.#list && this.#list.contains(focus))
                scroll.keepInView(focus);
        });
        context.client.connectObject(
            'conversations-changed',
            () => {
                if (this.visible) this.#load();
            },
            this,
        );
        this.connect('destroy', () => {
            global.stage.disconnect(focusHandler);
            this.#asked += 1;
        });
        this.hide();
    }

    opened(): void {
        if (this.#search.text === '') this.#load();
        else this.#search.text = '';
        this.#search.grab_key_focus();
    }

    takeFocus(): void {
        this.#search.grab_key_focus();
    }

    #load(): void {
        const words = this.#search.text.trim();
        this.#whenAnswered(this.#context.client.conversations(words, mostShown), conversations => {
            this.#show(conversations, words);
        });
    }

    #show(conversations: readonly PastConversation[], words: string): void {
        const rows = conversations.map(conversation => new HistoryRow(conversation, this.#actions));
        if (rows.length === 0) this.#fill(label(this.#emptyText(words), 'reeve-welcome reeve-dim'));
        else if (rows.length < mostShown) this.#fill(...rows);
        else this.#fill(...rows, label(_('Search for older conversations.'), 'reeve-caption reeve-dim'));
    }

    readonly #actions: HistoryActions = {
        open: ({ id }) => {
            this.#whenAnswered(this.#context.client.conversation(id), exchanges => {
                this.#context.open(id, exchanges);
            });
        },
        delete: ({ id }) => {
            const { client, conversation } = this.#context;
            const deleted = client.deleteConversation(id);
            this.#whenAnswered(deleted, () => {
                this.#load();
            });
            // Also when the list has been requested again meanwhile; a failure is shown there.
            deleted.then(
                () => {
                    if (conversation.id === id) conversation.begin();
                },
                () => undefined,
            );
        },
    };

    #emptyText(words: string): string {
        if (words !== '') return _('No conversation contains these words.');
        return this.#context.conversation.isKept === false
            ? _('Conversations are not saved. Each question has no context and is forgotten when you log out.')
            : _('Your conversations are saved on this computer and listed here.');
    }

    /** Shows the service's answer to the latest request, or why there is none. */
    #whenAnswered<Answer>(promise: Promise<Answer>, show: (answer: Answer) => void): void {
        this.#asked += 1;
        const asked = this.#asked;
        promise.then(
            answer => {
                if (asked === this.#asked) show(answer);
            },
            (error: unknown) => {
                if (asked !== this.#asked) return;
                const reason = messageOf(error);
                this.#fill(
                    label(reason || _('The service is not responding.'), 'reeve-warning'),
                    row(
                        'reeve-buttons',
                        button(_('Try again'), 'raised', () => {
                            this.#load();
                        }),
                    ),
                );
            },
        );
    }

    #fill(...children: Clutter.Actor[]): void {
        const hadFocus = hasKeyFocus(this.#list);
        this.#list.destroy_all_children();
        for (const child of children) this.#list.add_child(child);
        if (hadFocus) this.takeFocus();
    }
}

type HistoryActions = { open: (of: PastConversation) => void; delete: (of: PastConversation) => void };

class HistoryRow extends St.Bin {
    static {
        GObject.registerClass(this);
    }

    readonly #conversation: PastConversation;
    readonly #actions: HistoryActions;

    constructor(conversation: PastConversation, actions: HistoryActions) {
        super({ x_expand: true });
        this.#conversation = conversation;
        this.#actions = actions;
        this.#offer();
    }

    #offer(): void {
        const { title, changed } = this.#conversation;
        const open = new St.Button({
            child: column('', label(title, ''), label(timeText(changed), 'reeve-caption reeve-dim')),
            accessible_name: `${title}. ${timeText(changed)}`,
            style_class: 'reeve-flat reeve-history-open',
            can_focus: true,
            x_expand: true,
        });
        open.connect('clicked', () => {
            this.#actions.open(this.#conversation);
        });
        const remove = iconButton(
            'user-trash-symbolic',
            _('Delete: {conversation}', { conversation: title }),
            'reeve-flat reeve-small-button',
            () => {
                this.#confirm();
            },
        );
        this.set_child(row('reeve-history-row', open, remove));
    }

    #confirm(): void {
        const { title } = this.#conversation;
        const keep = button(_('Keep'), 'raised', () => {
            this.#offer();
            this.navigate_focus(null, St.DirectionType.TAB_FORWARD, false);
        });
        const remove = button(_('Delete'), 'raised', () => {
            this.#actions.delete(this.#conversation);
        });
        this.set_child(
            column(
                'reeve-confirmation reeve-inset',
                label(_('Permanently delete “{conversation}”?', { conversation: title }), ''),
                row('reeve-buttons', remove, keep),
            ),
        );
        keep.grab_key_focus();
    }
}
