import Clutter from 'gi://Clutter';
import type Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import Pango from 'gi://Pango';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Snapshot } from '../remote/client.js';
import { timeText } from './when.js';
import { column, iconButton, label, setText } from './widgets.js';

export type StatusActions = {
    togglePause: () => void;
    begin: () => void;
    showHistory: () => void;
    openPreferences: () => void;
};

/** Longer ones, such as why no GPU is used, are shown in a line until they are asked for. */
const longestStatus = 90;

/** What Reeve is doing and what answers questions, with their switches. */
export class StatusLine extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #status = label('', 'reeve-caption reeve-dim');
    readonly #words: St.Button;
    readonly #begin: St.Button;
    readonly #history: St.Button;
    readonly #pause: St.Button;

    /** @param conversations icon of the earlier ones */
    constructor(actions: StatusActions, conversations: Gio.Icon) {
        super({ style_class: 'reeve-status-line', x_expand: true });
        const headerButton = (iconName: string, name: string, onClicked: () => void) =>
            iconButton(iconName, name, 'icon-button reeve-header-button', onClicked);
        this.#words = new St.Button({
            child: column('', new St.Label({ text: _('Reeve'), style_class: 'reeve-title' }), this.#status),
            style_class: 'reeve-flat reeve-status',
            toggle_mode: true,
            x_expand: true,
            y_align: Clutter.ActorAlign.CENTER,
        });
        this.#words.connect('notify::checked', () => {
            this.#fold();
        });
        this.#begin = headerButton('list-add-symbolic', _('New conversation'), actions.begin);
        this.#history = headerButton('', _('Earlier conversations'), actions.showHistory);
        this.#history.set_child(new St.Icon({ gicon: conversations }));
        this.#history.toggle_mode = true;
        this.#pause = headerButton('media-playback-pause-symbolic', '', actions.togglePause);
        const preferences = headerButton('applications-system-symbolic', _('Preferences'), actions.openPreferences);
        for (const child of [this.#words, this.#begin, this.#history, this.#pause, preferences]) this.add_child(child);
    }

    sync({ link, manager }: Snapshot, hasConversation: boolean): void {
        const text = statusText(link, manager);
        setText(this.#status, text);
        this.#words.accessible_name = `${_('Reeve')}. ${text}`;
        const isLong = text.length > longestStatus;
        this.#words.set({ reactive: isLong, can_focus: isLong });
        this.#fold();
        const isPaused = manager?.state === 'paused';
        this.#pause.visible = manager !== null;
        this.#pause.icon_name = isPaused ? 'media-playback-start-symbolic' : 'media-playback-pause-symbolic';
        this.#pause.accessible_name = isPaused ? _('Resume') : _('Pause');
        this.#begin.visible = hasConversation;
        this.#history.visible = manager !== null;
    }

    set showsHistory(shown: boolean) {
        this.#history.checked = shown;
    }

    #fold(): void {
        const isFolded = this.#words.can_focus && !this.#words.checked;
        this.#status.clutter_text.set({
            line_wrap: !isFolded,
            ellipsize: isFolded ? Pango.EllipsizeMode.END : Pango.EllipsizeMode.NONE,
        });
    }
}

function statusText(link: Snapshot['link'], manager: Snapshot['manager']): string {
    if (manager === null) return link === 'absent' ? _('Not running') : _('Starting…');
    const { state, pausedSince, answerer } = manager;
    const states = {
        starting: _('Starting…'),
        watching: _('Watching'),
        degraded: _('Watching, with limits'),
        paused: _('Paused since {time}', { time: timeText(pausedSince) }),
    };
    return state === 'paused' || answerer === '' ? states[state] : `${states[state]} · ${answerer}`;
}
