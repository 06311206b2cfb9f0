import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import type { Severity } from '../remote/model.js';
import { column, label, row, setText, severityIcons, showText } from './widgets.js';

/** The line of a card that says what it is about, and that expands it. */
export class CardHeader extends St.Button {
    static {
        GObject.registerClass(this);
    }

    readonly #icon: St.Icon;
    readonly #title: St.Label;
    readonly #subtitle: St.Label;
    readonly #arrow: St.Icon;

    constructor(onToggled: () => void) {
        const icon = new St.Icon({ y_align: Clutter.ActorAlign.START });
        const title = label('', 'reeve-heading');
        const subtitle = label('', 'reeve-caption reeve-dim');
        const arrow = new St.Icon({
            icon_name: 'pan-down-symbolic',
            style_class: 'popup-menu-icon',
            y_align: Clutter.ActorAlign.START,
        });
        super({
            child: row('reeve-card-header', icon, column('', title, subtitle), arrow),
            style_class: 'reeve-flat reeve-card-button',
            toggle_mode: true,
            can_focus: true,
            x_expand: true,
        });
        this.#icon = icon;
        this.#title = title;
        this.#subtitle = subtitle;
        this.#arrow = arrow;
        this.connect('notify::checked', () => {
            this.#arrow.icon_name = this.checked ? 'pan-up-symbolic' : 'pan-down-symbolic';
            onToggled();
        });
    }

    /** What is over and has no more to it does not expand. */
    set canExpand(canExpand: boolean) {
        this.set({ reactive: canExpand, can_focus: canExpand });
        this.#arrow.visible = canExpand;
    }

    /** @param severity null for what is over */
    sync(severity: Severity | null, title: string, subtitle: string): void {
        setText(this.#title, title);
        showText(this.#subtitle, subtitle);
        this.accessible_name = subtitle === '' ? title : `${title}. ${subtitle}`;
        this.#icon.icon_name = severity === null ? 'object-select-symbolic' : severityIcons[severity];
        this.#icon.style_class = `reeve-severity ${severity ?? 'over'}`;
    }
}
