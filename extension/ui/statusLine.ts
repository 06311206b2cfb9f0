import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Snapshot } from '../remote/client.js';
import { timeText } from './when.js';
import { column, iconButton, label, setText } from './widgets.js';

export type StatusActions = {
    togglePause: () => void;
    clear: () => void;
    openPreferences: () => void;
};

/** What Reeve is doing and what answers questions, with the switches for it. */
export class StatusLine extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #status = label('', 'reeve-caption reeve-dim');
    readonly #clear: St.Button;
    readonly #pause: St.Button;

    constructor(actions: StatusActions) {
        super({ style_class: 'reeve-status-line', x_expand: true });
        this.#clear = iconButton(
            'edit-clear-all-symbolic',
            _('Clear the conversation'),
            'icon-button reeve-header-button',
            actions.clear,
        );
        this.#pause = iconButton(
            'media-playback-pause-symbolic',
            '',
            'icon-button reeve-header-button',
            actions.togglePause,
        );
        const preferences = iconButton(
            'applications-system-symbolic',
            _('Preferences'),
            'icon-button reeve-header-button',
            actions.openPreferences,
        );
        const words = column('', new St.Label({ text: _('Reeve'), style_class: 'reeve-title' }), this.#status);
        words.y_align = Clutter.ActorAlign.CENTER;
        for (const child of [words, this.#clear, this.#pause, preferences]) this.add_child(child);
    }

    sync({ link, manager }: Snapshot, hasConversation: boolean): void {
        setText(this.#status, statusText(link, manager));
        const isPaused = manager?.state === 'paused';
        this.#pause.visible = manager !== null;
        this.#pause.icon_name = isPaused ? 'media-playback-start-symbolic' : 'media-playback-pause-symbolic';
        this.#pause.accessible_name = isPaused ? _('Resume') : _('Pause');
        this.#clear.visible = hasConversation;
    }
}

function statusText(link: Snapshot['link'], manager: Snapshot['manager']): string {
    if (manager === null) return link === 'absent' ? _('Not running') : _('Starting…');
    const { state, pausedSince, answerer } = manager;
    const states = {
        starting: _('Starting…'),
        watching: _('Watching'),
        degraded: _('Watching, with gaps'),
        paused: _('Paused since {time}', { time: timeText(pausedSince) }),
    };
    return state === 'paused' || answerer === '' ? states[state] : `${states[state]} · ${answerer}`;
}
