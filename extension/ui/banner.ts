import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { button, column, label, row } from './widgets.js';

export type BannerContent = {
    iconName: string;
    title: string;
    text: string;
    actions: readonly { label: string; isDefault?: boolean; activate: () => void }[];
};

/** A notice for the user, with its remedies. */
class Banner extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    constructor({ iconName, title, text, actions }: BannerContent) {
        super({ style_class: 'message reeve-card reeve-banner', x_expand: true, reactive: true });
        this.add_child(
            new St.Icon({
                icon_name: iconName,
                style_class: 'popup-menu-icon reeve-banner-icon',
                y_align: Clutter.ActorAlign.START,
            }),
        );
        const words = column('reeve-banner-words', label(title, 'reeve-heading'));
        if (text !== '') words.add_child(label(text, ''));
        if (actions.length > 0) {
            const buttons = actions.map(action =>
                button(action.label, action.isDefault ? 'default' : 'raised', action.activate),
            );
            words.add_child(row('reeve-buttons', ...buttons));
        }
        this.add_child(words);
    }
}

/** Banners one below the other; they are rebuilt only when one has changed. */
export class Banners extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    #drawn = '';

    constructor() {
        super({
            orientation: Clutter.Orientation.VERTICAL,
            style_class: 'reeve-cards',
            x_expand: true,
            visible: false,
        });
    }

    sync(contents: readonly BannerContent[]): void {
        const key = contents.length === 0 ? '' : JSON.stringify(contents);
        if (key === this.#drawn) return;
        this.#drawn = key;
        this.destroy_all_children();
        for (const content of contents) this.add_child(new Banner(content));
        this.visible = contents.length > 0;
    }
}
