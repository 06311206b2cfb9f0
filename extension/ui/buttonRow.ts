import GObject from 'gi://GObject';
import St from 'gi://St';

import { button } from './widgets.js';
import type { ButtonKind } from './widgets.js';

export type WantedButton = {
    /** Its purpose; buttons with the same key are the same button, with any label. */
    key: string;
    text: string;
    kind: ButtonKind;
    onClicked: () => void;
};

/** Buttons that follow the state. One that stays is not rebuilt: the user may be clicking it. */
export class ButtonRow extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #drawn = new Map<string, { wanted: WantedButton; actor: St.Button }>();

    constructor() {
        super({ style_class: 'reeve-buttons', x_expand: true });
    }

    sync(buttons: readonly WantedButton[]): void {
        for (const [key, { wanted, actor }] of this.#drawn) {
            if (buttons.some(other => other.key === key && other.kind === wanted.kind)) continue;
            actor.destroy();
            this.#drawn.delete(key);
        }
        for (const [index, wanted] of buttons.entries()) {
            const drawn = this.#drawn.get(wanted.key);
            if (drawn !== undefined) {
                drawn.wanted = wanted;
                if (drawn.actor.label !== wanted.text) drawn.actor.label = wanted.text;
                continue;
            }
            const actor = button(wanted.text, wanted.kind, () => {
                this.#drawn.get(wanted.key)?.wanted.onClicked();
            });
            this.#drawn.set(wanted.key, { wanted, actor });
            this.insert_child_at_index(actor, index);
        }
        this.visible = buttons.length > 0;
    }
}
